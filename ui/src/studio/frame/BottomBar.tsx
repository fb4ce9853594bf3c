import { CircleAlert, CircleCheck, FilePen } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/shared/api'
import { Popover } from '@/shared/overlay'
import { useChanges, type Library } from '../context'
import type { Doc } from '../model/workbench'
import { Problems } from './Problems'
import s from './Frame.module.css'

type Props = {
  library: Library
  lint: { problems: Problem[]; checking: boolean }
  doc: Doc | undefined
  onRepair: (pointer: string) => void
  onChanges: () => void
}

/** How much is not published yet, and what would keep it from being published. */
export function BottomBar({ library, lint, doc, onRepair, onChanges }: Props) {
  const { t } = useTranslation('studio')
  const changes = useChanges(library)
  const [open, setOpen] = useState(false)
  const count = changes.reduce((n, c) => n + c.changes.length, 0)
  const refused = doc?.state === 'refused' ? (doc.error?.problems ?? []) : []
  const at = (p: Problem): Problem => ({ ...p, pointer: `/app/${doc?.kind}/${doc?.key}${p.pointer ?? ''}` })
  const problems = [...refused.map(at), ...lint.problems]
  const errors = problems.filter((p) => p.severity !== 'warning')
  const first = errors[0] ?? problems[0]
  return (
    <footer className={s.bar}>
      <div>
        <FilePen size={16} strokeWidth={1.75} aria-hidden />
        {count > 0 ? (
          <>
            <span>{t('bar.changes', { count })}</span>
            <button type="button" className={s.link} onClick={onChanges}>
              {t('bar.see')}
            </button>
          </>
        ) : (
          <span>{t('bar.unchanged')}</span>
        )}
      </div>
      <div role="status" className={errors.length > 0 ? s.bad : problems.length > 0 ? s.warn : s.good}>
        {first ? (
          <>
            <CircleAlert size={16} strokeWidth={1.75} aria-hidden />
            <span className="ellipsis">
              {t('bar.problems', { count: problems.length, first: first.message ?? first.code })}
            </span>
            {problems.length === 1 ? (
              <button type="button" className={s.link} onClick={() => onRepair(first.pointer ?? '')}>
                {t('problems.repair')}
              </button>
            ) : (
              <Popover
                open={open}
                onOpenChange={setOpen}
                align="end"
                label={t('problems.title')}
                trigger={
                  <button type="button" className={s.link}>
                    {t('problems.all')}
                  </button>
                }
              >
                <div className={s.pop}>
                  <Problems
                    problems={problems}
                    library={library}
                    onRepair={(p) => {
                      setOpen(false)
                      onRepair(p)
                    }}
                  />
                </div>
              </Popover>
            )}
          </>
        ) : (
          <>
            <CircleCheck size={16} strokeWidth={1.75} aria-hidden />
            <span>{lint.checking ? t('bar.checking') : t('bar.fine')}</span>
          </>
        )}
      </div>
    </footer>
  )
}
