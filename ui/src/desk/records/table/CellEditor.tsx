import { useRef, useState, type KeyboardEvent } from 'react'
import { ApiError, type FormEntry, type RecordDocument } from '@/shared/api'
import { useProblemText } from '@/shared/form'
import { coerce, formModel, same, type FieldModel } from '@/shared/schema'
import { toast, toastError } from '@/shared/ui'
import { useWidget } from '@/shared/widgets'
import { readRecord } from '../data/ask'
import type { Env } from '../data/env'
import { titleOf } from '../data/env'
import type { Labels, Row } from '../data/feed'
import { patchRecord } from '../data/writes'
import type { ListField } from '../model/fields'
import s from './CellEditor.module.css'

type Props = {
  entry: FormEntry
  row: Row
  field: ListField
  model: FieldModel
  env: Env
  userName: (id: string) => string
  onSaved: (record: RecordDocument, labels?: Labels) => void
  onClose: () => void
}

const group = new Set(['table', 'file', 'image', 'longtext', 'multiselect'])

/** Whether a field can be edited in a cell: short values that the caller may write. Stages are moved, not written. */
export function editable(entry: FormEntry, f: ListField): FieldModel | undefined {
  const m = f.model
  if (!m || !m.writable || m.stage || group.has(m.type) || !entry.actions.includes('update')) return undefined
  return formModel(entry).field(m.key)
}

/** One value, edited where it stands: Enter and leaving save, Esc does not. What the server refuses is said here. */
export function CellEditor({ entry, row, field, model, env, userName, onSaved, onClose }: Props) {
  const { Edit } = useWidget(model)
  const say = useProblemText()
  const before = row.record.data[model.key]
  const [raw, setRaw] = useState<unknown>(before)
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const left = useRef(false)
  const box = useRef<HTMLDivElement>(null)
  const read = coerce(model, raw, { zone: env.fmt.reader.zone })
  const label = titleOf(field, env)

  async function save(to = read) {
    if (busy || left.current) return
    const problem = to.problems[0]
    if (problem) return setWrong(say({ ...problem, pointer: problem.pointer }))
    if (same(to.value, before)) return close()
    setBusy(true)
    try {
      const record = await patchRecord(entry.form, row.id, row.record.rev, { [model.key]: to.value ?? null })
      // an answer to a write names nobody: ask for the name of who or what was picked
      const picked = model.type === 'user' || model.type === 'department' || model.type === 'relation'
      const [app = '', form = ''] = entry.form.split('.')
      const whole = picked ? await readRecord(app, form, row.id).catch(() => record) : record
      onSaved(whole, whole.labels)
      close()
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        // somebody saved first: show what they wrote, and let the reader look before they write again
        const [app = '', form = ''] = entry.form.split('.')
        const now = await readRecord(app, form, row.id).catch(() => undefined)
        if (now) onSaved(now)
        toast(env.t('table.conflict', { name: userName(now?.updatedBy ?? '') }))
        close()
      } else if (error instanceof ApiError && !error.offline) setWrong(error.message)
      else {
        toastError(error, env.t('table.notSaved', { reason: '' }))
        setBusy(false)
      }
    } finally {
      setBusy(false)
    }
  }
  const close = () => {
    left.current = true
    onClose()
  }
  const onKeyDown = (e: KeyboardEvent) => {
    e.stopPropagation()
    if (e.nativeEvent.isComposing || e.defaultPrevented) return
    if (e.key === 'Escape') {
      e.preventDefault()
      close()
    } else if (e.key === 'Enter') {
      e.preventDefault()
      void save()
    }
  }
  if (!Edit) return null
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the control inside, as they bubble
    <div
      ref={box}
      className={s.box}
      onKeyDown={onKeyDown}
      onBlur={(e) => {
        const to = e.relatedTarget as HTMLElement | null
        // a list that drops down is part of the control
        if (
          to &&
          (box.current?.contains(to) ||
            to.closest('[data-radix-popper-content-wrapper], [role="listbox"], [role="dialog"]'))
        )
          return
        if (to) void save()
      }}
    >
      <Edit
        field={model}
        value={read.value}
        raw={raw}
        onChange={(v) => {
          setRaw(v)
          setWrong('')
          // a choice is made with one click: there is nothing to confirm
          if (
            model.type === 'select' ||
            model.type === 'switch' ||
            model.type === 'user' ||
            model.type === 'relation' ||
            model.type === 'department'
          )
            void save(coerce(model, v, { zone: env.fmt.reader.zone }))
        }}
        onLeave={() => undefined}
        id={`cell-${row.id}`}
        label={label}
        required={model.required}
        invalid={wrong !== ''}
        describedBy={wrong ? `cell-${row.id}-wrong` : undefined}
        density="desktop"
        inCell
        takeFocus
        disabled={busy}
        problems={[]}
        place={{ form: entry.form, id: row.id }}
      />
      {wrong && (
        <span id={`cell-${row.id}-wrong`} className={s.wrong} role="alert">
          {wrong}
        </span>
      )}
    </div>
  )
}
