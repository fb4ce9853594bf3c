import { useVirtualizer } from '@tanstack/react-virtual'
import { Plus } from 'lucide-react'
import { useMemo, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useText } from '../../i18n'
import { isEmpty, type FieldModel, type Row } from '../../schema'
import { cx } from '../../ui'
import type { CellProps, EditProps, ViewProps, Widget } from '../types'
import { alignsRight, ValueCell } from '../ValueView'
import { useColumnTitle } from './columnTitle'
import { RowCards } from './RowCards'
import s from './Table.module.css'
import { TableRow } from './TableRow'
import { useRows } from './useRows'

const rowHeight = 40
/** From this many rows on only those in sight are drawn. */
const many = 40

const shownColumns = (f: FieldModel) => f.columns.filter((c) => !c.hidden)

/** How wide a column should be: figures and dates need little, text takes what is left. */
function widthOf(f: FieldModel): number {
  switch (f.as) {
    case 'number':
    case 'percent':
      return 104
    case 'currency':
      return 128
    case 'switch':
      return 72
    case 'date':
    case 'select':
      return 144
    case 'longtext':
      return 240
    case 'datetime':
    case 'file':
    case 'image':
      return 200
    default:
      return 168
  }
}

type GridProps = {
  columns: readonly FieldModel[]
  count: number
  label: string
  edit?: boolean
  render: (index: number) => ReactNode
}

/** A table whose rows are drawn as far as they are in sight. */
function Grid({ columns, count, label, edit, render }: GridProps) {
  const { t } = useTranslation('shared/widgets')
  const title = useColumnTitle()
  const scroll = useRef<HTMLDivElement>(null)
  const tall = count > many
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer's answers are read in this very render
  const virtual = useVirtualizer({
    count: tall ? count : 0,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    initialRect: { width: 800, height: 480 },
  })
  const items = virtual.getVirtualItems()
  const first = items[0]
  const last = items[items.length - 1]
  const rest = last ? virtual.getTotalSize() - last.end : 0
  const width = columns.reduce((sum, c) => sum + widthOf(c), 0) + 40 + (edit ? 72 : 0)
  return (
    <div
      ref={scroll}
      className={cx(s.scroll, tall && s.tall)}
      {...(tall || columns.length > 5 ? { tabIndex: 0 } : {})}
      role="group"
      aria-label={label}
    >
      <table className={s.table} style={{ minWidth: width }} aria-rowcount={count + 1}>
        <thead>
          <tr>
            <th scope="col" style={{ width: 40 }}>
              <span className="visually-hidden">#</span>
            </th>
            {columns.map((c) => (
              <th key={c.key} scope="col" className={cx(alignsRight(c) && s.right)} style={{ width: widthOf(c) }}>
                {title(c)}
                {edit && c.required && (
                  <span className={s.required} aria-hidden>
                    {' '}
                    *
                  </span>
                )}
              </th>
            ))}
            {edit && (
              <th scope="col" style={{ width: 72 }}>
                <span className="visually-hidden">{t('rowActions')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {tall ? (
            <>
              {first && first.start > 0 && <tr aria-hidden style={{ height: first.start }} />}
              {items.map((v) => render(v.index))}
              {rest > 0 && <tr aria-hidden style={{ height: rest }} />}
            </>
          ) : (
            Array.from({ length: count }, (_, i) => render(i))
          )}
        </tbody>
      </table>
    </div>
  )
}

function TableEdit(p: EditProps) {
  const columns = useMemo(() => shownColumns(p.field), [p.field])
  return p.density === 'phone' ? <RowCards {...p} columns={columns} /> : <TableGrid {...p} columns={columns} />
}

function TableGrid({ columns, ...p }: EditProps & { columns: readonly FieldModel[] }) {
  const { t } = useTranslation('shared/widgets')
  const { rows, act, problems, root, full } = useRows(p)
  return (
    <div
      ref={root}
      className={s.edit}
      data-problem={p.invalid || undefined}
      onPaste={(e) => {
        if (p.disabled) return
        const at = e.target as HTMLElement
        const row = at.closest<HTMLElement>('[data-row]')?.dataset.row
        const column = at.closest<HTMLElement>('[data-column]')?.dataset.column
        if (act.paste(e.clipboardData.getData('text/plain'), row, column)) {
          e.preventDefault()
          e.stopPropagation()
        }
      }}
    >
      {rows.length > 0 ? (
        <Grid
          columns={columns}
          count={rows.length}
          label={p.label}
          edit
          render={(i) => {
            const row = rows[i]
            return (
              row && (
                <TableRow
                  key={row._id}
                  row={row}
                  index={i}
                  columns={columns}
                  act={act}
                  problems={problems}
                  disabled={p.disabled}
                  full={full}
                  place={p.place}
                  waitFor={p.waitFor}
                />
              )
            )
          }}
        />
      ) : (
        <p className={s.empty}>{p.disabled ? t('noRows') : t('noRowsPaste')}</p>
      )}
      {!p.disabled && (
        <button
          type="button"
          id={p.id}
          className={cx(s.add, 'no-print')}
          disabled={full}
          aria-describedby={p.describedBy}
          onClick={() => act.add()}
        >
          <Plus size={16} strokeWidth={1.75} aria-hidden />
          {t('addRow')}
        </button>
      )}
    </div>
  )
}

function TableView({ field, value, density, place }: ViewProps) {
  const { t } = useTranslation('shared/widgets')
  const text = useText()
  const columns = useMemo(() => shownColumns(field), [field])
  const rows = Array.isArray(value) ? (value as Row[]) : []
  if (density === 'phone')
    return (
      <ol className={s.cards}>
        {rows.map((r, i) => (
          <li key={r._id ?? i} className={cx(s.card, s.readCard)}>
            {columns
              .filter((c) => !isEmpty(r[c.key]))
              .map((c) => (
                <div key={c.key} className={s.readLine}>
                  <span className={s.cardLabel}>{text(c.title)}</span>
                  <ValueCell field={c} value={r[c.key]} place={place} />
                </div>
              ))}
          </li>
        ))}
      </ol>
    )
  return (
    <Grid
      columns={columns}
      count={rows.length}
      label={`${text(field.title)} ${t('rows', { count: rows.length })}`}
      render={(i) => {
        const r = rows[i]
        return (
          r && (
            <tr key={r._id ?? i} aria-rowindex={i + 2}>
              <td className={cx(s.number, 'num')}>{i + 1}</td>
              {columns.map((c) => (
                <td key={c.key} className={cx(s.read, alignsRight(c) && s.right)}>
                  <ValueCell field={c} value={r[c.key]} place={place} />
                </td>
              ))}
            </tr>
          )
        )
      }}
    />
  )
}

function TableCell({ value }: CellProps) {
  const { t } = useTranslation('shared/widgets')
  return <span className="num">{t('rows', { count: Array.isArray(value) ? value.length : 0 })}</span>
}

export const table: Widget = { Edit: TableEdit, View: TableView, Cell: TableCell, wide: true, group: true }
