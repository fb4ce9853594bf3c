import { markOf } from './figures'
import type { CardModel, Line } from './model'

export type Part = { line: Line; value: number; color: string; share: number }

const most = 8

/**
 * Parts of a whole, in the order of the rows. Options keep their own colours where those tell them apart; what is not
 * filled in is grey. Beyond the eighth, parts are drawn as one; `others` counts them.
 */
export function parts(m: CardModel): { list: Part[]; others?: { count: number; value: number; share: number } } {
  const lines = m.lines.filter((l) => (l.values[0] ?? 0) > 0)
  const total = lines.reduce((n, l) => n + l.values[0]!, 0)
  const named = lines.flatMap((l) => (l.labels[0]?.color ? [l.labels[0].color] : []))
  const own = named.length > 1 && new Set(named).size === named.length
  const list = lines.map((line, i): Part => {
    const value = line.values[0]!
    const label = line.labels[0]
    const color = !label?.text ? 'control' : own && label.color ? markOf(label.color) : `c${(i % most) + 1}`
    return { line, value, color, share: total ? (value / total) * 100 : 0 }
  })
  if (list.length <= most) return { list }
  const rest = list.slice(most - 1)
  return {
    list: list.slice(0, most - 1),
    others: {
      count: rest.length,
      value: rest.reduce((n, p) => n + p.value, 0),
      share: rest.reduce((n, p) => n + p.share, 0),
    },
  }
}
