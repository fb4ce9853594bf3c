const day = 86_400_000
const plus = (from: string, n: number) => new Date(Date.parse(`${from}T00:00:00Z`) + n * day).toISOString().slice(0, 10)

export type Later = { in: number | 'monday'; day: string }

/** The days that a thing may be put off to: in so many days from today, and next Monday. */
export function laterDays(today: string, days: readonly number[] = [1, 3]): Later[] {
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7 // Monday is 0
  const offers: Later[] = days.filter((n) => n > 0).map((n) => ({ in: n, day: plus(today, n) }))
  const monday = plus(today, 7 - weekday)
  if (!offers.some((o) => o.day === monday)) offers.push({ in: 'monday', day: monday })
  return offers.sort((a, b) => (a.day < b.day ? -1 : 1))
}
