import type { TFunction } from 'i18next'
import type { Reader } from '@/shared/format'
import { bucketFor, daysOf, type Period } from './period'
import { spanOf, unitOf } from './bucket'

type T = TFunction<'desk/dashboards'>

const part = (day: string, r: Reader, o: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(r.language, { timeZone: 'UTC', ...o }).format(new Date(`${day}T00:00:00Z`))

/** A bucket as people say it: 2017 年第三季度, Mar 2017. */
export function bucketName(bucket: string, r: Reader, t: T): string {
  const unit = unitOf(bucket)
  const from = spanOf(bucket)?.from
  if (!unit || !from) return bucket
  const year = bucket.slice(0, 4)
  switch (unit) {
    case 'year':
      return part(from, r, { year: 'numeric' })
    case 'quarter':
      return t('bucket.quarter', { year, n: t(`bucket.nth.${bucket.slice(6)}`) })
    case 'month':
      return part(from, r, { year: 'numeric', month: r.language.startsWith('zh') ? 'long' : 'short' })
    case 'week':
      return t('bucket.week', { year, n: Number(bucket.slice(6)) })
    case 'day':
      return part(from, r, { year: 'numeric', month: 'short', day: 'numeric' })
  }
}

/** Buckets on an axis: short, the year under the first and wherever it changes. */
export function axisNames(buckets: string[], r: Reader, t: T): string[] {
  return buckets.map((b, i) => {
    const unit = unitOf(b)
    const from = spanOf(b)?.from
    if (!unit || !from) return b
    const year = b.slice(0, 4)
    if (unit === 'year') return year
    const short =
      unit === 'quarter'
        ? t('bucket.shortQuarter', { n: t(`bucket.nth.${b.slice(6)}`), q: b.slice(6) })
        : unit === 'month'
          ? part(from, r, { month: 'short' })
          : unit === 'week'
            ? t('bucket.shortWeek', { n: Number(b.slice(6)) })
            : part(from, r, { month: 'numeric', day: 'numeric' })
    return i === 0 || buckets[i - 1]!.slice(0, 4) !== year ? `${short}\n${year}` : short
  })
}

/** What the period filter shows: the name of the time, and its days. */
export function periodName(p: Period, today: string, r: Reader, t: T): { name: string; days: string } {
  const { from, to } = daysOf(p, today)
  const short = (d: string) => (d.slice(0, 4) === today.slice(0, 4) ? d.slice(5) : d)
  const days =
    from && to
      ? t('period.fromTo', { from: short(from), to: short(to) })
      : from
        ? t('period.since', { from })
        : to
          ? t('period.until', { to })
          : ''
  if (p.kind === 'all') return { name: t('period.all'), days: '' }
  if (p.kind === 'days') return { name: t('period.custom'), days }
  const bucket = bucketFor(p.name, today)
  return { name: bucket ? bucketName(bucket, r, t) : p.name, days: unitOf(bucket ?? '') === 'day' ? '' : days }
}
