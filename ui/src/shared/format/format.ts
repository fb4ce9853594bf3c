import { formatDate } from '../formula/calendar'
import { dayIn } from '../formula/zone'

/** Where and how a reader reads: the language tag, their time zone, the workspace's currency. */
export type Reader = { language: string; zone: string; currency: string; now?: () => Date }

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>()

function cached<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: () => T,
): T {
  const had = cache.get(key) as T | undefined
  if (had) return had
  const made = make()
  cache.set(key, made)
  return made
}

const numbers = (language: string, o: Intl.NumberFormatOptions) =>
  cached(`n|${language}|${JSON.stringify(o)}`, () => new Intl.NumberFormat(language, o))
const dates = (language: string, o: Intl.DateTimeFormatOptions) =>
  cached(`d|${language}|${JSON.stringify(o)}`, () => new Intl.DateTimeFormat(language, o))

/** A number with thousands separators; `scale` fixes the decimals, without it up to six are shown. */
export function formatNumber(n: number, r: Reader, scale?: number): string {
  const digits =
    scale === undefined ? { maximumFractionDigits: 6 } : { minimumFractionDigits: scale, maximumFractionDigits: scale }
  return numbers(r.language, digits).format(n)
}

/** An amount with its currency's sign: `¥437,520.00`. Whole amounts keep `scale` decimals unless it is left out. */
export function formatMoney(n: number, r: Reader, currency = r.currency, scale?: number): string {
  const digits =
    scale === undefined
      ? { maximumFractionDigits: 2, minimumFractionDigits: 0 }
      : { minimumFractionDigits: scale, maximumFractionDigits: scale }
  return numbers(r.language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...digits }).format(n)
}

/** 12.5 is 12.5 %. */
export const formatPercent = (n: number, r: Reader, scale?: number): string =>
  numbers(r.language, {
    style: 'percent',
    minimumFractionDigits: scale ?? 0,
    maximumFractionDigits: scale ?? 2,
  }).format(n / 100)

/** A figure short enough for an axis or a card: 1.2万, 3.4M. */
export const formatCompact = (n: number, r: Reader): string =>
  numbers(r.language, { notation: 'compact', maximumFractionDigits: 1 }).format(n)

/** An amount short enough for a card: ¥120万, $3.4M. */
export const formatCompactMoney = (n: number, r: Reader, currency = r.currency): string =>
  numbers(r.language, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    maximumFractionDigits: 1,
  }).format(n)

/** The calendar day of an instant in the reader's zone, `YYYY-MM-DD`. */
export const dayOf = (instant: Date, r: Reader): string => formatDate(dayIn(instant.getTime(), r.zone))

/** Days since 1970-01-01 of a `YYYY-MM-DD`; NaN where it is none. */
export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000)

export const today = (r: Reader): string => dayOf(r.now?.() ?? new Date(), r)

/** Chinese dates as people write them, with a space before the day of the week: `12月11日 周五`. */
export const spaced = (date: string): string => date.replace(/日(?=周|星期)/, '日 ')

/** A day: `12月11日`, with its year where that is not this one. */
export function formatDay(day: string, r: Reader, style: 'short' | 'full' = 'short'): string {
  const at = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(at.getTime())) return day
  if (style === 'full')
    return spaced(
      dates(r.language, {
        timeZone: 'UTC',
        year: 'numeric',
        month: 'short',
        day: 'numeric',
        weekday: 'short',
      }).format(at),
    )
  const sameYear = day.slice(0, 4) === today(r).slice(0, 4)
  return dates(r.language, {
    timeZone: 'UTC',
    month: 'short',
    day: 'numeric',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at)
}

/** A day as people say it within a week of today: 今天, 昨天, 下周二 stays a date beyond. */
export function formatDayNear(day: string, r: Reader): string {
  const away = dayNumber(day) - dayNumber(today(r))
  if (Number.isNaN(away)) return day
  if (away >= -1 && away <= 2) {
    const rel = cached(`r|${r.language}|auto`, () => new Intl.RelativeTimeFormat(r.language, { numeric: 'auto' }))
    if (Math.abs(away) <= 1) return capital(rel.format(away, 'day'))
  }
  if (away > 1 && away < 7)
    return dates(r.language, { timeZone: 'UTC', weekday: 'short' }).format(new Date(`${day}T00:00:00Z`))
  return formatDay(day, r)
}

const capital = (s: string) => s.charAt(0).toLocaleUpperCase() + s.slice(1)

/** A point in time in the reader's zone, to the minute. */
export function formatInstant(iso: string, r: Reader, style: 'short' | 'full' = 'short'): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const sameYear = dayOf(at, r).slice(0, 4) === today(r).slice(0, 4)
  const o: Intl.DateTimeFormatOptions = {
    timeZone: r.zone,
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }
  if (style === 'full' || !sameYear) o.year = 'numeric'
  if (style === 'full') Object.assign(o, { weekday: 'short', second: '2-digit' })
  return spaced(dates(r.language, o).format(at))
}

/** How long ago, up to a week; then the date. The exact time belongs on hover. */
export function formatAgo(iso: string, r: Reader): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const seconds = (at.getTime() - (r.now?.() ?? new Date()).getTime()) / 1000
  const rel = cached(`r|${r.language}|auto`, () => new Intl.RelativeTimeFormat(r.language, { numeric: 'auto' }))
  const abs = Math.abs(seconds)
  if (abs < 45) return rel.format(0, 'second')
  if (abs < 45 * 60) return rel.format(Math.round(seconds / 60), 'minute')
  if (abs < 22 * 3600) return rel.format(Math.round(seconds / 3600), 'hour')
  if (abs < 7 * 86_400) return rel.format(Math.round(seconds / 86_400), 'day')
  return formatDay(dayOf(at, r), r)
}
