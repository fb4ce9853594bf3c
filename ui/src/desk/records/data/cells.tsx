import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import { dayNumber } from '@/shared/format'
import { isEmpty, type Option } from '@/shared/schema'
import { Avatar, Tag } from '@/shared/ui'
import type { ListField } from '../model/fields'
import type { Labels } from './feed'
import type { Env } from './env'
import s from './cells.module.css'

/** A value of a list as text: for titles, sentences and figures. */
export function plainOf(f: ListField, v: unknown, labels: Labels, env: Env): string {
  if (isEmpty(v)) return ''
  switch (f.as) {
    case 'number':
    case 'currency':
      return typeof v === 'number' ? figure(f, v, env) : String(v)
    case 'percent':
      return typeof v === 'number' ? env.fmt.percent(v, f.model?.scale === 0 ? 0 : undefined) : String(v)
    case 'select':
      return optionTitle(f.options, v, env)
    case 'multiselect':
      return (Array.isArray(v) ? v : [v]).map((x) => optionTitle(f.options, x, env)).join(env.t('filter.and'))
    case 'date':
      return env.fmt.day(String(v))
    case 'datetime':
      return f.envelope ? env.fmt.ago(String(v)) : env.fmt.instant(String(v))
    case 'switch':
      return env.t(v ? 'yes' : 'no')
    case 'user':
    case 'department':
    case 'relation':
      return nameIn(labels, f.key, v, env)
    case 'file':
    case 'image':
      return env.t('files', { n: Array.isArray(v) ? v.length : 1 })
    case 'table':
      return env.t('rows', { n: Array.isArray(v) ? v.length : 1 })
    default:
      return typeof v === 'string' ? v : JSON.stringify(v)
  }
}

/** An amount as a figure under a head that has its unit: whole, or with its cents. */
export function figure(f: ListField, v: number, env: Env): string {
  if (f.model?.format === 'plain') return String(v)
  return f.model?.currency || f.as === 'currency'
    ? env.fmt.number(v, Number.isInteger(v) ? 0 : 2)
    : env.fmt.number(v, undefined)
}

export function nameIn(labels: Labels, field: string, id: unknown, env: Env): string {
  const key = String(id)
  if (key === 'system') return env.t('system')
  const names = Object.hasOwn(labels, field) ? labels[field] : undefined
  return (names && Object.hasOwn(names, key) ? names[key] : undefined) ?? '—'
}

export const optionOf = (options: readonly Option[], v: unknown) => options.find((o) => o.value === v)

const optionTitle = (options: readonly Option[], v: unknown, env: Env): string => {
  const o = optionOf(options, v)
  return o ? env.text(o.title) || o.value : String(v)
}

const tag = (f: ListField, v: unknown, env: Env) => {
  const o = optionOf(f.options, v)
  return (
    <Tag key={String(v)} color={o?.color}>
      {o ? env.text(o.title) || o.value : String(v)}
    </Tag>
  )
}

/** What a cell shows. `open` says that the record is not done yet: only then a date can be overdue. */
export function cell(f: ListField, v: unknown, labels: Labels, env: Env, open = true): ReactNode {
  const content = isEmpty(v) ? null : inner(f, v, labels, env, open)
  return typeof content === 'string' ? <span className={s.text}>{content}</span> : content
}

function inner(f: ListField, v: unknown, labels: Labels, env: Env, open: boolean): ReactNode {
  switch (f.as) {
    case 'select':
      return tag(f, v, env)
    case 'multiselect': {
      const all = Array.isArray(v) ? v : [v]
      return (
        <span className={s.tags}>
          {all.slice(0, 4).map((x) => tag(f, x, env))}
          {all.length > 4 && <span className={s.quiet}>+{all.length - 4}</span>}
        </span>
      )
    }
    case 'user': {
      const name = nameIn(labels, f.key, v, env)
      return (
        <span className={s.person}>
          {name !== '—' && <Avatar name={name} id={String(v)} size={20} />}
          <span className={s.text}>{name}</span>
        </span>
      )
    }
    case 'switch':
      return v ? (
        <Check size={16} strokeWidth={1.75} aria-label={env.t('yes')} />
      ) : (
        <Minus size={16} strokeWidth={1.75} aria-label={env.t('no')} className={s.quiet} />
      )
    case 'date':
      return f.model?.format === 'due' ? due(String(v), env, open) : env.fmt.day(String(v))
    case 'datetime':
      return <time title={env.fmt.instant(String(v), 'full')}>{plainOf(f, v, labels, env)}</time>
    case 'url':
      return typeof v === 'string' && /^https?:\/\//i.test(v) ? (
        <a href={v} target="_blank" rel="noopener noreferrer" data-own>
          {v.replace(/^https?:\/\//i, '')}
        </a>
      ) : (
        String(v)
      )
    default:
      return plainOf(f, v, labels, env)
  }
}

/** A date by which something is to be done: near ones in words, late ones in danger. */
export function due(day: string, env: Env, open: boolean): ReactNode {
  const late = dayNumber(env.today) - dayNumber(day)
  if (!open || Number.isNaN(late)) return env.fmt.day(day)
  if (late > 0)
    return (
      <span className={s.late} title={env.fmt.day(day, 'full')}>
        {env.t('overdue', { n: late })}
      </span>
    )
  return (
    <span className={late === 0 ? s.today : undefined} title={env.fmt.day(day, 'full')}>
      {env.fmt.dayNear(day)}
    </span>
  )
}
