import { CircleAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '../ui'
import s from './FieldRow.module.css'

type Props = {
  id?: string
  problems: { text: string; blocks: boolean }[]
  help: string
  was?: ReactNode
  wasEmpty: boolean
  undoLabel: string
  onUndo: () => void
  theirs?: ReactNode
  onTakeTheirs: () => void
  onKeepMine: () => void
}

/** What stands under a field: problems, help, the value before, and what somebody else made of it. */
export function Notes({
  id,
  problems,
  help,
  was,
  wasEmpty,
  undoLabel,
  onUndo,
  theirs,
  onTakeTheirs,
  onKeepMine,
}: Props) {
  const { t } = useTranslation('shared/widgets')
  return (
    <>
      {id && (
        <div id={id} className={s.notes}>
          {problems.map((p) => (
            <p key={p.text} className={cx(s.problem, !p.blocks && s.warning)}>
              {p.blocks ? (
                <CircleAlert size={14} strokeWidth={1.75} aria-hidden />
              ) : (
                <TriangleAlert size={14} strokeWidth={1.75} aria-hidden />
              )}
              <span>{p.text}</span>
            </p>
          ))}
          {help && <p className={s.help}>{help}</p>}
        </div>
      )}
      {was && (
        <div className={s.was}>
          <span>{t('original')}</span>
          <s className={s.old}>{wasEmpty ? t('originalNothing') : was}</s>
          <button
            type="button"
            className={s.undo}
            aria-label={undoLabel}
            onMouseDown={(e) => e.preventDefault()}
            onClick={onUndo}
          >
            {t('takeBack')}
          </button>
        </div>
      )}
      {theirs && (
        <div className={s.conflict} role="alert">
          <span>{t('conflict')}</span> <strong>{theirs}</strong>
          <button type="button" className={s.undo} onClick={onTakeTheirs}>
            {t('takeTheirs')}
          </button>
          <button type="button" className={s.undo} onClick={onKeepMine}>
            {t('keepMine')}
          </button>
        </div>
      )}
    </>
  )
}
