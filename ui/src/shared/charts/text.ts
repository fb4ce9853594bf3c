/** Pixels between the base lines of two lines. */
export const lineHeight = 16

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u

/** About how wide a text of 12 pixels is. Exact enough to keep labels apart, and it asks the page for no layout. */
export function widthOf(text: string): number {
  let n = 0
  for (const c of text) n += wide.test(c) ? 12 : /[A-Z%@MW]/.test(c) ? 8.5 : /[ilj.,:;'|! ]/.test(c) ? 3.6 : 6.9
  return n
}

/** A text cut to a width. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let out = ''
  for (const c of text) {
    if (widthOf(out + c) > width - 10) break
    out += c
  }
  return `${out}…`
}

export type Place = { x: number; y: number; text: string }

/** Leaves out labels, centred at their places from left to right, that would run into the one before. */
export function apart<T extends { x: number; width: number }>(labels: T[], gap = 8): T[] {
  let end = -Infinity
  return labels.filter((l) => {
    if (l.x - l.width / 2 < end + gap) return false
    end = l.x + l.width / 2
    return true
  })
}

/** Moves labels at one edge down, and up again where the lower end is met, until none covers another. */
export function spread(ys: number[], top: number, bottom: number): number[] {
  const order = ys.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y)
  let next = top
  for (const o of order) {
    o.y = Math.max(o.y, next)
    next = o.y + lineHeight
  }
  let limit = bottom
  for (const o of order.reverse()) {
    o.y = Math.min(o.y, limit)
    limit = o.y - lineHeight
  }
  const out: number[] = []
  for (const o of order) out[o.i] = o.y
  return out
}
