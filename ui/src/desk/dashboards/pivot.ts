import type { CardModel, Label, Line } from './model'

export type Pivot = {
  places: Label[]
  series: { label: Label; values: (number | null)[]; lines: (Line | undefined)[] }[]
}

/** The most series that can be told apart by colour. */
export const maxSeries = 8

const keyOf = (l: Label) => l.bucket ?? l.id ?? l.text

/**
 * Two groups as places and series, for the first figure. Series beyond the eighth, by size, are left to the table; `left`
 * in the caller's hint says so.
 */
export function pivot(m: CardModel, places: Label[]): Pivot {
  const at = new Map(places.map((p, i) => [keyOf(p), i]))
  const of = new Map<string, Pivot['series'][number] & { size: number }>()
  for (const line of m.lines) {
    const [place, name] = line.labels
    const i = place ? at.get(keyOf(place)) : undefined
    if (i === undefined || !name) continue
    const key = keyOf(name)
    const s = of.get(key) ?? {
      label: name,
      values: places.map(() => (m.figures[0]?.additive ? 0 : null)),
      lines: places.map(() => undefined),
      size: 0,
    }
    s.values[i] = line.values[0] ?? null
    s.lines[i] = line
    s.size += Math.abs(line.values[0] ?? 0)
    of.set(key, s)
  }
  const series = [...of.values()].sort((a, b) => b.size - a.size).slice(0, maxSeries)
  return { places, series: series.map(({ label, values, lines }) => ({ label, values, lines })) }
}
