/** Where an edit was made; edits with the same mark soon after each other are one step back. */
type Step<T> = { value: T; mark?: string; at: number }

/** What was, what is, and what was undone. Never changed in place. */
export type History<T> = { past: Step<T>[]; present: T; future: T[]; mark?: string; at: number }

const most = 200
const together = 1500

export const newHistory = <T>(present: T): History<T> => ({ past: [], present, future: [], at: 0 })

/**
 * The next state. Edits with the same `mark` within a second and a half of each other, such as the letters of a title,
 * are taken back together.
 */
export function push<T>(h: History<T>, present: T, mark: string | undefined, now: number): History<T> {
  if (Object.is(present, h.present)) return h
  const joins = mark !== undefined && mark === h.mark && now - h.at < together && h.future.length === 0
  const past = joins ? h.past : [...h.past.slice(1 - most), { value: h.present, mark: h.mark, at: h.at }]
  return { past, present, future: [], mark, at: now }
}

export function undo<T>(h: History<T>): History<T> {
  const last = h.past.at(-1)
  if (!last) return h
  return { past: h.past.slice(0, -1), present: last.value, future: [h.present, ...h.future], at: 0 }
}

export function redo<T>(h: History<T>): History<T> {
  const [next, ...future] = h.future
  if (next === undefined) return h
  return { past: [...h.past, { value: h.present, at: 0 }], present: next, future, at: 0 }
}
