import { describe, expect, it } from 'vitest'
import { frameOf } from './frame'
import { barsOf, figuresOf, runOf } from './marks'
import { sharesOf } from './RingChart'
import { ticksOf } from './scale'
import { tipOf } from './SequenceChart'
import type { SequenceSpec } from './spec'
import { apart, cut, spread, widthOf } from './text'

const spec = (n: number, more: Partial<SequenceSpec> = {}): SequenceSpec => ({
  axis: Array.from({ length: n }, (_, i) => `a${i}`),
  names: Array.from({ length: n }, (_, i) => `place ${i}`),
  series: [{ title: 'Sum', color: 'c1', values: Array.from({ length: n }, (_, i) => (i === 1 ? null : i)) }],
  short: (v) => `~${v}`,
  tick: (v) => `${v}`,
  exact: (v) => `= ${v}`,
  ...more,
})
const two = (first: (number | null)[], second: (number | null)[], more: Partial<SequenceSpec> = {}) =>
  spec(first.length, {
    series: [
      { title: 'A', color: 'c1', values: first },
      { title: 'B', color: 'c2', values: second },
    ],
    ...more,
  })
const size = { width: 600, height: 240 }
const bars = (s: SequenceSpec) => barsOf(s, frameOf(s, 'bar', size))
/** The box of a path of ours: its numbers come as pairs, but for V and H. */
const heights = (d: string) => [...d.matchAll(/[MVQL ](-?[\d.]+)(?=[A-Z]|$)/g)].map((m) => Number(m[1]))

describe('the axis of figures', () => {
  it.each([
    [0, 9, [0, 3, 6, 9]],
    [0, 10, [0, 3, 6, 9, 12]],
    [0, 1_234_567, [0, 500_000, 1_000_000, 1_500_000]],
    [-4, 7, [-6, -3, 0, 3, 6, 9]],
    [0, 0, [0, 1]],
    [0, 0.3, [0, 0.1, 0.2, 0.3]],
    [12, 17, [0, 5, 10, 15, 20]],
    [-30, -10, [-30, -20, -10, 0]],
  ])('from %d to %d', (low, high, want) => expect(ticksOf(low, high)).toEqual(want))

  it('is as wide as its texts, and has the sums of what stands on each other', () => {
    const f = frameOf(two([60, 10], [60, 20], { stacked: true }), 'bar', size)
    expect(f.ticks.at(-1)!.text).toBe('150')
    expect(f.y(120)).toBeGreaterThan(f.top)
    const long = frameOf(spec(3, { tick: (v) => `${v},000,000,000` }), 'bar', size)
    expect(long.left).toBeGreaterThan(f.left + 40)
  })
})

describe('bars', () => {
  it('leave a hole where there is no figure, and are pale where the time is not over', () => {
    expect(bars(spec(3, { open: 2 })).map((b) => [b.place, b.open])).toEqual([
      [0, false],
      [2, true],
    ])
  })

  it('carry their figures while there is room', () => {
    const s = spec(3)
    expect(figuresOf(s, frameOf(s, 'bar', size), 'bar').map((l) => l.text)).toEqual(['~0', '~2'])
    const many = spec(40)
    expect(figuresOf(many, frameOf(many, 'bar', size), 'bar')).toEqual([])
    const narrow = spec(16, { short: () => '1,234,567' })
    expect(figuresOf(narrow, frameOf(narrow, 'bar', size), 'bar').length).toBeLessThan(15)
  })

  it('stand on each other when told so, up and down from zero', () => {
    const s = two([2, 3], [4, -5], { stacked: true })
    const f = frameOf(s, 'bar', size)
    const [a, b, , d] = barsOf(s, f).map((x) => x.d)
    expect(a).toContain(`M${tenth(f.x(0) - 20)} ${tenth(f.y(0))}V`)
    expect(b).toContain(` ${tenth(f.y(2))}V`)
    expect(Math.min(...heights(b!))).toBeCloseTo(f.y(6), 0)
    expect(d).toContain(` ${tenth(f.y(0))}V`)
    expect(heights(d!).every((y) => y >= f.y(0) - 0.1)).toBe(true)
  })

  it('stand side by side within their place', () => {
    const s = two([1, 1], [1, 1])
    const f = frameOf(s, 'bar', size)
    const lefts = barsOf(s, f).map((b) => Number(/^M([\d.]+)/.exec(b.d)![1]))
    expect(lefts[0]).toBeGreaterThan(f.left)
    expect(lefts[2]! - lefts[0]!).toBeGreaterThan(30)
    expect(lefts[1]!).toBeLessThan(f.left + f.band)
  })
})
const tenth = (v: number) => Math.round(v * 10) / 10

it('a line breaks where there is no figure', () => {
  const s = spec(4)
  const run = runOf(s, frameOf(s, 'line', size), 0)
  expect(run.line.match(/M/g)).toHaveLength(2)
  expect(run.area.match(/Z/g)).toHaveLength(2)
  expect(run.points.map((p) => p.place)).toEqual([0, 2, 3])
})

it('figures of a line stand where it does not run through them', () => {
  const s = spec(3, { series: [{ title: '', color: 'c1', values: [5, 1, 5] }] })
  const f = frameOf(s, 'line', size)
  const [first, low] = figuresOf(s, f, 'line')
  expect(first!.y).toBeLessThan(f.y(5))
  expect(low!.y).toBeGreaterThan(f.y(1))
})

it('figures of a line stand on no name below it', () => {
  const s = spec(3, { series: [{ title: '', color: 'c1', values: [5, 0, 5] }] })
  const f = frameOf(s, 'line', size)
  expect(figuresOf(s, f, 'line').every((l) => l.y <= f.bottom)).toBe(true)
})

it('a pixel belongs to the place that is drawn there', () => {
  const f = frameOf(spec(5), 'bar', size)
  expect([0, 1, 2, 3, 4].map((i) => f.at(f.x(i)))).toEqual([0, 1, 2, 3, 4])
  expect([f.at(f.left - 1), f.at(f.right)]).toEqual([undefined, undefined])
})

it('nothing breaks where there is nothing, or no room', () => {
  for (const s of [spec(0), spec(3, { series: [] }), spec(1, { series: [{ title: '', color: 'c1', values: [null] }] })])
    for (const z of [size, { width: 10, height: 10 }])
      for (const kind of ['bar', 'line'] as const) {
        const f = frameOf(s, kind, z)
        const paths = [...barsOf(s, f).map((b) => b.d), ...s.series.map((_, i) => runOf(s, f, i).line)]
        expect(paths.join('')).not.toMatch(/NaN|Infinity/)
        expect(f.ticks.length).toBeGreaterThan(1)
      }
})

describe('labels', () => {
  it('keep apart', () => {
    expect(apart([10, 20, 60, 70, 110].map((x) => ({ x, width: 30 }))).map((l) => l.x)).toEqual([10, 60, 110])
    expect(spread([50, 52, 51, 90], 0, 100)).toEqual([50, 82, 66, 98])
    expect(spread([98, 99], 0, 100)).toEqual([84, 100])
  })

  it('know Chinese to be wider, and are cut where they are too long', () => {
    expect(widthOf('季度')).toBe(24)
    expect(widthOf('12')).toBeLessThan(15)
    expect(cut('华东大区', 100)).toBe('华东大区')
    expect(cut('华东大区华南大区', 60)).toBe('华东大区…')
  })
})

it('a ring has no room for what is not above zero', () => {
  const part = (value: number) => ({ title: '', value, color: 'c1', more: '' })
  expect(sharesOf({ parts: [part(3), part(-2), part(1)], exact: String })).toEqual([
    { from: 0, to: 0.75 },
    { from: 0.75, to: 0.75 },
    { from: 0.75, to: 1 },
  ])
  expect(sharesOf({ parts: [part(0)], exact: String })).toEqual([{ from: 0, to: 0 }])
})

it('a tooltip says a place in full, and leaves out what is missing', () => {
  const s = two([1, null], [2, 3], { more: () => [['Count', '7']], hint: 'open' })
  expect(tipOf(s, 1)).toEqual({
    title: 'place 1',
    rows: [
      { color: 'c2', title: 'B', text: '= 3' },
      { title: 'Count', text: '7' },
    ],
    hint: 'open',
  })
})
