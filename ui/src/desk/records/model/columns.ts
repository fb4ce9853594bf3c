import { widthOf, type ListField } from './fields'

/** What a person made of a view's columns; members that are absent follow the view. */
export type ColumnState = {
  /** Keys in the order shown; the first is pinned. */
  order?: string[]
  hidden?: string[]
  widths?: Record<string, number>
  compact?: boolean
  /** Figures under the columns, by field; an empty text is none. */
  summaries?: Record<string, string>
}

export type Column = { field: ListField; width: number }

export const narrowest = 64
export const widest = 800
export const clampWidth = (w: number) => Math.min(widest, Math.max(narrowest, Math.round(w)))

/** Title first: it is what a row is called. */
const first = (keys: string[], title: string | undefined) =>
  title !== undefined && keys.includes(title) ? [title, ...keys.filter((k) => k !== title)] : keys

/**
 * The columns to show: those of the view, as the person arranged them. A field that the view got later comes where the
 * view has it; one that is gone is left out.
 */
export function columnsOf(
  viewFields: readonly string[],
  state: ColumnState,
  find: (key: string) => ListField | undefined,
  titleField: string | undefined,
): Column[] {
  const known = viewFields.filter((k) => find(k)?.shown)
  const hidden = new Set(state.hidden)
  let keys = first(known, titleField)
  if (state.order) {
    const order = state.order.filter((k) => find(k)?.shown)
    const late = keys.filter((k) => !order.includes(k) && !hidden.has(k))
    keys = [...order]
    for (const k of late) keys.splice(Math.min(keys.length, Math.max(1, known.indexOf(k))), 0, k)
  }
  return keys
    .filter((k) => !hidden.has(k))
    .flatMap((k, i) => {
      const field = find(k)
      if (!field) return []
      const natural = i === 0 ? Math.max(252, widthOf(field)) : widthOf(field)
      return [{ field, width: clampWidth(state.widths?.[k] ?? natural) }]
    })
}

/** Moves a column before another one, or to the end; the first stays where it is. */
export function moveColumn(keys: readonly string[], key: string, before: string | undefined): string[] {
  if (key === keys[0] || key === before) return [...keys]
  const rest = keys.filter((k) => k !== key)
  const at = before === undefined ? rest.length : rest.indexOf(before)
  rest.splice(at <= 0 ? (before === undefined ? rest.length : 1) : at, 0, key)
  return rest
}

/** Shows or hides a column. What was hidden comes last again. */
export function showColumn(state: ColumnState, shown: readonly string[], key: string, show: boolean): ColumnState {
  const hidden = new Set(state.hidden)
  if (show) {
    hidden.delete(key)
    return { ...state, hidden: [...hidden], order: shown.includes(key) ? [...shown] : [...shown, key] }
  }
  hidden.add(key)
  return { ...state, hidden: [...hidden], order: shown.filter((k) => k !== key) }
}

/** The columns that stand in sight, so that a wide form draws no more than that. The first is always drawn. */
export function inSight(
  widths: readonly number[],
  left: number,
  width: number,
  margin = 200,
): { from: number; to: number; before: number } {
  let x = 0
  let from = -1
  let to = widths.length
  let before = 0
  for (let i = 1; i < widths.length; i++) {
    const w = widths[i]!
    if (from < 0) {
      if (x + w >= left - margin) from = i
      else before += w
    }
    if (x > left + width + margin) {
      to = i
      break
    }
    x += w
  }
  return from < 0 ? { from: widths.length, to: widths.length, before } : { from, to, before }
}
