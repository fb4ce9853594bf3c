import { PanelRight } from 'lucide-react'
import { memo, type CSSProperties, type ReactNode } from 'react'
import { cx } from '@/shared/ui'
import { cell, plainOf } from '../data/cells'
import type { Env } from '../data/env'
import type { Row as RowData } from '../data/feed'
import type { Column } from '../model/columns'
import { isNumeric, valueOf } from '../model/fields'
import s from './Grid.module.css'

export type Sight = { from: number; to: number; before: number }

type Props = {
  row: RowData | undefined
  index: number
  top: number
  height: number
  width: number
  columns: readonly Column[]
  sight: Sight
  env: Env
  /** Where records are: the address of one is this and its id. */
  base: string
  chosen: boolean
  /** The place of the cursor in this row, -1 for none. */
  cursor: number
  /** Not done yet: its dates can be late. */
  open: boolean
  selectable: boolean
  actions?: ReactNode
  editor?: { field: string; node: ReactNode }
  /** Marks of others at work on it. */
  mark?: ReactNode
}

/** One record of a table. It listens to nothing itself: the grid hears for all rows. */
export const Row = memo(function Row(p: Props) {
  const { row, columns, env } = p
  const place: CSSProperties = { height: p.height, width: p.width, transform: `translateY(${p.top}px)` }
  const first = columns[0]
  if (!row || !first)
    return (
      <div className={s.row} style={place} role="row" aria-rowindex={p.index + 2} aria-busy>
        <span className={s.waiting} />
      </div>
    )
  const title = plainOf(first.field, valueOf(row.record, first.field), row.labels, env) || env.t('unnamed')
  const editing = (key: string) => (p.editor?.field === key ? p.editor.node : undefined)
  return (
    <div
      className={cx(
        s.row,
        p.chosen && s.chosen,
        p.cursor >= 0 && s.current,
        row.gone && s.gone,
        row.changes > 0 && s[`flash${row.changes % 2}`],
      )}
      style={place}
      role="row"
      aria-rowindex={p.index + 2}
      aria-selected={p.chosen}
      data-id={row.id}
      data-index={p.index}
      title={row.gone ? env.t('table.gone') : undefined}
    >
      <div
        className={cx(s.cell, s.pinned, p.cursor === 0 && s.cursor, editing(first.field.key) !== undefined && s.inEdit)}
        style={{ width: first.width }}
        role="gridcell"
        aria-colindex={1}
        id={`c${p.index}-0`}
        data-field={first.field.key}
      >
        {p.selectable && (
          <label className={s.check}>
            <input
              type="checkbox"
              checked={p.chosen}
              readOnly
              tabIndex={-1}
              data-check
              aria-label={env.t('table.select', { title })}
            />
          </label>
        )}
        {editing(first.field.key) ?? (
          <>
            <a className={s.name} href={`${p.base}/${row.id}`} tabIndex={-1} data-open="page">
              {title}
            </a>
            {p.mark}
            <button type="button" className={s.peek} tabIndex={-1} data-open="side" title={env.t('table.openSide')}>
              <PanelRight size={14} strokeWidth={1.75} aria-hidden />
              {env.t('table.open')}
            </button>
          </>
        )}
      </div>
      {p.sight.before > 0 && <span style={{ flex: 'none', width: p.sight.before }} />}
      {columns.slice(p.sight.from, p.sight.to).map((c, i) => {
        const at = p.sight.from + i
        return (
          <div
            key={c.field.key}
            className={cx(
              s.cell,
              isNumeric(c.field) && s.number,
              p.cursor === at && s.cursor,
              editing(c.field.key) !== undefined && s.inEdit,
            )}
            style={{ width: c.width }}
            role="gridcell"
            aria-colindex={at + 1}
            id={`c${p.index}-${at}`}
            data-field={c.field.key}
          >
            {editing(c.field.key) ?? cell(c.field, valueOf(row.record, c.field), row.labels, env, p.open)}
          </div>
        )
      })}
      {p.actions && (
        <div className={s.actions} role="gridcell" aria-colindex={columns.length + 1}>
          {p.actions}
        </div>
      )}
    </div>
  )
})
