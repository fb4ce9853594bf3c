import { useId, useState, type FormEvent } from 'react'
import type { FormEntry } from '@/shared/api'
import { Dialog } from '@/shared/overlay'
import { coerce, formModel, type FieldModel } from '@/shared/schema'
import { Button, Field, Select } from '@/shared/ui'
import { useWidget, WidgetProvider } from '@/shared/widgets'
import type { Env } from '../data/env'
import s from './bulk.module.css'

type Props = {
  entry: FormEntry
  env: Env
  count: number
  onClose: () => void
  onApply: (data: Record<string, unknown>) => void
}

/** Another stage for many records: what the way there requires may be filled in once for all. */
export function BulkMoveDialog({ entry, env, count, onClose, onApply }: Props) {
  const { t, text } = env
  const form = useId()
  const model = formModel(entry)
  const stages = model.stages!
  const reachable = stages.states.filter((x) => stages.transitions.some((m) => m.to === x.key && m.allowed))
  const [to, setTo] = useState('')
  const [raws, setRaws] = useState<Record<string, unknown>>({})
  const needs = [...new Set(stages.transitions.filter((m) => m.to === to && m.allowed).flatMap((m) => m.require))]
    .map((k) => model.field(k))
    .filter((f): f is FieldModel => f !== undefined && f.writable && !f.stage)
  const target = stages.states.find((x) => x.key === to)
  const apply = (e: FormEvent) => {
    e.preventDefault()
    if (!to) return
    const data: Record<string, unknown> = {}
    for (const f of needs) {
      const read = coerce(f, raws[f.key], { zone: env.fmt.reader.zone })
      if (read.problems.length > 0) return
      if (read.value !== undefined) data[f.key] = read.value
    }
    onApply({ ...data, [stages.field]: to })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="small"
      title={t('bulk.moveTitle', { n: env.fmt.number(count, 0) })}
      description={t('bulk.moveText')}
      footer={
        <Button type="submit" form={form} tone="primary" disabled={!to}>
          {target ? t('move.do', { to: text(target.title) }) : t('bulk.moveDo', { n: env.fmt.number(count, 0) })}
        </Button>
      }
    >
      <WidgetProvider density="desktop">
        <form id={form} className={s.form} onSubmit={apply} noValidate>
          <Field label={t('bulk.to')} required>
            {(aria) => (
              <Select {...aria} value={to} onChange={(e) => setTo(e.target.value)}>
                <option value="" disabled>
                  {t('filter.choose')}
                </option>
                {reachable.map((x) => (
                  <option key={x.key} value={x.key}>
                    {text(x.title) || x.key}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {needs.length > 0 && <p className={s.note}>{t('bulk.moveNeeds')}</p>}
          {needs.map((f) => (
            <Need
              key={f.key}
              field={f}
              env={env}
              raw={raws[f.key]}
              form={entry.form}
              onChange={(raw) => setRaws((r) => ({ ...r, [f.key]: raw }))}
            />
          ))}
        </form>
      </WidgetProvider>
    </Dialog>
  )
}

function Need({
  field,
  env,
  raw,
  form,
  onChange,
}: {
  field: FieldModel
  env: Env
  raw: unknown
  form: string
  onChange: (raw: unknown) => void
}) {
  const { Edit } = useWidget(field)
  const id = useId()
  const label = env.text(field.title)
  const read = coerce(field, raw, { zone: env.fmt.reader.zone })
  return (
    <div className={s.entry}>
      <label htmlFor={id}>{label}</label>
      {Edit && (
        <Edit
          field={field}
          value={read.value}
          raw={raw}
          onChange={onChange}
          onLeave={() => undefined}
          id={id}
          label={label}
          required={false}
          invalid={read.problems.length > 0}
          density="desktop"
          problems={[]}
          place={{ form }}
        />
      )}
    </div>
  )
}
