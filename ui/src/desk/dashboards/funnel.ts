import type { Filter } from './drill'
import type { CardModel, Line } from './model'

export type Step = {
  line: Line
  /** Records that are here or further on; what the bar shows. */
  reached: number
  /** Lists exactly those. */
  filter: Filter | undefined
  /** Of those that reached the step before, how many per cent came here. */
  conversion?: number
}

/**
 * A funnel of stages says where records are now, so whoever is further on has been here: a step counts its own and all
 * later ones. Other funnels are taken as they come.
 */
export function steps(m: CardModel, stages: boolean): Step[] {
  const out: Step[] = []
  for (let i = 0; i < m.lines.length; i++) {
    const line = m.lines[i]!
    const later = stages ? m.lines.slice(i) : [line]
    const reached = later.reduce((n, l) => n + (l.values[0] ?? 0), 0)
    const filters = later.filter((l) => (l.values[0] ?? 0) !== 0).map((l) => l.filter)
    const before = out.at(-1)?.reached
    out.push({
      line,
      reached,
      filter:
        filters.length === 0 || filters.some((f) => !f)
          ? undefined
          : filters.length === 1
            ? filters[0]!
            : { or: filters },
      ...(before ? { conversion: (reached / before) * 100 } : {}),
    })
  }
  return out
}
