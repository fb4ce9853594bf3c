import { ticksOf } from './scale'
import type { SequenceSpec } from './spec'
import { apart, lineHeight, widthOf } from './text'

export type Size = { width: number; height: number }
export type Kind = 'bar' | 'line'

/** As many places can have a figure at each mark; with more, figures are left to the tooltip and the table. */
export const labelled = 16

/** Where everything of a sequence stands, in pixels. */
export type Frame = {
  left: number
  right: number
  top: number
  bottom: number
  /** The width of a place. */
  band: number
  x: (place: number) => number
  y: (value: number) => number
  ticks: { y: number; text: string; zero: boolean }[]
  names: { x: number; lines: string[] }[]
  /** The place at a pixel; undefined beside the sequence. */
  at: (x: number) => number | undefined
}

export function frameOf(spec: SequenceSpec, kind: Kind, { width, height }: Size): Frame {
  const values = ticksOf(...extent(spec))
  const texts = values.map((v) => spec.tick(v))
  const left = Math.ceil(4 + Math.max(...texts.map(widthOf)) + 8)
  const right = width - (kind === 'bar' ? 8 : spec.series.length > 1 ? 96 : 24)
  const rows = Math.max(1, ...spec.axis.map((n) => n.split('\n').length))
  const top = 24
  const bottom = height - 4 - 8 - rows * lineHeight
  const band = Math.max(0, right - left) / Math.max(1, spec.axis.length)
  const [low, high] = [values[0]!, values.at(-1)!]
  const y = (v: number) => bottom - ((v - low) / (high - low)) * (bottom - top)
  const x = (place: number) => left + (place + 0.5) * band
  const names = spec.axis.map((name, place) => {
    const lines = name.split('\n')
    return { x: x(place), lines, width: Math.max(...lines.map(widthOf)) }
  })
  return {
    left,
    right,
    top,
    bottom,
    band,
    x,
    y,
    ticks: values.map((v, i) => ({ y: y(v), text: texts[i]!, zero: v === 0 })),
    names: apart(names),
    at: (px) => (px < left || px >= right || band === 0 ? undefined : Math.floor((px - left) / band)),
  }
}

/** The least and the greatest that is drawn: where series stand on each other, their sums. */
function extent(spec: SequenceSpec): [number, number] {
  let [low, high] = [0, 0]
  for (let place = 0; place < spec.axis.length; place++) {
    let [below, above] = [0, 0]
    for (const s of spec.series) {
      const v = s.values[place] ?? 0
      if (!spec.stacked) [below, above] = [Math.min(below, v), Math.max(above, v)]
      else if (v < 0) below += v
      else above += v
    }
    low = Math.min(low, below)
    high = Math.max(high, above)
  }
  return [low, high]
}
