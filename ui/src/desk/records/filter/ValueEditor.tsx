import { useState } from 'react'
import { Input, Select } from '@/shared/ui'
import { coerce } from '@/shared/schema'
import { daysOf, isPeriod, named, units, type Period, type Unit } from '../model/period'
import { isNumeric, type ListField } from '../model/fields'
import { needsValue, takesList, type Away, type Cond } from '../model/filter'
import { OptionPicker, RelationPicker, UnitPicker, UserPicker } from './pickers'
import { useScope } from './scope'
import s from './filter.module.css'

type Props = { cond: Cond; field: ListField; onChange: (value: unknown) => void }

/** The control for the value of a condition, as its field and operator ask for. */
export function ValueEditor({ cond, field, onChange }: Props) {
  if (!needsValue(cond.op) || cond.op === 'raw') return null
  if (cond.op === 'under' || cond.op === 'notUnder')
    return (
      <UnitPicker
        field={field}
        single
        chosen={cond.value ? [String(cond.value)] : []}
        onChange={(v) => onChange(v[0])}
      />
    )
  if (takesList(cond.op)) {
    const chosen = Array.isArray(cond.value) ? (cond.value as string[]) : []
    const props = { field, chosen, onChange }
    if (field.options.length > 0) return <OptionPicker {...props} />
    if (field.as === 'user') return <UserPicker {...props} />
    if (field.as === 'department') return <UnitPicker {...props} />
    if (field.as === 'relation') return <RelationPicker {...props} />
    return <ListInput value={chosen} onChange={onChange} />
  }
  if (cond.op === 'within' || cond.op === 'notWithin')
    return <PeriodEditor value={isPeriod(cond.value) ? cond.value : undefined} onChange={onChange} />
  if (cond.op === 'between') {
    const [from, to] = Array.isArray(cond.value) ? (cond.value as unknown[]) : []
    return (
      <Pair
        from={<One field={field} value={from} onChange={(v) => onChange([v, to])} />}
        to={<One field={field} value={to} onChange={(v) => onChange([from, v])} />}
      />
    )
  }
  return <One field={field} value={cond.value} onChange={onChange} away />
}

function Pair({ from, to }: { from: React.ReactNode; to: React.ReactNode }) {
  const { env } = useScope()
  return (
    <div className={s.line}>
      {from}
      <span className={s.word}>{env.t('filter.and2')}</span>
      {to}
    </div>
  )
}

function One({
  field,
  value,
  onChange,
  away,
}: {
  field: ListField
  value: unknown
  onChange: (v: unknown) => void
  away?: boolean
}) {
  if (field.as === 'date' || field.as === 'datetime') return <DayEditor value={value} onChange={onChange} away={away} />
  if (isNumeric(field)) return <NumberEditor field={field} value={value} onChange={onChange} />
  return <TextEditor value={value} onChange={onChange} />
}

function TextEditor({ value, onChange }: { value: unknown; onChange: (v: unknown) => void }) {
  const { env } = useScope()
  return (
    <Input
      aria-label={env.t('filter.value')}
      value={typeof value === 'string' ? value : ''}
      maxLength={1000}
      onChange={(e) => onChange(e.target.value)}
    />
  )
}

/** A number as people type it: thousands separators and full-width digits are fine. */
function NumberEditor({
  field,
  value,
  onChange,
}: {
  field: ListField
  value: unknown
  onChange: (v: unknown) => void
}) {
  const { env } = useScope()
  const [typed, setTyped] = useState(typeof value === 'number' ? String(value) : '')
  const [wrong, setWrong] = useState(false)
  return (
    <Input
      aria-label={env.t('filter.value')}
      aria-invalid={wrong || undefined}
      className={s.figure}
      inputMode="decimal"
      value={typed}
      onChange={(e) => {
        setTyped(e.target.value)
        const read = field.model
          ? coerce(field.model, e.target.value, { zone: env.fmt.reader.zone })
          : { value: Number(e.target.value), problems: [] }
        const bad = read.problems.length > 0
        setWrong(bad)
        if (!bad) onChange(read.value)
      }}
    />
  )
}

/** Values of a text, separated by commas. */
function ListInput({ value, onChange }: { value: string[]; onChange: (v: unknown) => void }) {
  const { env } = useScope()
  const [typed, setTyped] = useState(value.join(', '))
  return (
    <Input
      aria-label={env.t('filter.value')}
      value={typed}
      onChange={(e) => {
        setTyped(e.target.value)
        onChange(
          e.target.value
            .split(/[,，、]/)
            .map((x) => x.trim())
            .filter((x) => x !== ''),
        )
      }}
    />
  )
}

const isAway = (v: unknown): v is Away => typeof v === 'object' && v !== null && 'days' in v

/** A day: a date, or so many days from today. */
function DayEditor({ value, onChange, away }: { value: unknown; onChange: (v: unknown) => void; away?: boolean }) {
  const { env } = useScope()
  const mode = !isAway(value) ? 'day' : value.days === 0 ? 'today' : value.days < 0 ? 'ago' : 'ahead'
  return (
    <div className={s.line}>
      {away && (
        <Select
          aria-label={env.t('filter.value')}
          value={mode}
          onChange={(e) => {
            const to = e.target.value
            const days = isAway(value) ? Math.abs(value.days) || 30 : 30
            onChange(to === 'day' ? undefined : { days: to === 'today' ? 0 : to === 'ago' ? -days : days })
          }}
        >
          <option value="day">{env.t('filter.onDay')}</option>
          <option value="today">{env.t('filter.today')}</option>
          <option value="ago">{env.t('filter.daysAgo')}</option>
          <option value="ahead">{env.t('filter.daysAhead')}</option>
        </Select>
      )}
      {mode === 'day' ? (
        <Input
          type="date"
          aria-label={env.t('filter.value')}
          value={typeof value === 'string' ? value.slice(0, 10) : ''}
          onChange={(e) => onChange(e.target.value || undefined)}
        />
      ) : (
        mode !== 'today' && (
          <Input
            type="number"
            min={1}
            max={99999}
            className={s.short}
            aria-label={env.t(mode === 'ago' ? 'filter.daysAgo' : 'filter.daysAhead')}
            value={isAway(value) ? Math.abs(value.days) : ''}
            onChange={(e) => {
              const n = Math.min(99999, Math.max(1, Math.round(Number(e.target.value)) || 1))
              onChange({ days: mode === 'ago' ? -n : n })
            }}
          />
        )
      )}
    </div>
  )
}

/** A stretch of time that moves with today, or from a day to a day. */
function PeriodEditor({ value, onChange }: { value: Period | undefined; onChange: (v: Period) => void }) {
  const { env } = useScope()
  const kind =
    value === undefined
      ? ''
      : typeof value === 'string'
        ? value
        : 'last' in value
          ? 'last'
          : 'next' in value
            ? 'next'
            : 'span'
  const counted =
    kind === 'last' || kind === 'next' ? (value as { last?: number; next?: number; unit: Unit }) : undefined
  const span = kind === 'span' ? (value as { from?: string; to?: string }) : undefined
  const days = value === undefined ? undefined : daysOf(value, env.today)
  const count = (n: number, unit: Unit): Period => (kind === 'last' ? { last: n, unit } : { next: n, unit })
  return (
    <div>
      <div className={s.line}>
        <Select
          aria-label={env.t('filter.value')}
          value={kind}
          onChange={(e) => {
            const k = e.target.value
            if (k === 'last') onChange({ last: 7, unit: 'day' })
            else if (k === 'next') onChange({ next: 7, unit: 'day' })
            else if (k === 'span') onChange({ from: days?.from ?? env.today, to: days?.to ?? env.today })
            else onChange(k)
          }}
        >
          {kind === '' && <option value="">{env.t('filter.choose')}</option>}
          {named.map((p) => (
            <option key={p} value={p}>
              {env.t(`period.${p}`)}
            </option>
          ))}
          {typeof value === 'string' && value && !(named as readonly string[]).includes(value) && (
            <option value={value}>{value}</option>
          )}
          <option value="last">{env.t('period.lastWord')}…</option>
          <option value="next">{env.t('period.nextWord')}…</option>
          <option value="span">{env.t('period.span')}</option>
        </Select>
        {counted && (
          <>
            <Input
              type="number"
              min={1}
              max={9999}
              className={s.short}
              aria-label={env.t(kind === 'last' ? 'period.lastWord' : 'period.nextWord')}
              value={counted.last ?? counted.next ?? 1}
              onChange={(e) =>
                onChange(count(Math.min(9999, Math.max(1, Math.round(Number(e.target.value)) || 1)), counted.unit))
              }
            />
            <Select
              aria-label={env.t('filter.value')}
              value={counted.unit}
              onChange={(e) => onChange(count(counted.last ?? counted.next ?? 1, e.target.value as Unit))}
            >
              {units.map((u) => (
                <option key={u} value={u}>
                  {env.t(`period.${u}`)}
                </option>
              ))}
            </Select>
          </>
        )}
      </div>
      {span && (
        <div className={s.line}>
          <Input
            type="date"
            aria-label={env.t('period.from', { from: '' })}
            value={span.from ?? ''}
            onChange={(e) => onChange({ ...span, from: e.target.value || undefined })}
          />
          <span className={s.word}>{env.t('filter.and2')}</span>
          <Input
            type="date"
            aria-label={env.t('period.to', { to: '' })}
            value={span.to ?? ''}
            onChange={(e) => onChange({ ...span, to: e.target.value || undefined })}
          />
        </div>
      )}
      {days?.from && days.to && kind !== 'span' && (
        <p className={s.days}>{env.t('filter.days', { from: env.fmt.day(days.from), to: env.fmt.day(days.to) })}</p>
      )}
    </div>
  )
}
