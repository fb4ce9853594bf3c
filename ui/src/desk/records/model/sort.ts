/** One order: `-field` is descending. */
export const fieldOf = (term: string) => term.replace(/^-/, '')
export const isDown = (term: string) => term.startsWith('-')

/** How many fields a list may be ordered by. */
export const most = 5

/**
 * What a click on a column's head makes of the order: ascending, descending, then none. With `more` (Shift) the column
 * joins those that there are.
 */
export function press(sort: readonly string[], field: string, more: boolean): string[] {
  const at = sort.findIndex((s) => fieldOf(s) === field)
  const had = sort[at]
  const then = had === undefined ? field : isDown(had) ? undefined : `-${field}`
  if (!more) return then === undefined ? [] : [then]
  if (had === undefined) return [...sort, field].slice(-most)
  return sort.flatMap((s, i) => (i !== at ? [s] : then === undefined ? [] : [then]))
}

/** The order as assistive technology names it for a column. */
export function ariaSort(sort: readonly string[], field: string): 'ascending' | 'descending' | undefined {
  const term = sort.find((s) => fieldOf(s) === field)
  return term === undefined ? undefined : isDown(term) ? 'descending' : 'ascending'
}
