import type { Problem } from '@/shared/api'
import { formatDay, formatInstant, formatNumber, type Reader } from '@/shared/format'
import type { Text } from '@/shared/i18n'
import { destination } from './mapping'
import type { Mapping, Preview, TargetField } from './target'

export type Cell = { text: string; color?: string; problems: Problem[] }
export type Row = {
  row: number
  action: 'create' | 'update' | 'unchanged' | 'refuse'
  id?: string
  cells: Cell[]
  /** Problems that belong to no cell shown. */
  rest: Problem[]
}
export type Rows = { heads: { field: string; title: Text; column?: string }[]; rows: Row[] }

const fieldOf = (p: Problem) =>
  /^\/data\/([^/]+)/
    .exec(p.pointer ?? '')?.[1]
    ?.replace(/~1/g, '/')
    .replace(/~0/g, '~')

/** What a preview shows of the rows: each as it would be written, or with its reasons at the cells. */
export function rowsOf(p: Preview, m: Mapping, fields: TargetField[], r: Reader, text: (t: Text) => string): Rows {
  const names = p.table.columns.map((c) => c.name)
  const reread = new Map(
    p.columns.flatMap((c) => (c.reread ?? []).map((x) => [`${c.field} ${x.value}`, x.meaning] as const)),
  )
  const mapped = names.flatMap((column) => {
    const to = destination(m, column)
    const f = fields.find((x) => x.key === to)
    return f ? [{ field: f.key, title: f.title, column, f }] : []
  })
  const constants = Object.keys(m.set ?? {}).flatMap((k) => {
    const f = fields.find((x) => x.key === k)
    return f ? [{ field: k, title: f.title, column: undefined, f }] : []
  })
  // What a row would hold beside its columns, such as the department that a path leads to.
  const shown = new Set([...mapped, ...constants].map((x) => x.field))
  const more = fields
    .filter((f) => !shown.has(f.key) && p.sample?.some((s) => s.data[f.key] !== undefined))
    .map((f) => ({ field: f.key, title: f.title, column: undefined, f }))
  const heads = [...mapped, ...constants, ...more]
  const at = new Map(heads.map((h, i) => [h.field, i]))
  const place = (list: Problem[] | undefined, cells: Cell[]) => {
    const rest: Problem[] = []
    for (const q of list ?? []) {
      const cell = cells[at.get(fieldOf(q) ?? '') ?? -1]
      if (cell) cell.problems.push(q)
      else rest.push(q)
    }
    return rest
  }
  const refused = (p.refusedRows ?? []).map((x): Row => {
    const cells = heads.map((h): Cell => ({
      text: h.column ? (x.cells[names.indexOf(h.column)] ?? '') : valueText(m.set?.[h.field], h.f, r, text),
      problems: [],
    }))
    return { row: x.row, action: 'refuse', rest: place(x.problems, cells), cells }
  })
  const sample = (p.sample ?? []).map((x): Row => {
    const cells = heads.map((h): Cell => {
      const label = x.labels?.[h.field]
      const value = x.data[h.field]
      const color = h.f.options?.find((o) => o.value === value)?.color
      return {
        text: typeof label === 'string' ? (reread.get(`${h.field} ${label}`) ?? label) : valueText(value, h.f, r, text),
        ...(color ? { color } : {}),
        problems: [],
      }
    })
    return { row: x.row, action: x.action, ...(x.id ? { id: x.id } : {}), rest: place(x.warnings, cells), cells }
  })
  return {
    heads: heads.map(({ field, title, column }) => ({ field, title, ...(column ? { column } : {}) })),
    rows: [...refused, ...sample],
  }
}

/** A value as it would be written, for reading. */
export function valueText(v: unknown, f: TargetField, r: Reader, text: (t: Text) => string): string {
  if (v === null || v === undefined || v === '') return ''
  if (Array.isArray(v)) return v.map((x) => valueText(x, f, r, text)).join('、')
  const option = f.options?.find((o) => o.value === v)
  if (option) return text(option.title) || option.value
  if (typeof v === 'number') return formatNumber(v, r)
  if (typeof v === 'boolean') return v ? '✓' : '✗'
  if (typeof v === 'object') return JSON.stringify(v)
  const s = String(v as string)
  if (f.type === 'date') return formatDay(s, { ...r, now: () => new Date(0) })
  if (f.type === 'datetime') return formatInstant(s, r, 'short')
  return s
}
