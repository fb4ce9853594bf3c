/** Buckets of time as the server names them: `2017`, `2017-Q1`, `2017-03`, `2017-W09` (ISO 8601), `2017-03-01`. */
export const units = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Unit = (typeof units)[number]
export type Span = { from: string; to: string }

const shapes: [Unit, RegExp][] = [
  ['year', /^(\d{4})$/],
  ['quarter', /^(\d{4})-Q([1-4])$/],
  ['month', /^(\d{4})-(\d{2})$/],
  ['week', /^(\d{4})-W(\d{2})$/],
  ['day', /^(\d{4})-(\d{2})-(\d{2})$/],
]

/** The unit of a bucket; undefined where it is none. */
export const unitOf = (bucket: string): Unit | undefined => shapes.find(([, re]) => re.test(bucket))?.[0]

const DAY = 86_400_000
const utc = (y: number, m: number, d: number) => Date.UTC(y, m, d)
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const two = (n: number) => String(n).padStart(2, '0')
const at = (day: string) => Date.parse(`${day}T00:00:00Z`)

/** Monday of an ISO week. */
function monday(year: number, week: number): number {
  const fourth = utc(year, 0, 4) // always in week 1
  return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY + (week - 1) * 7 * DAY
}

/** The bucket of a unit that a `YYYY-MM-DD` lies in. */
export function bucketOf(day: string, unit: Unit): string {
  const [y, m] = [day.slice(0, 4), Number(day.slice(5, 7))]
  switch (unit) {
    case 'year':
      return y
    case 'quarter':
      return `${y}-Q${Math.ceil(m / 3)}`
    case 'month':
      return day.slice(0, 7)
    case 'day':
      return day
    case 'week': {
      const thursday = at(day) + (3 - ((new Date(at(day)).getUTCDay() + 6) % 7)) * DAY
      const year = new Date(thursday).getUTCFullYear()
      return `${year}-W${two(Math.round((thursday - monday(year, 1) - 3 * DAY) / (7 * DAY)) + 1)}`
    }
  }
}

/** First and last day of a bucket; undefined where it is none. */
export function spanOf(bucket: string): Span | undefined {
  const unit = unitOf(bucket)
  const [, a, b, c] = shapes.find(([u]) => u === unit)?.[1].exec(bucket) ?? []
  const [y, n] = [Number(a), Number(b)]
  switch (unit) {
    case 'year':
      return { from: `${a}-01-01`, to: `${a}-12-31` }
    case 'quarter':
      return { from: iso(utc(y, n * 3 - 3, 1)), to: iso(utc(y, n * 3, 0)) }
    case 'month':
      return n >= 1 && n <= 12 ? { from: iso(utc(y, n - 1, 1)), to: iso(utc(y, n, 0)) } : undefined
    case 'week':
      return { from: iso(monday(y, n)), to: iso(monday(y, n) + 6 * DAY) }
    case 'day':
      return Number.isNaN(at(`${a}-${b}-${c}`)) ? undefined : { from: bucket, to: bucket }
    default:
      return undefined
  }
}

/** The bucket that is `n` further, or back where `n` is negative. */
export function moved(bucket: string, n: number): string {
  const unit = unitOf(bucket)
  const span = spanOf(bucket)
  if (!unit || !span) return bucket
  const [y, m] = [Number(span.from.slice(0, 4)), Number(span.from.slice(5, 7)) - 1]
  switch (unit) {
    case 'year':
      return String(y + n).padStart(4, '0')
    case 'quarter':
      return bucketOf(iso(utc(y, m + 3 * n, 1)), 'quarter')
    case 'month':
      return bucketOf(iso(utc(y, m + n, 1)), 'month')
    default:
      return bucketOf(iso(at(span.from) + n * (unit === 'week' ? 7 : 1) * DAY), unit)
  }
}

/** All buckets from one to another of the same unit, both included; at most `limit`. */
export function between(first: string, last: string, limit = 400): string[] {
  const out: string[] = []
  for (let b = first; b <= last && out.length < limit; b = moved(b, 1)) out.push(b)
  return out
}

/** Days from the first to the last of a span, both counted. */
export const daysIn = (s: Span) => Math.round((at(s.to) - at(s.from)) / DAY) + 1
