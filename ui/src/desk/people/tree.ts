import type { Department } from '@/shared/api'

export type Node = Department & { depth: number }

/** Departments as a tree is read: each followed by what is below it. One whose parent is unknown stands at the top. */
export function flatten(list: Department[]): Node[] {
  const known = new Set(list.map((d) => d.id))
  const below = new Map<string, Department[]>()
  for (const d of list) {
    const parent = d.parent && known.has(d.parent) ? d.parent : ''
    below.set(parent, [...(below.get(parent) ?? []), d])
  }
  const out: Node[] = []
  const walk = (parent: string, depth: number) => {
    for (const d of (below.get(parent) ?? []).sort(
      (a, b) => (a.order ?? 0) - (b.order ?? 0) || a.name.localeCompare(b.name),
    )) {
      out.push({ ...d, depth })
      walk(d.id, depth + 1)
    }
  }
  walk('', 0)
  return out
}

/** A department and everything below it, by id. */
export function branch(list: Department[], top: string): Set<string> {
  const out = new Set([top])
  for (let grew = true; grew;) {
    grew = false
    for (const d of list)
      if (d.parent && out.has(d.parent) && !out.has(d.id)) {
        out.add(d.id)
        grew = true
      }
  }
  return out
}
