import type { Wire } from './filter'

/**
 * Which records are chosen: some by id, or all that the list finds but for some. `anchor` is where a range begins.
 */
export type Selection = { all: boolean; ids: ReadonlySet<string>; anchor?: string }

export const nothing: Selection = { all: false, ids: new Set() }
export const everything: Selection = { all: true, ids: new Set() }

export const isChosen = (s: Selection, id: string) => s.all !== s.ids.has(id)

export const isNothing = (s: Selection) => !s.all && s.ids.size === 0

/** The most ids that one condition lists. */
export const mostPicked = 1000

/** The condition that finds exactly what is chosen by id; undefined where all are chosen. */
export function pickedFilter(s: Selection): Wire | undefined {
  if (s.all && s.ids.size === 0) return undefined
  return { field: 'id', op: s.all ? 'nin' : 'in', value: [...s.ids] }
}

/** How many are chosen of `total`; undefined where nobody knows the total. */
export function chosenCount(s: Selection, total: number | undefined): number | undefined {
  if (!s.all) return s.ids.size
  return total === undefined ? undefined : Math.max(0, total - s.ids.size)
}

export function toggle(s: Selection, id: string): Selection {
  const ids = new Set(s.ids)
  if (!ids.delete(id)) ids.add(id)
  return { all: s.all, ids, anchor: id }
}

/** From the anchor to `id` in the order shown; they get the state that `id` gets. */
export function range(s: Selection, id: string, order: readonly string[]): Selection {
  const from = s.anchor === undefined ? -1 : order.indexOf(s.anchor)
  const to = order.indexOf(id)
  if (from < 0 || to < 0) return toggle(s, id)
  const chosen = !isChosen(s, id)
  const ids = new Set(s.ids)
  for (const x of order.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (chosen !== s.all) ids.add(x)
    else ids.delete(x)
  }
  return { all: s.all, ids, anchor: id }
}

/** What is left once records are gone. */
export function without(s: Selection, gone: Iterable<string>): Selection {
  const ids = new Set(s.ids)
  for (const id of gone) ids.delete(id)
  return { ...s, ids }
}
