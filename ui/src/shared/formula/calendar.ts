/** Calendar days as numbers since 1970-01-01 in the proleptic Gregorian calendar; years 1 to 9999. */

export const dayMillis = 86_400_000
export const firstDay = dateOf(1, 1, 1)
export const lastDay = dateOf(9999, 12, 31)

export type Unit = 'year' | 'quarter' | 'month' | 'week' | 'day'

export function isUnit(s: string): s is Unit {
  return s === 'year' || s === 'quarter' || s === 'month' || s === 'week' || s === 'day'
}

/** Days for a calendar date; months and days out of range carry over. */
export function dateOf(y: number, m: number, d: number): number {
  const t = new Date(0)
  t.setUTCFullYear(y, m - 1, d)
  return t.getTime() / dayMillis
}

/** Year, month (1-12) and day (1-31). */
export function civil(days: number): [number, number, number] {
  const t = new Date(days * dayMillis)
  return [t.getUTCFullYear(), t.getUTCMonth() + 1, t.getUTCDate()]
}

export function daysIn(y: number, m: number): number {
  return civil(dateOf(y, m + 1, 0))[2]
}

/** Reads YYYY-MM-DD; undefined for anything else and for days that do not exist. */
export function parseDate(s: string): number | undefined {
  const p = /^(\d{4})-(\d\d)-(\d\d)$/.exec(s)
  if (!p) return undefined
  const [y, m, d] = [Number(p[1]), Number(p[2]), Number(p[3])]
  if (y < 1 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) return undefined
  return dateOf(y, m, d)
}

export function pad(n: number, width: number): string {
  return String(n).padStart(width, '0')
}

/** Writes YYYY-MM-DD. */
export function formatDate(days: number): string {
  const [y, m, d] = civil(days)
  return `${pad(y, 4)}-${pad(m, 2)}-${pad(d, 2)}`
}

/** 1 for Monday to 7 for Sunday. */
export function weekday(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1
}

/** The ISO 8601 week of the year. */
export function isoWeek(days: number): number {
  const thursday = days - weekday(days) + 4
  return Math.floor((thursday - dateOf(civil(thursday)[0], 1, 1)) / 7) + 1
}

/** The first day of the unit in which the day lies. */
export function floor(unit: Unit, days: number): number {
  const [y, m] = civil(days)
  switch (unit) {
    case 'year':
      return dateOf(y, 1, 1)
    case 'quarter':
      return dateOf(y, Math.floor((m - 1) / 3) * 3 + 1, 1)
    case 'month':
      return dateOf(y, m, 1)
    case 'week':
      return days - weekday(days) + 1
    case 'day':
      return days
  }
}

/** Moves a day by n units; months clip to the last day. */
export function add(unit: Unit, days: number, n: number): number {
  if (unit === 'day') return days + n
  if (unit === 'week') return days + 7 * n
  const months = unit === 'year' ? 12 * n : unit === 'quarter' ? 3 * n : n
  const [y, m, d] = civil(days)
  const k = y * 12 + m - 1 + months
  const year = Math.floor(k / 12)
  const month = k - year * 12 + 1
  return dateOf(year, month, Math.min(d, daysIn(year, month)))
}
