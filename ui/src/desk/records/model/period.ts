import { dayNumber } from '@/shared/format'

/** Units of time that periods are cut into. */
export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year'
export const units: Unit[] = ['day', 'week', 'month', 'quarter', 'year']

/** The value of a `within` test: a name, a bucket, the last or next few units, or from a day to a day. */
export type Period =
  string | { last: number; unit: Unit } | { next: number; unit: Unit } | { from?: string; to?: string }

/** Periods that go by a name, in the order offered. */
export const named = [
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
  'next-quarter',
  'this-year',
  'last-year',
  'next-year',
] as const

export const isNamed = (p: unknown): p is (typeof named)[number] => named.includes(p as (typeof named)[number])

const bucket = /^(\d{4})(?:-(?:Q([1-4])|W(\d{2})|(\d{2})(?:-(\d{2}))?))?$/

/** The parts of a bucket's label: 2026, 2026-Q1, 2026-03, 2026-W09, 2026-03-01. */
export function parseBucket(
  p: string,
): { year: number; quarter?: number; week?: number; month?: number; day?: number } | undefined {
  const m = bucket.exec(p)
  if (!m) return undefined
  const n = (s: string | undefined) => (s === undefined ? undefined : Number(s))
  return { year: Number(m[1]), quarter: n(m[2]), week: n(m[3]), month: n(m[4]), day: n(m[5]) }
}

/** Whether a value reads as a period. */
export function isPeriod(v: unknown): v is Period {
  if (typeof v === 'string') return isNamed(v) || bucket.test(v)
  if (typeof v !== 'object' || v === null) return false
  const p = v as Record<string, unknown>
  const count = (n: unknown) => typeof n === 'number' && n >= 1 && Number.isInteger(n)
  const unit = p.unit === undefined || units.includes(p.unit as Unit)
  return (unit && (count(p.last) || count(p.next))) || typeof p.from === 'string' || typeof p.to === 'string'
}

const iso = (n: number) => new Date(n * 86_400_000).toISOString().slice(0, 10)
const monthStart = (year: number, month: number) => Date.UTC(year, month, 1) / 86_400_000

/** The first day of the unit that a day is in. Weeks begin on Monday. */
function floor(day: number, unit: Unit): number {
  const d = new Date(day * 86_400_000)
  const [y, m] = [d.getUTCFullYear(), d.getUTCMonth()]
  switch (unit) {
    case 'day':
      return day
    case 'week':
      return day - ((d.getUTCDay() + 6) % 7)
    case 'month':
      return monthStart(y, m)
    case 'quarter':
      return monthStart(y, m - (m % 3))
    case 'year':
      return monthStart(y, 0)
  }
}

function add(day: number, unit: Unit, n: number): number {
  const d = new Date(day * 86_400_000)
  const months = { month: 1, quarter: 3, year: 12 }
  if (unit === 'day') return day + n
  if (unit === 'week') return day + 7 * n
  return monthStart(d.getUTCFullYear(), d.getUTCMonth() + n * months[unit])
}

/** The days that a period covers on a day, both included; undefined ends are open, as the server reads it. */
export function daysOf(p: Period, today: string): { from?: string; to?: string } | undefined {
  const now = dayNumber(today)
  const span = (from: number, to: number) => ({ from: iso(from), to: iso(to) })
  const whole = (start: number, unit: Unit, n = 1) => span(start, add(start, unit, n) - 1)
  if (typeof p === 'string') {
    if (p === 'today') return span(now, now)
    if (p === 'yesterday') return span(now - 1, now - 1)
    if (p === 'tomorrow') return span(now + 1, now + 1)
    const [which, unit] = p.split('-') as [string, Unit]
    const by = ({ this: 0, last: -1, next: 1 } as Record<string, number>)[which]
    if (by !== undefined && units.includes(unit)) return whole(add(floor(now, unit), unit, by), unit)
    const b = parseBucket(p)
    if (!b) return undefined
    if (b.day !== undefined) return { from: p, to: p }
    if (b.month !== undefined) return whole(monthStart(b.year, b.month - 1), 'month')
    if (b.quarter !== undefined) return whole(monthStart(b.year, b.quarter * 3 - 3), 'quarter')
    if (b.week !== undefined)
      return whole(floor(Date.UTC(b.year, 0, 4) / 86_400_000, 'week') + (b.week - 1) * 7, 'week')
    return whole(monthStart(b.year, 0), 'year')
  }
  if ('last' in p) {
    const first = floor(now, p.unit)
    return span(add(first, p.unit, 1 - p.last), add(first, p.unit, 1) - 1)
  }
  if ('next' in p) return whole(floor(now, p.unit), p.unit, p.next)
  return p
}
