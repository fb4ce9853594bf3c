import { Plus, X } from 'lucide-react'
import { useId, useState, type FormEvent } from 'react'
import type { FormEntry } from '@/shared/api'
import { useProblemText } from '@/shared/form'
import { Dialog } from '@/shared/overlay'
import { coerce, formModel, type FieldModel } from '@/shared/schema'
import { Button, Checkbox, IconButton, Select } from '@/shared/ui'
import { useWidget, WidgetProvider } from '@/shared/widgets'
import type { Env } from '../data/env'
import s from './bulk.module.css'

type Value = { raw: unknown; clear: boolean }
type Props = {
  entry: FormEntry
  env: Env
  count: number
  onClose: () => void
  onApply: (data: Record<string, unknown>) => void
}

const never = new Set(['table', 'file', 'image'])

/** Fields that many records may get the same value for. */
export const bulkFields = (entry: FormEntry): FieldModel[] =>
  formModel(entry).fields.filter((f) => f.writable && !f.stage && !f.hidden && !f.unique && !never.has(f.type))

/** The same value for some fields of many records. */
export function EditDialog({ entry, env, count, onClose, onApply }: Props) {
  const { t, text } = env
  const say = useProblemText()
  const form = useId()
  const fields = bulkFields(entry)
  const [values, setValues] = useState<Record<string, Value>>({})
  const [shown, setShown] = useState(false)
  const read = (f: FieldModel, v: Value) =>
    v.clear ? { value: null, problems: [] } : coerce(f, v.raw, { zone: env.fmt.reader.zone })
  const chosen = Object.entries(values).flatMap(([k, v]) => {
    const f = fields.find((x) => x.key === k)
    return f ? [{ f, v, read: read(f, v) }] : []
  })
  const ready =
    chosen.length > 0 && chosen.every((c) => c.read.problems.length === 0 && (c.v.clear || c.read.value !== undefined))
  const left = fields.filter((f) => !(f.key in values))
  const apply = (e: FormEvent) => {
    e.preventDefault()
    setShown(true)
    if (ready) onApply(Object.fromEntries(chosen.map((c) => [c.f.key, c.read.value ?? null])))
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="small"
      title={t('bulk.editTitle', { n: env.fmt.number(count, 0) })}
      description={t('bulk.editText')}
      footer={
        <Button type="submit" form={form} tone="primary" disabled={chosen.length === 0}>
          {t('bulk.apply', { n: env.fmt.number(count, 0) })}
        </Button>
      }
    >
      <WidgetProvider density="desktop">
        <form id={form} className={s.form} onSubmit={apply} noValidate>
          {chosen.map(({ f, v, read: r }) => {
            const problem = r.problems[0]
            const wrong = shown
              ? problem
                ? say(problem)
                : !v.clear && r.value === undefined
                  ? t('bulk.needValue')
                  : ''
              : ''
            return (
              <Entry
                key={f.key}
                field={f}
                env={env}
                value={v}
                coerced={r.value}
                wrong={wrong}
                form={entry.form}
                onChange={(to) => setValues((all) => ({ ...all, [f.key]: to }))}
                onRemove={() =>
                  setValues((all) => Object.fromEntries(Object.entries(all).filter(([k]) => k !== f.key)))
                }
              />
            )
          })}
          {left.length > 0 && (
            <label className={s.add}>
              <Plus size={16} strokeWidth={1.75} aria-hidden />
              <Select
                aria-label={t('bulk.addField')}
                value=""
                onChange={(e) => setValues((all) => ({ ...all, [e.target.value]: { raw: undefined, clear: false } }))}
              >
                <option value="" disabled>
                  {t('bulk.addField')}
                </option>
                {left.map((f) => (
                  <option key={f.key} value={f.key}>
                    {text(f.title)}
                  </option>
                ))}
              </Select>
            </label>
          )}
        </form>
      </WidgetProvider>
    </Dialog>
  )
}

type EntryProps = {
  field: FieldModel
  env: Env
  value: Value
  coerced: unknown
  wrong: string
  form: string
  onChange: (v: Value) => void
  onRemove: () => void
}

function Entry({ field, env, value, coerced, wrong, form, onChange, onRemove }: EntryProps) {
  const { Edit, group } = useWidget(field)
  const id = useId()
  const label = env.text(field.title)
  return (
    <div className={s.entry} role={group ? 'group' : undefined} aria-labelledby={group ? `${id}-l` : undefined}>
      <div className={s.entryHead}>
        <label htmlFor={id} id={`${id}-l`}>
          {label}
        </label>
        {!field.required && (
          <Checkbox
            label={env.t('bulk.clearValue')}
            checked={value.clear}
            onChange={(e) => onChange({ ...value, clear: e.target.checked })}
          />
        )}
        <IconButton size="small" label={env.t('bulk.removeField', { field: label })} onClick={onRemove}>
          <X size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </div>
      {!value.clear && Edit && (
        <Edit
          field={field}
          value={coerced}
          raw={value.raw}
          onChange={(raw) => onChange({ raw, clear: false })}
          onLeave={() => undefined}
          id={id}
          label={label}
          required={false}
          invalid={wrong !== ''}
          describedBy={wrong ? `${id}-w` : undefined}
          density="desktop"
          problems={[]}
          place={{ form }}
        />
      )}
      {wrong && (
        <p id={`${id}-w`} className={s.wrong} role="alert">
          {wrong}
        </p>
      )}
    </div>
  )
}
