import { describe, expect, it } from 'vitest'
import { askOf, bucketFor, daysOf, periodIn, progressOf, withPeriod } from './period'

const params = (s: string) => new URLSearchParams(s)
const today = '2026-11-29'

describe('the period filter', () => {
  it('stands in the address, and comes back from it', () => {
    const p = withPeriod(params('department=d1'), { kind: 'named', name: '2017-Q3' }, 'this-quarter')
    expect(p.toString()).toBe('department=d1&period=2017-Q3')
    expect(periodIn(p, 'this-quarter')).toEqual({ kind: 'named', name: '2017-Q3' })
    const days = withPeriod(p, { kind: 'days', from: '2017-01-01' }, 'this-quarter')
    expect(days.toString()).toBe('department=d1&from=2017-01-01')
    expect(periodIn(days, 'this-quarter')).toEqual({ kind: 'days', from: '2017-01-01' })
  })

  it("leaves a dashboard's own period out of the address, and keeps all time in it where that is another", () => {
    expect(withPeriod(params('period=all'), { kind: 'named', name: 'this-quarter' }, 'this-quarter').toString()).toBe(
      '',
    )
    expect(withPeriod(params(''), { kind: 'all' }, 'this-quarter').toString()).toBe('period=all')
    expect(withPeriod(params('period=2017'), { kind: 'all' }).toString()).toBe('')
  })

  it('falls back to the own period where the address makes no sense', () => {
    expect(periodIn(params('period=someday'), 'this-year')).toEqual({ kind: 'named', name: 'this-year' })
    expect(periodIn(params('from=yesterday'), 'this-year')).toEqual({ kind: 'named', name: 'this-year' })
    expect(periodIn(params(''))).toEqual({ kind: 'all' })
  })

  it('asks the server for what the address says, and for nothing where it says nothing', () => {
    expect(askOf(params(''))).toEqual({})
    expect(askOf(params('period=all'))).toEqual({ period: 'all' })
    expect(askOf(params('period=last-month&department=d1'))).toEqual({ period: 'last-month', department: 'd1' })
    expect(askOf(params('from=2017-01-01&to=2017-03-31'))).toEqual({ from: '2017-01-01', to: '2017-03-31' })
    expect(askOf(params('period=nonsense'))).toEqual({})
  })

  it('knows the days that a name means today', () => {
    expect(bucketFor('last-quarter', today)).toBe('2026-Q3')
    expect(bucketFor('yesterday', '2026-03-01')).toBe('2026-02-28')
    expect(daysOf({ kind: 'named', name: 'this-quarter' }, today)).toEqual({ from: '2026-10-01', to: '2026-12-31' })
    expect(daysOf({ kind: 'all' }, today)).toEqual({})
  })

  it('says how far today is into it', () => {
    const p = progressOf({ kind: 'named', name: 'this-quarter' }, today)!
    expect([p.day, p.days, p.percent.toFixed(1)]).toEqual([60, 92, '65.2'])
    expect(progressOf({ kind: 'named', name: 'last-quarter' }, today)).toBeUndefined()
    expect(progressOf({ kind: 'days', from: '2026-01-01' }, today)).toBeUndefined()
  })
})
