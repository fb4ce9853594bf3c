import { formatDay, type Reader } from './format'

/** What only a locale can say: a quarter or a week of a year. */
export type SayBucket = (unit: 'quarter' | 'week', of: { year: string; n: number }) => string

/** A bucket of time as the server names it (`2017`, `2017-Q1`, `2017-03`, `2017-W09`, `2017-03-01`), as people say it. */
export function formatBucket(bucket: string, r: Reader, say: SayBucket): string {
  const [, year = '', part] = /^(\d{4})(?:-(Q[1-4]|W\d{2}|\d{2}|\d{2}-\d{2}))?$/.exec(bucket) ?? []
  if (!year) return bucket
  if (!part) return year
  if (part.startsWith('Q') || part.startsWith('W'))
    return say(part.startsWith('Q') ? 'quarter' : 'week', { year, n: Number(part.slice(1)) })
  if (part.length === 5) return formatDay(bucket, r)
  const o = { timeZone: 'UTC', year: 'numeric', month: 'short' } as const
  return new Intl.DateTimeFormat(r.language, o).format(new Date(`${bucket}-01T00:00:00Z`))
}
