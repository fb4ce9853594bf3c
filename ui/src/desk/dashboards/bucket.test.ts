import { describe, expect, it } from 'vitest'
import { between, bucketOf, daysIn, moved, spanOf, unitOf } from './bucket'

describe('buckets', () => {
  it('are read by their shape', () => {
    expect(['2017', '2017-Q1', '2017-03', '2017-W09', '2017-03-01', '2017-Q5', 'soon'].map(unitOf)).toEqual([
      'year',
      'quarter',
      'month',
      'week',
      'day',
      undefined,
      undefined,
    ])
  })

  it('span their days, the leap day and ISO weeks too', () => {
    expect(spanOf('2024-02')).toEqual({ from: '2024-02-01', to: '2024-02-29' })
    expect(spanOf('2017-Q4')).toEqual({ from: '2017-10-01', to: '2017-12-31' })
    expect(spanOf('2020-W53')).toEqual({ from: '2020-12-28', to: '2021-01-03' })
    expect(spanOf('2017-13')).toBeUndefined()
  })

  it('hold the days of their span', () => {
    for (const day of ['2016-01-03', '2020-12-31', '2021-01-03', '2021-01-04', '2024-02-29', '2026-11-29'])
      for (const unit of ['day', 'week', 'month', 'quarter', 'year'] as const) {
        const span = spanOf(bucketOf(day, unit))!
        expect(span.from <= day && day <= span.to, `${day} in its ${unit}`).toBe(true)
      }
  })

  it('move across years', () => {
    expect(moved('2017-Q1', -1)).toBe('2016-Q4')
    expect(moved('2017-12', 1)).toBe('2018-01')
    expect(moved('2020-W53', 1)).toBe('2021-W01')
    expect(moved('2020-02-29', 1)).toBe('2020-03-01')
  })

  it('are listed without gaps, up to a limit', () => {
    expect(between('2017-11', '2018-02')).toEqual(['2017-11', '2017-12', '2018-01', '2018-02'])
    expect(between('0001-01-01', '9999-12-31')).toHaveLength(400)
    expect(daysIn({ from: '2026-10-01', to: '2026-12-31' })).toBe(92)
  })
})
