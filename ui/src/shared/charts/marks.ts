import { labelled, type Frame, type Kind } from './frame'
import type { SequenceSpec } from './spec'
import { apart, widthOf, type Place } from './text'

export type Bar = { place: number; series: number; d: string; open: boolean }

/** Bars of a sequence: side by side or on each other, rounded at their free end. */
export function barsOf(spec: SequenceSpec, f: Frame): Bar[] {
  const side = spec.stacked ? 1 : spec.series.length
  const room = f.band * 0.8
  const each = Math.max(1, Math.min(40, room / (side + (side - 1) * 0.3)))
  const step = each * 1.3
  const whole = each + (side - 1) * step
  const out: Bar[] = []
  for (let place = 0; place < spec.axis.length; place++) {
    const ends = spec.stacked ? lastOf(spec, place) : undefined
    let [below, above] = [0, 0]
    spec.series.forEach((s, series) => {
      const v = s.values[place]
      if (v == null) return
      const from = spec.stacked ? (v < 0 ? below : above) : 0
      const to = from + v
      if (v < 0) below = to
      else above = to
      if (spec.stacked && v === 0) return
      const x = f.x(place) - whole / 2 + (spec.stacked ? 0 : series * step)
      const d = barPath(x, f.y(from), each, f.y(to), !ends || ends.has(series))
      out.push({ place, series, d, open: place === spec.open })
    })
  }
  return out
}

/** The outermost series of a pile, upwards and downwards. */
function lastOf(spec: SequenceSpec, place: number): Set<number> {
  let [up, down] = [-1, -1]
  spec.series.forEach((s, i) => {
    const v = s.values[place] ?? 0
    if (v > 0) up = i
    if (v < 0) down = i
  })
  return new Set([up, down])
}

/** From its foot to its end; at least a pixel high. */
function barPath(x: number, foot: number, width: number, end: number, rounded: boolean): string {
  const down = end > foot
  const height = Math.max(1, Math.abs(end - foot))
  const r = rounded ? Math.min(3, width / 2, height) : 0
  const dir = down ? 1 : -1
  const at = foot + dir * height
  return `M${n(x)} ${n(foot)}V${n(at - dir * r)}Q${n(x)} ${n(at)} ${n(x + r)} ${n(at)}H${n(x + width - r)}Q${n(x + width)} ${n(at)} ${n(x + width)} ${n(at - dir * r)}V${n(foot)}Z`
}

export type Run = { line: string; area: string; points: { place: number; x: number; y: number; open: boolean }[] }

/** The line of a series: broken where there is no figure. */
export function runOf(spec: SequenceSpec, f: Frame, series: number): Run {
  const points: Run['points'] = []
  let [line, area, open] = ['', '', false]
  spec.series[series]!.values.forEach((v, place) => {
    if (v == null) {
      if (open) area += `V${n(f.y(0))}Z`
      open = false
      return
    }
    const [x, y] = [f.x(place), f.y(v)]
    line += `${open ? 'L' : 'M'}${n(x)} ${n(y)}`
    area += open ? `L${n(x)} ${n(y)}` : `M${n(x)} ${n(f.y(0))}V${n(y)}`
    points.push({ place, x, y, open: place === spec.open })
    open = true
  })
  if (open) area += `V${n(f.y(0))}Z`
  return { line, area, points }
}

/** Figures at the marks of the only series, where there is room: over bars, and where a line does not run through them. */
export function figuresOf(spec: SequenceSpec, f: Frame, kind: Kind): Place[] {
  if (spec.series.length !== 1 || spec.axis.length > labelled) return []
  const values = spec.series[0]!.values
  const all = values.flatMap((v, place) => {
    if (v == null) return []
    const text = spec.short(v)
    const beside = [values[place - 1], values[place + 1]]
    // in the valley of a line the figure stands below it, but never on the names of the places
    const low = kind === 'line' && beside.every((b) => b != null && b > v) && f.y(v) + 20 <= f.bottom
    const y = kind === 'bar' ? f.y(Math.max(0, v)) - 8 : f.y(v) + (low ? 20 : -8)
    return [{ x: f.x(place), y, text, width: widthOf(text) }]
  })
  return apart(all, 4)
}

/** A part of a ring between two shares of the whole, from the top on. */
export function arcPath(from: number, to: number, middle: number, inner: number, outer: number): string {
  if (to - from >= 1) return `${arcPath(0, 0.5, middle, inner, outer)}${arcPath(0.5, 0.999999, middle, inner, outer)}`
  const point = (share: number, r: number) => {
    const a = share * 2 * Math.PI
    return `${n(middle + r * Math.sin(a))} ${n(middle - r * Math.cos(a))}`
  }
  const large = to - from > 0.5 ? 1 : 0
  return `M${point(from, outer)}A${outer} ${outer} 0 ${large} 1 ${point(to, outer)}L${point(to, inner)}A${inner} ${inner} 0 ${large} 0 ${point(from, inner)}Z`
}

/** A tenth of a pixel is exact enough. */
const n = (v: number) => Math.round(v * 10) / 10
