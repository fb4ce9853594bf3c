import { describe, expect, it } from 'vitest'
import type { Palette } from './palette'
import { ring } from './parts'
import { bars, lines } from './sequence'
import type { SequenceSpec } from './spec'
import { tip } from './tip'

const p: Palette = {
  text: '#000',
  text2: '#111',
  text3: '#222',
  surface: '#fff',
  grid: '#eee',
  axis: '#888',
  font: 'f',
  series: [],
  color: (n) => `color of ${n}`,
}
const spec = (n: number, more: Partial<SequenceSpec> = {}): SequenceSpec => ({
  axis: Array.from({ length: n }, (_, i) => `a${i}`),
  names: Array.from({ length: n }, (_, i) => `place ${i}`),
  series: [{ title: 'Sum', color: 'c1', values: Array.from({ length: n }, (_, i) => (i === 1 ? null : i)) }],
  short: (v) => `~${v}`,
  tick: (v) => `${v}`,
  exact: (v) => `= ${v}`,
  ...more,
})
type Drawn = {
  data: unknown[]
  label: { show: boolean; formatter: (x: { dataIndex: number }) => string }
  stack?: string
}
const series = (o: object) => (o as { series: Drawn[] }).series

describe('bars', () => {
  it('carry their figures while there is room', () => {
    const s = series(bars(spec(3), p))[0]!
    expect(s.label.show).toBe(true)
    expect([0, 1, 2].map((dataIndex) => s.label.formatter({ dataIndex }))).toEqual(['~0', '', '~2'])
    expect(series(bars(spec(40), p))[0]!.label.show).toBe(false)
  })

  it('leave a hole where there is no figure, and are pale where the time is not over', () => {
    const s = series(bars(spec(3, { open: 2 }), p))[0]!
    expect(s.data).toEqual([0, '-', { value: 2, itemStyle: { opacity: 0.55 } }])
  })

  it('stand on each other when told so', () => {
    expect(series(bars(spec(2, { stacked: true }), p))[0]!.stack).toBe('all')
  })
})

it('several lines are named at their ends instead of at every point', () => {
  const two = spec(3)
  const [s] = series(
    lines({ ...two, series: [...two.series, { title: 'B', color: 'c2', values: [1, 2, 3] }] }, p),
  ) as unknown as { endLabel: { show: boolean }; label: { show: boolean } }[]
  expect([s!.endLabel.show, s!.label.show]).toEqual([true, false])
})

it('a ring has the colours of its parts', () => {
  const o = ring({ parts: [{ title: 'A', value: 1, color: 'green', more: '100%' }], exact: String }, p)
  expect((o as { series: { data: unknown[] }[] }).series[0]!.data).toEqual([
    { name: 'A', value: 1, itemStyle: { color: 'color of green' } },
  ])
})

it('a title in a tooltip is text, whatever it holds', () => {
  const box = tip('<img src=x onerror=alert(1)>', [{ title: '<b>', text: '1' }])
  expect(box.querySelector('img')).toBeNull()
  expect(box.textContent).toContain('<img src=x onerror=alert(1)>')
})
