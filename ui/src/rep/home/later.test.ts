import { expect, it } from 'vitest'
import { paceOf } from './blocks/FiguresBlock'
import { laterDays } from './later'

it('offers the days that a definition names, and next Monday', () => {
  expect(laterDays('2026-11-29', [1, 3, 7])).toEqual([
    { in: 1, day: '2026-11-30' }, // a Monday already
    { in: 3, day: '2026-12-02' },
    { in: 7, day: '2026-12-06' },
  ])
  expect(laterDays('2026-12-31')).toEqual([
    { in: 1, day: '2027-01-01' },
    { in: 3, day: '2027-01-03' },
    { in: 'monday', day: '2027-01-04' },
  ])
})

it('knows how much of a period is over', () => {
  expect(paceOf({ from: '2026-11-01', to: '2026-11-30' }, '2026-11-15')).toBe(0.5)
  expect(paceOf({ from: '2026-11-01', to: '2026-11-30' }, '2026-12-05')).toBe(1)
  expect(paceOf({}, '2026-11-15')).toBeUndefined()
})
