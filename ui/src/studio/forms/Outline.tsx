import { useDraggable, useDroppable } from '@dnd-kit/core'
import { ChevronDown, ChevronRight, CircleAlert, Eye, EyeOff, Plus } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { cx, IconButton } from '@/shared/ui'
import { fieldKeys, outline, xField } from '../model/form'
import type { FormDef } from '../model/types'
import { TypeIcon } from '../pickers/TypeIcon'
import type { Selection } from './selection'
import s from './Designer.module.css'

type Props = {
  form: FormDef
  selection: Selection
  select: (s: Selection) => void
  /** Keys of fields and sections that have a problem. */
  wrong: ReadonlySet<string>
  onAddSection: () => void
}

/** The form as a list: sections with their fields, what is hidden, what is wrong. */
export function Outline({ form, selection, select, wrong, onAddSection }: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const toggle = (key: string) =>
    setClosed((c) => {
      const next = new Set(c)
      if (!next.delete(key)) next.add(key)
      return next
    })
  return (
    <nav className={s.outline} aria-label={t('outline.title')}>
      <header className={s.outlineHead}>
        <button
          type="button"
          className={cx(s.outlineTitle, selection.kind === 'form' && s.chosen)}
          onClick={() => select({ kind: 'form' })}
        >
          {t('outline.title')}
        </button>
        <span className={s.note}>{t('outline.fields', { count: fieldKeys(form).length })}</span>
        <IconButton size="small" label={t('section.add')} onClick={onAddSection}>
          <Plus size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </header>
      {outline(form).map((section) => {
        const folded = closed.has(section.key)
        const name = section.key === '' ? t('outline.rest') : text(section.section) || section.key
        const def = form.layout?.find((x) => x.key === section.key)
        return (
          <div key={section.key}>
            <div
              className={cx(
                s.outlineRow,
                s.outlineSection,
                selection.kind === 'section' && selection.key === section.key && s.chosen,
              )}
            >
              <button
                type="button"
                className={s.fold}
                aria-expanded={!folded}
                aria-label={t('outline.fold', { name })}
                onClick={() => toggle(section.key)}
              >
                {folded ? <ChevronRight size={16} aria-hidden /> : <ChevronDown size={16} aria-hidden />}
              </button>
              <button
                type="button"
                className={s.outlineName}
                disabled={section.key === ''}
                onClick={() => select({ kind: 'section', key: section.key })}
              >
                <span className="ellipsis">{name}</span>
              </button>
              {def?.visible && <Eye size={14} className={s.mark} role="img" aria-label={t('outline.conditional')} />}
            </div>
            {!folded && (
              <ul>
                {section.fields.map((key, index) => (
                  <Item
                    key={key}
                    form={form}
                    section={section.key}
                    index={index}
                    field={key}
                    chosen={selection.kind === 'field' && selection.key === key}
                    wrong={wrong.has(key)}
                    onSelect={() => select({ kind: 'field', key })}
                  />
                ))}
              </ul>
            )}
          </div>
        )
      })}
    </nav>
  )
}

type ItemProps = {
  form: FormDef
  section: string
  index: number
  field: string
  chosen: boolean
  wrong: boolean
  onSelect: () => void
}

function Item({ form, section, index, field, chosen, wrong, onSelect }: ItemProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const x = xField(form, field)
  const {
    setNodeRef: dragRef,
    listeners,
    isDragging,
  } = useDraggable({ id: `outline:${field}`, data: { field, from: { section, index } } })
  const { setNodeRef: dropRef } = useDroppable({
    id: `outline-drop:${field}`,
    data: { section, field, index, pane: 'outline' },
  })
  const row = useRef<HTMLLIElement | null>(null)
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <li
      ref={(el) => {
        row.current = el
        dropRef(el)
      }}
    >
      <button
        ref={dragRef}
        type="button"
        className={cx(
          s.outlineRow,
          s.outlineField,
          chosen && s.chosen,
          x?.hidden && s.hiddenField,
          isDragging && s.dragging,
        )}
        aria-current={chosen || undefined}
        onClick={onSelect}
        onPointerDown={listeners?.onPointerDown as React.PointerEventHandler | undefined}
      >
        <TypeIcon type={x?.type} />
        <span className="ellipsis">{text(x?.title) || field}</span>
        {x?.hidden && <EyeOff size={14} className={s.mark} role="img" aria-label={t('props.hidden')} />}
        {wrong && <CircleAlert size={14} className={cx(s.mark, s.bad)} role="img" aria-label={t('problems.one')} />}
      </button>
    </li>
  )
}
