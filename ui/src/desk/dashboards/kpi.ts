import type { Style } from './figures'

export type Change = {
  way: 'up' | 'down' | 'same'
  /** By how much: per cent of what was before, or percentage points of a percentage. */
  by: number
  points: boolean
  /** What it means for the reader; a number of days is neither good nor bad unless the card says so. */
  mood: 'good' | 'bad' | 'plain'
}

/** How a figure stands to that of the period before; undefined where there is nothing to compare with. */
export function changeOf(
  now: number | null,
  before: number | null | undefined,
  style: Style,
  better?: 'higher' | 'lower',
): Change | undefined {
  if (now === null || before === null || before === undefined) return undefined
  const points = style.kind === 'percent'
  if (!points && before === 0) return undefined
  const by = points ? now - before : ((now - before) / Math.abs(before)) * 100
  const way = Math.abs(by) < 0.05 ? 'same' : by > 0 ? 'up' : 'down'
  const silent = way === 'same' || (style.kind === 'days' && better === undefined)
  const mood = silent ? 'plain' : (way === 'up') === (better !== 'lower') ? 'good' : 'bad'
  return { way, by: Math.abs(by), points, mood }
}

export type Pace = {
  /** Per cent of the target; for percentages the figure itself. */
  done: number
  /** Where the figure would be if it grew with the days, in per cent of the target; undefined once the period is over. */
  due?: number
  /** Percentage points ahead of that, or of the target where time plays no part; negative behind. */
  ahead?: number
}

/** How far a figure is to its target, and whether that is enough for the days that are over. */
export function paceOf(
  now: number | null,
  target: number | undefined,
  style: Style,
  range: { days: number; elapsed: number } | undefined,
): Pace | undefined {
  if (target === undefined || target <= 0) return undefined
  const value = now ?? 0
  const done = (value / target) * 100
  if (style.kind === 'percent' || style.kind === 'days') return { done, ahead: value - target }
  if (!range || range.elapsed >= range.days || range.elapsed <= 0) return { done }
  const due = (range.elapsed / range.days) * 100
  return { done, due, ahead: done - due }
}
