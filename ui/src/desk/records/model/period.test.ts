import { describe, expect, it } from 'vitest'
import { daysOf, isPeriod, type Period } from './period'

describe('periods', () => {
  it.each<[Period, string, string]>([
    ['today', '2026-11-29', '2026-11-29'],
    ['this-week', '2026-11-23', '2026-11-29'], // a Sunday ends its week
    ['next-week', '2026-11-30', '2026-12-06'],
    ['last-month', '2026-10-01', '2026-10-31'],
    ['this-quarter', '2026-10-01', '2026-12-31'],
    ['next-quarter', '2027-01-01', '2027-03-31'],
    ['last-year', '2025-01-01', '2025-12-31'],
    [{ last: 7, unit: 'day' }, '2026-11-23', '2026-11-29'],
    [{ next: 60, unit: 'day' }, '2026-11-29', '2027-01-27'],
    [{ next: 2, unit: 'week' }, '2026-11-23', '2026-12-06'],
    [{ last: 3, unit: 'month' }, '2026-09-01', '2026-11-30'],
    ['2026-Q1', '2026-01-01', '2026-03-31'],
    ['2026-W01', '2025-12-29', '2026-01-04'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2024-02-29', '2024-02-29', '2024-02-29'],
    ['2017', '2017-01-01', '2017-12-31'],
    [{ from: '2026-01-01' }, '2026-01-01', ''],
  ])('%o covers its days', (p, from, to) => {
    expect(isPeriod(p)).toBe(true)
    expect(daysOf(p, '2026-11-29')).toEqual(to ? { from, to } : { from })
  })

  it('knows what is none', () => {
    for (const v of ['', 'someday', '2026-Q5', {}, { last: 0, unit: 'day' }, { last: 3, unit: 'aeon' }, null, 7])
      expect(isPeriod(v)).toBe(false)
  })
})
