import { ArrowDown, ArrowUp, ChevronDown, EyeOff, ListFilter, MoveLeft, MoveRight } from 'lucide-react'
import { useRef, useState, type DragEvent, type PointerEvent as Pointer } from 'react'
import { Menu, type MenuEntry } from '@/shared/overlay'
import { cx } from '@/shared/ui'
import { headOf, titleOf, type Env } from '../data/env'
import { clampWidth, type Column } from '../model/columns'
import { isNumeric } from '../model/fields'
import { ariaSort } from '../model/sort'
import type { Sight } from './Row'
import s from './Grid.module.css'

const glyph = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

export type HeadActions = {
  onSort: (field: string, more: boolean) => void
  onSortTo: (term: string) => void
  onFilter: (field: string) => void
  onHide: (field: string) => void
  onMove: (field: string, before: string | undefined) => void
  onResize: (field: string, width: number, end: boolean) => void
}

type Props = HeadActions & {
  columns: readonly Column[]
  sight: Sight
  sort: readonly string[]
  env: Env
  width: number
  check?: { checked: boolean; mixed: boolean; onChange: () => void }
}

/** The heads of columns: a click sorts, the edge resizes, a drag moves, the arrow opens what else there is. */
export function Head(p: Props) {
  const { columns, env } = p
  const [over, setOver] = useState<string>()
  const dragged = useRef<string>(undefined)
  const first = columns[0]
  if (!first) return null
  const head = (c: Column, at: number) => (
    <HeadCell
      key={c.field.key}
      {...p}
      column={c}
      at={at}
      over={over === c.field.key}
      drag={{
        draggable: at > 0,
        onDragStart: (e: DragEvent) => {
          dragged.current = c.field.key
          e.dataTransfer.effectAllowed = 'move'
          e.dataTransfer.setData('text/plain', titleOf(c.field, env))
        },
        onDragOver: (e: DragEvent) => {
          if (dragged.current === undefined) return
          e.preventDefault()
          setOver(c.field.key)
        },
        onDrop: (e: DragEvent) => {
          e.preventDefault()
          if (dragged.current !== undefined) {
            const from = columns.findIndex((x) => x.field.key === dragged.current)
            p.onMove(dragged.current, from < at ? columns[at + 1]?.field.key : c.field.key)
          }
          dragged.current = undefined
          setOver(undefined)
        },
        onDragEnd: () => {
          dragged.current = undefined
          setOver(undefined)
        },
      }}
    />
  )
  return (
    <div className={s.head} role="row" aria-rowindex={1} style={{ width: p.width }}>
      {head(first, 0)}
      {p.sight.before > 0 && <span style={{ flex: 'none', width: p.sight.before }} />}
      {columns.slice(p.sight.from, p.sight.to).map((c, i) => head(c, p.sight.from + i))}
    </div>
  )
}

type CellProps = Props & {
  column: Column
  at: number
  over: boolean
  drag: {
    draggable: boolean
    onDragStart: (e: DragEvent) => void
    onDragOver: (e: DragEvent) => void
    onDrop: (e: DragEvent) => void
    onDragEnd: () => void
  }
}

function HeadCell({ column, at, over, drag, ...p }: CellProps) {
  const { env } = p
  const f = column.field
  const title = titleOf(f, env)
  const direction = ariaSort(p.sort, f.key)
  const rank = p.sort.length > 1 ? p.sort.findIndex((x) => x.replace('-', '') === f.key) + 1 : 0
  const keys = p.columns.map((c) => c.field.key)
  const items: MenuEntry[] = [
    ...(f.sortable
      ? ([
          { label: env.t('columns.sortUp'), icon: <ArrowUp {...glyph} />, onSelect: () => p.onSortTo(f.key) },
          { label: env.t('columns.sortDown'), icon: <ArrowDown {...glyph} />, onSelect: () => p.onSortTo(`-${f.key}`) },
        ] as MenuEntry[])
      : []),
    ...(f.askable
      ? ([
          { label: env.t('columns.filterBy'), icon: <ListFilter {...glyph} />, onSelect: () => p.onFilter(f.key) },
        ] as MenuEntry[])
      : []),
    ...(at > 0
      ? ([
          { kind: 'line' },
          {
            label: env.t('columns.moveLeft'),
            icon: <MoveLeft {...glyph} />,
            disabled: at < 2,
            onSelect: () => p.onMove(f.key, keys[at - 1]),
          },
          {
            label: env.t('columns.moveRight'),
            icon: <MoveRight {...glyph} />,
            disabled: at >= keys.length - 1,
            onSelect: () => p.onMove(f.key, keys[at + 2]),
          },
          { label: env.t('columns.hide'), icon: <EyeOff {...glyph} />, onSelect: () => p.onHide(f.key) },
        ] as MenuEntry[])
      : []),
  ]
  return (
    <div
      className={cx(s.headCell, at === 0 && s.pinned, isNumeric(f) && s.number, over && s.over)}
      style={{ width: column.width }}
      role="columnheader"
      aria-colindex={at + 1}
      aria-sort={direction}
      {...drag}
    >
      {at === 0 && p.check && (
        <label className={cx(s.check, s.checkAll)}>
          <input
            type="checkbox"
            checked={p.check.checked}
            ref={(el) => void (el && (el.indeterminate = p.check!.mixed))}
            onChange={p.check.onChange}
            aria-label={env.t('table.selectAll')}
          />
        </label>
      )}
      <button
        type="button"
        className={s.headButton}
        disabled={!f.sortable}
        title={title}
        onClick={(e) => p.onSort(f.key, e.shiftKey)}
      >
        <span className="ellipsis">{headOf(f, env)}</span>
        {direction === 'ascending' && <ArrowUp size={14} strokeWidth={1.75} aria-hidden />}
        {direction === 'descending' && <ArrowDown size={14} strokeWidth={1.75} aria-hidden />}
        {direction && rank > 0 && <span className={s.rank}>{rank}</span>}
      </button>
      {items.length > 0 && (
        <Menu
          align="end"
          trigger={
            <button type="button" className={s.headMenu} aria-label={env.t('columns.menu', { field: title })}>
              <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
            </button>
          }
          items={items}
        />
      )}
      <Edge
        width={column.width}
        label={env.t('columns.resize', { field: title })}
        onResize={(w, end) => p.onResize(f.key, w, end)}
      />
    </div>
  )
}

/** The right edge of a head: dragged, or moved with the arrows. */
function Edge({
  width,
  label,
  onResize,
}: {
  width: number
  label: string
  onResize: (w: number, end: boolean) => void
}) {
  const from = useRef<{ x: number; width: number }>(undefined)
  const to = (e: Pointer) => clampWidth((from.current?.width ?? width) + e.clientX - (from.current?.x ?? e.clientX))
  return (
    <div
      className={s.edge}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      onPointerDown={(e) => {
        e.preventDefault()
        e.currentTarget.setPointerCapture(e.pointerId)
        from.current = { x: e.clientX, width }
      }}
      onPointerMove={(e) => from.current && onResize(to(e), false)}
      onPointerUp={(e) => {
        if (!from.current) return
        onResize(to(e), true)
        from.current = undefined
      }}
    />
  )
}
