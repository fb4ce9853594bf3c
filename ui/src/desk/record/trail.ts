/** The list that a record was opened from, so that its page can lead to the one before and after. */
export type Trail = { form: string; ids: string[]; title: string; to: string }

const stored = 'formwork.trail'

/** A list says what it shows as somebody opens one of its records; kept for this tab. */
export function layTrail(t: Trail) {
  sessionStorage.setItem(stored, JSON.stringify({ ...t, ids: t.ids.slice(0, 2000) }))
}

/** The trail that a record stands on: its place in it, and the neighbours. */
export function trailOf(
  form: string,
  id: string,
): { trail: Trail; place: number; previous?: string; next?: string } | undefined {
  try {
    const trail = JSON.parse(sessionStorage.getItem(stored) ?? 'null') as Trail | null
    const place = trail?.form === form ? trail.ids.indexOf(id) : -1
    if (!trail || place < 0) return undefined
    return { trail, place, previous: trail.ids[place - 1], next: trail.ids[place + 1] }
  } catch {
    return undefined
  }
}
