import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { copyOf, freshRow, moved, withCell, type FieldProblem } from '../../form'
import { coerce, type FieldModel, type Row } from '../../schema'
import { useFormat } from '../../format'
import { toast } from '../../ui'
import type { EditProps } from '../types'
import { parseCells } from './rowsPaste'

const none: Row[] = []

/** What can be done to the rows of a sub-table. The functions stay the same, so that only the row that changed is drawn. */
export function useRows(p: EditProps) {
  const { t } = useTranslation('shared/widgets')
  const { zone } = useFormat().reader
  const rows = Array.isArray(p.raw) ? (p.raw as Row[]) : none
  const now = useRef({ rows, p, zone, t })
  const focus = useRef<{ id: string; column?: string } | undefined>(undefined)
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => {
    now.current = { rows, p, zone, t }
    const f = focus.current
    if (!f) return
    const cell = root.current?.querySelector<HTMLElement>(
      `[data-row="${f.id}"] ${f.column ? `[data-column="${f.column}"]` : '[data-column]'} :is(input, select, textarea, button)`,
    )
    if (!cell) return
    focus.current = undefined
    cell.focus()
  })

  const act = useMemo(() => {
    const put = (next: Row[]) => {
      now.current.rows = next
      now.current.p.onChange(next)
    }
    const find = (id: string) => now.current.rows.findIndex((r) => r._id === id)
    const free = () => now.current.p.field.maxRows - now.current.rows.length
    const insert = (row: Row, at: number, column?: string): string | undefined => {
      if (free() <= 0) return undefined
      focus.current = { id: row._id ?? '', column }
      put(now.current.rows.toSpliced(at, 0, row))
      return row._id
    }
    return {
      set: (id: string, column: string, raw: unknown) => put(withCell(now.current.rows, id, column, raw)),
      /** A cell was left: what was typed becomes the value that it stands for. */
      leave: (id: string, column: string) => {
        const { rows: list, p: props } = now.current
        const f = props.field.columns.find((c) => c.key === column)
        const raw = list.find((r) => r._id === id)?.[column]
        if (f && typeof raw === 'string') {
          const c = coerce(f, raw, { zone: now.current.zone })
          if (c.problems.length === 0 && c.value !== raw) put(withCell(list, id, column, c.value))
        }
        props.onLeave()
      },
      /** Gives the new row's id; nothing when there may be no more. */
      add: (column?: string) => insert(freshRow(now.current.p.field), now.current.rows.length, column),
      addAfter: (id: string, column?: string) => insert(freshRow(now.current.p.field), find(id) + 1, column),
      copy: (id: string) => {
        const i = find(id)
        const row = now.current.rows[i]
        if (row) insert(copyOf(row), i + 1)
      },
      remove: (id: string) => {
        const i = find(id)
        const row = now.current.rows[i]
        if (!row) return
        put(now.current.rows.toSpliced(i, 1))
        toast(now.current.t('rowDeleted', { n: i + 1 }), {
          label: now.current.t('undo'),
          run: () => put(now.current.rows.toSpliced(Math.min(i, now.current.rows.length), 0, row)),
        })
      },
      move: (id: string, by: number, column?: string) => {
        focus.current = { id, column }
        put(moved(now.current.rows, id, by))
      },
      /** The same column one row down; behind the last row a new one. */
      down: (id: string, column: string, by = 1) => {
        const next = now.current.rows[find(id) + by]
        if (!next) return by > 0 && insert(freshRow(now.current.p.field), now.current.rows.length, column)
        focus.current = { id: next._id ?? '', column }
        now.current.p.onChange([...now.current.rows])
      },
      /** Cells from a spreadsheet, from a cell on to the right and down. True when they were taken. */
      paste: (text: string, id?: string, column?: string): boolean => {
        const cells = parseCells(text)
        if (cells.length === 0 || (cells.length === 1 && (cells[0]?.length ?? 0) < 2)) return false
        const { p: props, rows: list, t: say } = now.current
        const columns = props.field.columns.filter((c) => !c.hidden && !c.computed)
        const first = Math.max(
          0,
          columns.findIndex((c) => c.key === column),
        )
        const start = id === undefined ? list.length : Math.max(0, find(id))
        const fit = Math.min(cells.length, props.field.maxRows - start)
        const next = [...list]
        for (let i = 0; i < fit; i++) {
          const row: Row = { ...(next[start + i] ?? freshRow(props.field)) }
          cells[i]?.forEach((cell, j) => {
            const c = columns[first + j]
            if (!c) return
            const read = coerce(c, cell, { zone: now.current.zone })
            row[c.key] = read.problems.length > 0 ? cell : read.value
          })
          next[start + i] = row
        }
        put(next)
        toast(
          fit < cells.length
            ? say('pastedCut', { count: fit, limit: props.field.maxRows })
            : say('pasted', { count: fit }),
        )
        return true
      },
    }
  }, [])

  const shown = useMemo(() => withComputed(p.field, rows, p.value), [p.field, rows, p.value])
  const { problems: all } = p
  const problems = useMemo(() => byCell(all, rows), [all, rows])

  return { rows: shown, act, problems, root, full: rows.length >= p.field.maxRows }
}

const drawn = new WeakMap<Row, { value: Row; row: Row }>()

/**
 * The rows as they are typed, with what their columns compute. The same row with the same values is the same object, so
 * that it is not drawn again.
 */
function withComputed(f: FieldModel, rows: readonly Row[], value: unknown): readonly Row[] {
  const columns = f.columns.filter((c) => c.computed)
  if (columns.length === 0 || !Array.isArray(value)) return rows
  const byId = new Map((value as Row[]).map((r) => [r._id, r]))
  return rows.map((row) => {
    const v = byId.get(row._id)
    if (!v || columns.every((c) => Object.is(row[c.key], v[c.key]))) return row
    const had = drawn.get(row)
    if (had?.value === v) return had.row
    const out = { ...row }
    for (const c of columns) out[c.key] = v[c.key]
    drawn.set(row, { value: v, row: out })
    return out
  })
}

/** The problems of each cell, by the row's id and the column's key. */
function byCell(problems: readonly FieldProblem[], rows: readonly Row[]): ReadonlyMap<string, FieldProblem[]> {
  const out = new Map<string, FieldProblem[]>()
  for (const q of problems) {
    const [, , i, column] = q.pointer.split('/')
    const id = i === undefined ? undefined : rows[Number(i)]?._id
    if (!id) continue
    const key = `${id}/${column ?? ''}`
    out.set(key, [...(out.get(key) ?? []), q])
  }
  return out
}

export type RowActions = ReturnType<typeof useRows>['act']
