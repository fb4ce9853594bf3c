const day = 86_400_000
const plus = (from: string, n: number) => new Date(Date.parse(`${from}T00:00:00Z`) + n * day).toISOString().slice(0, 10)

/** The days that things are put off to most: tomorrow, in three days, next Monday. */
export function laterDays(today: string): { key: 'tomorrow' | 'inThree' | 'monday'; day: string }[] {
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7 // Monday is 0
  const monday = plus(today, 7 - weekday)
  const days = [
    { key: 'tomorrow' as const, day: plus(today, 1) },
    { key: 'inThree' as const, day: plus(today, 3) },
    { key: 'monday' as const, day: monday },
  ]
  return days.filter((d, i) => days.findIndex((x) => x.day === d.day) === i)
}
