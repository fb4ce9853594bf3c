import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDepartments, useUsers } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Checkbox, Input, Select } from '@/shared/ui'
import { Popover } from '@/shared/overlay'
import { computed, type Op, type Row } from '../model/condition'
import { numberTypes } from '../model/fieldTypes'
import type { FieldInfo } from '../model/infos'
import { isObject, type Json } from '../model/json'
import s from './pickers.module.css'

type Props = { field: FieldInfo | undefined; row: Row; onChange: (v: Json | undefined) => void }

const periods = [
  'today',
  'yesterday',
  'tomorrow',
  'this-week',
  'last-week',
  'next-week',
  'this-month',
  'last-month',
  'next-month',
  'this-quarter',
  'last-quarter',
  'this-year',
  'last-year',
]
const several: ReadonlySet<Op> = new Set(['in', 'nin', 'hasAny', 'hasAll'])

/** The value of a condition, by the type of its field. */
export function ValueInput({ field, row, onChange }: Props) {
  const { t } = useTranslation('studio')
  const label = t('condition.value')
  const as = field?.as ?? 'text'
  if (row.op === 'empty' || row.op === 'notEmpty') return null
  if (row.op === 'within') return <Period value={row.value} onChange={onChange} label={label} />
  if (row.op === 'between') {
    const pair = Array.isArray(row.value) ? row.value : []
    const set = (i: number, v: Json | undefined) =>
      onChange([i === 0 ? (v ?? null) : (pair[0] ?? null), i === 1 ? (v ?? null) : (pair[1] ?? null)])
    return (
      <span style={{ display: 'flex', gap: 4 }}>
        <Plain as={as} label={t('condition.from')} value={pair[0]} onChange={(v) => set(0, v)} />
        <Plain as={as} label={t('condition.to')} value={pair[1]} onChange={(v) => set(1, v)} />
      </span>
    )
  }
  if (several.has(row.op)) return <Several field={field} value={row.value} onChange={onChange} label={label} />
  switch (as) {
    case 'switch':
      return (
        <Select
          aria-label={label}
          value={String(row.value ?? '')}
          onChange={(e) => onChange(e.target.value === 'true')}
        >
          <option value="" disabled hidden />
          <option value="true">{t('yes')}</option>
          <option value="false">{t('no')}</option>
        </Select>
      )
    case 'select':
      return <One field={field} value={row.value} onChange={onChange} label={label} />
    case 'user':
      return row.op === 'under' ? (
        <Department value={row.value} onChange={onChange} label={label} />
      ) : (
        <User value={row.value} onChange={onChange} label={label} />
      )
    case 'department':
      return <Department value={row.value} onChange={onChange} label={label} />
    case 'date':
    case 'datetime':
      return <DateValue as={as} value={row.value} onChange={onChange} label={label} />
    default:
      return <Plain as={as} value={row.value} onChange={onChange} label={label} />
  }
}

type One = { value: Json | undefined; onChange: (v: Json | undefined) => void; label: string }

function Plain({ as, value, onChange, label }: One & { as: string }) {
  const number = numberTypes.has(as)
  const expr = computed(value)
  return (
    <Input
      aria-label={label}
      type={as === 'date' ? 'date' : number && expr === undefined ? 'number' : 'text'}
      step="any"
      value={expr ?? (value === null || value === undefined ? '' : String(value))}
      onChange={(e) => {
        const v = e.target.value
        onChange(v === '' ? undefined : number ? Number(v) : v)
      }}
    />
  )
}

function One({ field, value, onChange, label }: One & { field: FieldInfo | undefined }) {
  const text = useText()
  const { t } = useTranslation('studio')
  return (
    <Select
      aria-label={label}
      value={typeof value === 'string' ? value : ''}
      onChange={(e) => onChange(e.target.value)}
    >
      <option value="">{t('choose')}</option>
      {field?.options.map((o) => (
        <option key={o.value} value={o.value}>
          {text(o.title) || o.value}
        </option>
      ))}
    </Select>
  )
}

function Several({ field, value, onChange, label }: One & { field: FieldInfo | undefined }) {
  const text = useText()
  const { t } = useTranslation('studio')
  const chosen = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String)
  const options = field?.options ?? []
  if (options.length === 0)
    return (
      <Input
        aria-label={label}
        placeholder={t('condition.commas')}
        defaultValue={chosen.join(', ')}
        onBlur={(e) => {
          const list = e.target.value
            .split(/[,，、]/)
            .map((x) => x.trim())
            .filter(Boolean)
          onChange(field && numberTypes.has(field.as) ? list.map(Number) : list)
        }}
      />
    )
  const titles = options.filter((o) => chosen.includes(o.value)).map((o) => text(o.title) || o.value)
  return (
    <Popover
      label={label}
      trigger={
        <button
          type="button"
          className={s.swatchButton}
          style={{ width: '100%' }}
          aria-label={`${label}: ${titles.join(t('comma'))}`}
        >
          <span className="ellipsis">{titles.join(t('comma')) || t('choose')}</span>
        </button>
      }
    >
      <div className={s.list}>
        {options.map((o) => (
          <Checkbox
            key={o.value}
            label={text(o.title) || o.value}
            checked={chosen.includes(o.value)}
            onChange={(e) =>
              onChange(
                options.map((x) => x.value).filter((v) => (v === o.value ? e.target.checked : chosen.includes(v))),
              )
            }
          />
        ))}
      </div>
    </Popover>
  )
}

function User({ value, onChange, label }: One) {
  const { t } = useTranslation('studio')
  const users = useUsers()
  const me = computed(value) === 'user.id'
  return (
    <Select
      aria-label={label}
      value={me ? '=me' : typeof value === 'string' ? value : ''}
      onChange={(e) => onChange(e.target.value === '=me' ? { expr: 'user.id' } : e.target.value || undefined)}
    >
      <option value="">{t('choose')}</option>
      <option value="=me">{t('condition.me')}</option>
      {users.data?.map((u) => (
        <option key={u.id} value={u.id}>
          {u.name}
        </option>
      ))}
    </Select>
  )
}

function Department({ value, onChange, label }: One) {
  const { t } = useTranslation('studio')
  const departments = useDepartments()
  const own = computed(value) === 'user.department'
  return (
    <Select
      aria-label={label}
      value={own ? '=own' : typeof value === 'string' ? value : ''}
      onChange={(e) => onChange(e.target.value === '=own' ? { expr: 'user.department' } : e.target.value || undefined)}
    >
      <option value="">{t('choose')}</option>
      <option value="=own">{t('condition.myDepartment')}</option>
      {departments.data?.map((d) => (
        <option key={d.id} value={d.id}>
          {d.name}
        </option>
      ))}
    </Select>
  )
}

/** A day, or one counted from today. */
function DateValue({ as, value, onChange, label }: One & { as: string }) {
  const { t } = useTranslation('studio')
  const expr = computed(value)
  const away = /^today\(\)(?: ([+-]) (\d+))?$/.exec(expr ?? '')
  const [kind, setKind] = useState<'day' | 'today' | 'before' | 'after'>(
    !away ? 'day' : !away[1] ? 'today' : away[1] === '-' ? 'before' : 'after',
  )
  const n = Number(away?.[2] ?? 7)
  const set = (k: typeof kind, days: number) => {
    setKind(k)
    if (k === 'day') onChange(undefined)
    else onChange({ expr: k === 'today' ? 'today()' : `today() ${k === 'before' ? '-' : '+'} ${days}` })
  }
  return (
    <span style={{ display: 'flex', gap: 4 }}>
      <Select aria-label={t('condition.dateKind')} value={kind} onChange={(e) => set(e.target.value as typeof kind, n)}>
        <option value="day">{t('condition.day')}</option>
        <option value="today">{t('condition.today')}</option>
        <option value="before">{t('condition.daysAgo')}</option>
        <option value="after">{t('condition.daysAhead')}</option>
      </Select>
      {kind === 'day' ? (
        <Plain
          as={as === 'datetime' ? 'date' : as}
          value={expr === undefined && !isObject(value) ? value : undefined}
          onChange={onChange}
          label={label}
        />
      ) : kind === 'today' ? null : (
        <Input
          type="number"
          min={0}
          aria-label={t('condition.days')}
          value={n}
          onChange={(e) => set(kind, Math.max(0, Math.trunc(Number(e.target.value))))}
        />
      )}
    </span>
  )
}

function Period({ value, onChange, label }: One) {
  const { t } = useTranslation('studio')
  const name = typeof value === 'string' ? value : ''
  return (
    <Select aria-label={label} value={name} onChange={(e) => onChange(e.target.value)}>
      <option value="">{t('choose')}</option>
      {name && !periods.includes(name) && <option value={name}>{name}</option>}
      {periods.map((p) => (
        <option key={p} value={p}>
          {t(`periods.${p}`)}
        </option>
      ))}
    </Select>
  )
}
