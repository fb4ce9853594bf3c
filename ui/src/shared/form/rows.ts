import { newId } from '../api'
import type { FieldModel, Row } from '../schema'
import { isEmpty } from '../schema'

/** Rows of a sub-table as they are edited: every row has an id, which stays with it for its life. */
export function editable(value: unknown): Row[] {
  const list = Array.isArray(value) ? (value as Row[]) : []
  return list.every((r) => r._id) ? list : list.map((r) => (r._id ? r : { ...r, _id: newId() }))
}

/** A new row with the constant defaults of its columns. */
export function freshRow(f: FieldModel): Row {
  const row: Row = { _id: newId() }
  for (const c of f.columns) if (c.default !== undefined) row[c.key] = c.default
  return row
}

/** Whether somebody has put anything into a row: defaults alone are nothing. */
export function untouched(f: FieldModel, row: Row): boolean {
  return f.columns.every((c) => c.computed || isEmpty(row[c.key]) || row[c.key] === c.default)
}

export function withCell(rows: Row[], id: string, column: string, raw: unknown): Row[] {
  return rows.map((r) => (r._id === id ? { ...r, [column]: raw } : r))
}

export function copyOf(row: Row): Row {
  return { ...row, _id: newId() }
}

export function moved(rows: Row[], id: string, by: number): Row[] {
  const from = rows.findIndex((r) => r._id === id)
  const to = Math.min(Math.max(from + by, 0), rows.length - 1)
  if (from < 0 || from === to) return rows
  const out = [...rows]
  const [row] = out.splice(from, 1)
  if (row) out.splice(to, 0, row)
  return out
}
