import { equal, isObject, type Json, type JsonObject } from './json'

/** By which member the elements of a list are told apart, where they are objects that have it. */
const identities = ['key', 'value', 'form', 'field', 'as', 'from']

function identity(...lists: Json[][]): string | undefined {
  return identities.find((id) =>
    lists.every((l) => {
      const seen = new Set(l.map((x) => (isObject(x) && typeof x[id] === 'string' ? x[id] : undefined)))
      return !seen.has(undefined) && seen.size === l.length
    }),
  )
}

const own = (o: JsonObject, k: string): Json | undefined => (Object.hasOwn(o, k) ? o[k] : undefined)

/**
 * Joins two edits of the same definition. Gives `undefined` where both changed the same thing differently: then a person
 * decides.
 */
export function merge(
  base: Json | undefined,
  mine: Json | undefined,
  theirs: Json | undefined,
): { value: Json | undefined } | undefined {
  if (equal(mine, theirs) || equal(base, theirs)) return { value: mine }
  if (equal(base, mine)) return { value: theirs }
  if (isObject(base) && isObject(mine) && isObject(theirs)) {
    const out: JsonObject = {}
    const keys = new Set([...Object.keys(mine), ...Object.keys(theirs)])
    for (const k of keys) {
      const m = merge(own(base, k), own(mine, k), own(theirs, k))
      if (!m) return undefined
      if (m.value !== undefined) out[k] = m.value
    }
    return { value: out }
  }
  if (Array.isArray(base) && Array.isArray(mine) && Array.isArray(theirs)) return mergeLists(base, mine, theirs)
  return undefined
}

function mergeLists(base: Json[], mine: Json[], theirs: Json[]): { value: Json } | undefined {
  const scalars = [base, mine, theirs].every((l) => l.every((x) => typeof x === 'string'))
  const id = scalars ? undefined : identity(base, mine, theirs)
  if (!scalars && !id) return undefined
  const key = (x: Json) => (id ? String((x as JsonObject)[id]) : String(x))
  const by = (l: Json[]) => new Map(l.map((x) => [key(x), x]))
  const [b, m, t] = [by(base), by(mine), by(theirs)]
  const order = (l: Json[]) => l.map(key).filter((k) => b.has(k) && m.has(k) && t.has(k))
  const ordered = (l: Json[]) => order(l).join('\n')
  const mineMoved = ordered(mine) !== ordered(base)
  if (mineMoved && ordered(theirs) !== ordered(base) && ordered(mine) !== ordered(theirs)) return undefined
  const [lead, other] = mineMoved ? [mine, theirs] : [theirs, mine]
  const keys = lead.map(key)
  other.map(key).forEach((k, i, all) => {
    if (keys.includes(k)) return
    const before = i === 0 ? -1 : keys.indexOf(all[i - 1] ?? '')
    keys.splice(before + 1, 0, k)
  })
  const out: Json[] = []
  for (const k of keys) {
    const r = merge(b.get(k), m.get(k), t.get(k))
    if (!r) return undefined
    if (r.value !== undefined) out.push(r.value)
  }
  return { value: out }
}
