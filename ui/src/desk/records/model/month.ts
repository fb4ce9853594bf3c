import { dayNumber } from '@/shared/format'

const iso = (n: number) => new Date(n * 86_400_000).toISOString().slice(0, 10)

/** The days that a month's page shows: whole weeks from Monday, four to six of them. */
export function daysOfPage(month: string): string[] {
  const first = dayNumber(`${month}-01`)
  const start = first - ((new Date(first * 86_400_000).getUTCDay() + 6) % 7)
  const last = dayNumber(`${addMonths(month, 1)}-01`) - 1
  const weeks = Math.ceil((last - start + 1) / 7)
  return Array.from({ length: weeks * 7 }, (_, i) => iso(start + i))
}

/** A month so many months away: `2026-12` and one is `2027-01`. */
export function addMonths(month: string, n: number): string {
  const [y = 0, m = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(y, m - 1 + n, 1)).toISOString().slice(0, 7)
}
