import type { Department } from '@/shared/api'

export type Branch = { id: string; name: string; depth: number; /** Names from the top. */ path: string }

/** Departments as a flat list, each below its parent; what has no parent that is known stands at the top. */
export function branches(list: Department[]): Branch[] {
  const known = new Set(list.map((d) => d.id))
  const below = new Map<string, Department[]>()
  for (const d of list) {
    const key = d.parent && known.has(d.parent) ? d.parent : ''
    below.set(key, [...(below.get(key) ?? []), d])
  }
  const out: Branch[] = []
  const seen = new Set<string>()
  const walk = (parent: string, depth: number, path: string) => {
    for (const d of below.get(parent) ?? []) {
      if (seen.has(d.id)) continue
      seen.add(d.id)
      const here = path ? `${path} / ${d.name}` : d.name
      out.push({ id: d.id, name: d.name, depth, path: here })
      walk(d.id, depth + 1, here)
    }
  }
  walk('', 0, '')
  return out
}

/** Those whose name or path holds all the words. */
export function found(list: Branch[], search: string): Branch[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return words.length === 0 ? list : list.filter((b) => words.every((w) => b.path.toLocaleLowerCase().includes(w)))
}
