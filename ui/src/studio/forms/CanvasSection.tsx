import { useDraggable, useDroppable } from '@dnd-kit/core'
import { ArrowDown, ArrowUp, CircleAlert, Copy, Eye, EyeOff, Trash2 } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormState } from '@/shared/form'
import { useText, type Text } from '@/shared/i18n'
import type { FieldModel, FormModel } from '@/shared/schema'
import { cx, IconButton } from '@/shared/ui'
import { FieldRow, useWidget } from '@/shared/widgets'
import { xField } from '../model/form'
import type { FormDef, Section } from '../model/types'
import type { Frame } from './Canvas'
import type { Selection } from './selection'
import s from './Designer.module.css'

type Actions = { move: (by: -1 | 1) => void; duplicate: () => void; remove: () => void }

type Props = {
  def: Section | undefined
  section: { key: string; section: Text; fields: string[] }
  form: FormDef
  state: FormState
  model: FormModel
  frame: Frame
  selection: Selection
  select: (s: Selection) => void
  wrong: ReadonlyMap<string, string>
  target: number | undefined
  actions: Actions
}

/** A section in the form: its heading can be selected, its fields and the room behind them take what is dropped. */
export function CanvasSection({
  def,
  section,
  form,
  state,
  model,
  frame,
  selection,
  select,
  wrong,
  target,
  actions,
}: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { setNodeRef } = useDroppable({
    id: `section:${section.key}`,
    data: { section: section.key, index: section.fields.length, pane: 'canvas' },
  })
  const title = section.key === '' ? (form.layout?.length ? t('outline.rest') : '') : text(section.section)
  const chosen = selection.kind === 'section' && selection.key === section.key
  const heading = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (chosen) heading.current?.scrollIntoView({ block: 'center' })
  }, [chosen])
  const columns = frame === 'phone' ? 1 : Math.min(def?.columns ?? 1, 2)
  return (
    <section ref={setNodeRef} className={s.section}>
      {title && (
        <button
          ref={heading}
          type="button"
          className={cx(s.sectionTitle, chosen && s.sectionChosen)}
          disabled={section.key === ''}
          onClick={() => select({ kind: 'section', key: section.key })}
        >
          {title}
          {def?.visible && <Eye size={14} className={s.mark} role="img" aria-label={t('outline.conditional')} />}
        </button>
      )}
      <div className={cx(s.fields, columns === 2 && s.two)}>
        {section.fields.map((key, index) => {
          const field = model.field(key)
          if (!field) return null
          return (
            <CanvasField
              key={key}
              field={field}
              section={section.key}
              index={index}
              state={state}
              hidden={xField(form, key)?.hidden === true}
              chosen={selection.kind === 'field' && selection.key === key}
              wrong={wrong.get(key)}
              before={target === index}
              behind={target === index + 1 && index === section.fields.length - 1}
              select={() => select({ kind: 'field', key })}
              actions={actions}
            />
          )
        })}
      </div>
      {section.fields.length === 0 && (
        <div className={cx(s.emptySection, target !== undefined && s.emptyTarget)}>{t('canvas.dropHere')}</div>
      )}
    </section>
  )
}

type FieldProps = {
  field: FieldModel
  section: string
  index: number
  state: FormState
  hidden: boolean
  chosen: boolean
  wrong: string | undefined
  before: boolean
  behind: boolean
  select: () => void
  actions: Actions
}

function CanvasField({
  field,
  section,
  index,
  state,
  hidden,
  chosen,
  wrong,
  before,
  behind,
  select,
  actions,
}: FieldProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { wide } = useWidget(field)
  const {
    setNodeRef: dragRef,
    listeners,
    isDragging,
  } = useDraggable({ id: `canvas:${field.key}`, data: { field: field.key, from: { section, index } } })
  const { setNodeRef: dropRef } = useDroppable({
    id: `canvas-drop:${field.key}`,
    data: { section, field: field.key, index, pane: 'canvas' },
  })
  const name = text(field.title)
  const box = useRef<HTMLDivElement | null>(null)
  useEffect(() => {
    if (chosen) box.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const keys = (e: KeyboardEvent) => {
    if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
      e.preventDefault()
      select()
      actions.move(e.key === 'ArrowUp' ? -1 : 1)
    } else if (chosen && (e.key === 'Delete' || e.key === 'Backspace')) {
      e.preventDefault()
      actions.remove()
    } else if (chosen && (e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'd') {
      e.preventDefault()
      actions.duplicate()
    }
  }
  return (
    <div
      ref={(el) => {
        box.current = el
        dropRef(el)
      }}
      className={cx(
        s.field,
        wide && s.wide,
        chosen && s.fieldChosen,
        wrong && s.fieldWrong,
        hidden && s.fieldHidden,
        isDragging && s.dragging,
        before && s.before,
        behind && s.behind,
      )}
    >
      <div inert className={s.inside}>
        <FieldRow state={state} field={field} mode="edit" />
      </div>
      {(hidden || wrong) && (
        <p className={cx(s.fieldNote, wrong && s.bad)}>
          {wrong ? <CircleAlert size={14} aria-hidden /> : <EyeOff size={14} aria-hidden />}
          {wrong ?? t('canvas.hidden')}
        </p>
      )}
      <button
        ref={dragRef}
        type="button"
        className={s.cover}
        data-canvas-field={field.key}
        aria-label={t('canvas.select', { name })}
        aria-pressed={chosen}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete"
        onClick={select}
        onKeyDown={keys}
        onPointerDown={listeners?.onPointerDown as React.PointerEventHandler | undefined}
      />
      {chosen && (
        <div className={s.tools} role="toolbar" aria-label={t('canvas.tools', { name })}>
          <IconButton size="small" label={t('move.up')} onClick={() => actions.move(-1)}>
            <ArrowUp size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
          <IconButton size="small" label={t('move.down')} onClick={() => actions.move(1)}>
            <ArrowDown size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
          <IconButton size="small" label={t('duplicate')} onClick={actions.duplicate}>
            <Copy size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
          <IconButton size="small" label={t('remove.field')} onClick={actions.remove}>
            <Trash2 size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
        </div>
      )}
    </div>
  )
}
