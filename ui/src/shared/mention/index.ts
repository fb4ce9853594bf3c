import type { User } from '../api'

/** The people whom a text may mean by the `@` before the caret, and where that begins. */
export function suggest(text: string, caret: number, users: User[]): { from: number; users: User[] } | undefined {
  if (caret < 0) return undefined
  const from = text.lastIndexOf('@', caret - 1)
  if (from < 0) return undefined
  const typed = text.slice(from + 1, caret)
  if (typed.length > 30 || /[\s@]/.test(typed)) return undefined
  const wanted = typed.toLocaleLowerCase()
  return {
    from,
    users: users
      .filter(
        (u) =>
          u.active && (u.name.toLocaleLowerCase().includes(wanted) || u.login?.toLocaleLowerCase().startsWith(wanted)),
      )
      .slice(0, 6),
  }
}

/** Ids of everybody whom a text names with an `@`; of names that begin alike the longest counts. */
export function mentioned(text: string, users: User[]): string[] {
  const byLength = [...users].sort((a, b) => b.name.length - a.name.length)
  const out = new Set<string>()
  for (let i = text.indexOf('@'); i >= 0; i = text.indexOf('@', i + 1)) {
    const hit = byLength.find((u) => u.active && u.name && text.startsWith(u.name, i + 1))
    if (hit) out.add(hit.id)
  }
  return [...out].slice(0, 50)
}
