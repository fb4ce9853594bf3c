import { expect, it } from 'vitest'
import { addMonths, daysOfPage } from './month'

it.each([
  ['2026-11', '2026-10-26', '2026-12-06', 42],
  ['2027-02', '2027-02-01', '2027-02-28', 28],
  ['2024-02', '2024-01-29', '2024-03-03', 35],
])('shows %s in whole weeks', (month, first, last, n) => {
  const days = daysOfPage(month)
  expect([days[0], days.at(-1), days.length]).toEqual([first, last, n])
})

it('goes over the turn of the year', () => {
  expect(addMonths('2026-12', 1)).toBe('2027-01')
  expect(addMonths('2026-01', -1)).toBe('2025-12')
})
