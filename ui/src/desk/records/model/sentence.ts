import type { Env } from '../data/env'
import type { ListField } from './fields'
import { me, mine, needsValue, takesList, type Away, type Cond, type Op } from './filter'
import { isNamed, parseBucket, type Period } from './period'

type Words = Pick<Env, 't' | 'text' | 'fmt'>

/** How an operator reads for a field: dates are earlier and later, not less and greater. */
export function opText(op: Op, f: ListField | undefined, value: unknown, env: Pick<Words, 't'>): string {
  const date = f?.as === 'date' || f?.as === 'datetime'
  if (date && (op === 'gt' || op === 'gte' || op === 'lt' || op === 'lte' || op === 'is'))
    return env.t(`op.date${op[0]!.toUpperCase()}${op.slice(1)}`)
  if ((op === 'any' || op === 'none') && Array.isArray(value) && value.length > 1) return env.t(`op.${op}Many`)
  return env.t(`op.${op}`)
}

export function periodText(p: Period, env: Words): string {
  const t = env.t
  if (typeof p === 'string') {
    if (isNamed(p)) return t(`period.${p}`)
    const b = parseBucket(p)
    if (!b) return p
    if (b.day !== undefined) return env.fmt.day(p)
    if (b.month !== undefined)
      return new Intl.DateTimeFormat(env.fmt.reader.language, {
        year: 'numeric',
        month: 'long',
        timeZone: 'UTC',
      }).format(new Date(Date.UTC(b.year, b.month - 1, 1)))
    if (b.quarter !== undefined) return t('period.bucketQuarter', b)
    return b.week !== undefined ? t('period.bucketWeek', b) : t('period.bucketYear', b)
  }
  if ('last' in p) return t('period.last', { n: p.last, unit: t(`period.${p.unit ?? 'day'}`, { count: p.last }) })
  if ('next' in p) return t('period.next', { n: p.next, unit: t(`period.${p.unit ?? 'day'}`, { count: p.next }) })
  const { from, to } = p
  if (from && to) return t('period.fromTo', { from: env.fmt.day(from), to: env.fmt.day(to) })
  return from ? t('period.from', { from: env.fmt.day(from) }) : t('period.to', { to: env.fmt.day(to ?? '') })
}

const isAway = (v: unknown): v is Away => typeof v === 'object' && v !== null && 'days' in v

function one(v: unknown, f: ListField | undefined, env: Words, name: (id: string) => string): string {
  if (v === null) return env.t('filter.empty')
  if (v === me) return env.t('filter.me')
  if (v === mine) return env.t('filter.myDepartment')
  if (isAway(v)) {
    if (v.days === 0) return env.t('filter.today')
    return env.t(v.days < 0 ? 'filter.ago' : 'filter.ahead', { n: Math.abs(v.days) })
  }
  if (typeof v === 'boolean') return env.t(v ? 'yes' : 'no')
  const option = f?.options.find((o) => o.value === v)
  if (option) return env.text(option.title) || option.value
  if (f?.as === 'user' || f?.as === 'department' || f?.as === 'relation') return name(String(v))
  if (f?.as === 'date' && typeof v === 'string') return env.fmt.day(v)
  if (f?.as === 'datetime' && typeof v === 'string') return v.length === 10 ? env.fmt.day(v) : env.fmt.instant(v)
  if (typeof v === 'number') return f?.as === 'percent' ? env.fmt.percent(v) : env.fmt.number(v)
  return String(v)
}

/** The value of a condition as people say it; long lists are cut short. */
export function valueText(
  c: Cond,
  f: ListField | undefined,
  env: Words,
  name: (id: string) => string,
  most = 2,
): string {
  if (!needsValue(c.op)) return ''
  const v = c.value
  if (v === undefined) return ''
  if (c.op === 'raw') {
    const inner = (v as { value?: unknown }).value
    return typeof inner === 'object' && inner !== null && 'expr' in inner
      ? String(inner.expr)
      : JSON.stringify(inner ?? '')
  }
  if (takesList(c.op) && Array.isArray(v)) {
    const list = v
      .slice(0, most)
      .map((x) => one(x, f, env, name))
      .join(env.t('filter.and'))
    return v.length > most ? env.t('filter.etc', { list, n: v.length }) : list
  }
  if (c.op === 'between' && Array.isArray(v))
    return `${one(v[0], f, env, name)} ${env.t('filter.and2')} ${one(v[1], f, env, name)}`
  if (c.op === 'within' || c.op === 'notWithin') return periodText(v as Period, env)
  return one(v, f, env, name)
}
