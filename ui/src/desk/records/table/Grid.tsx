import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react'
import { Button, cx, Failed } from '@/shared/ui'
import type { Feed, Row as RowData } from '../data/feed'
import type { Env } from '../data/env'
import { inSight, type Column } from '../model/columns'
import { isChosen, isNothing, range, toggle, type Selection } from '../model/selection'
import { Head, type HeadActions } from './Head'
import { Row } from './Row'
import s from './Grid.module.css'

export type Place = { index: number; column: number }

type Props = {
  feed: Feed
  columns: readonly Column[]
  env: Env
  base: string
  label: string
  compact: boolean
  sort: readonly string[]
  head: HeadActions
  selection: Selection
  onSelection?: (s: Selection) => void
  onSelectAll?: () => void
  onOpen: (id: string, how: 'page' | 'side') => void
  isOpen: (row: RowData) => boolean
  /** Buttons at the end of the row under the pointer or the cursor. */
  actions?: (row: RowData) => ReactNode
  /** The control of a cell that is being edited; none where it cannot be. */
  editor?: (row: RowData, column: Column, close: () => void) => ReactNode
  marks?: (row: RowData) => ReactNode
  summary: (place: { sight: ReturnType<typeof inSight>; width: number }) => ReactNode
  empty: ReactNode
}

const headHeight = 36
const summaryHeight = 44

/** A table of any length: rows and columns are drawn where they are in sight. The keyboard moves a cursor over cells. */
export function Grid(p: Props) {
  const { feed, columns, env } = p
  const scroller = useRef<HTMLDivElement>(null)
  const height = p.compact ? 32 : 40
  const [across, setAcross] = useState({ left: 0, width: 1200 })
  const [cursor, setCursor] = useState<Place>({ index: -1, column: 0 })
  const [hovered, setHovered] = useState(-1)
  const [editing, setEditing] = useState<{ id: string; field: string }>()
  // eslint-disable-next-line react-hooks/incompatible-library -- rows are memoised by hand below
  const virtual = useVirtualizer({
    count: feed.size,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    scrollPaddingEnd: summaryHeight,
    initialOffset: feed.scroll,
  })
  useEffect(() => virtual.measure(), [virtual, height])
  const items = virtual.getVirtualItems()
  // rows that go out of sight lend their elements to those that come: cheaper than new ones
  const pool = 2 ** Math.ceil(Math.log2(items.length + 8))
  const from = items[0]?.index ?? 0
  const to = items.at(-1)?.index ?? 0
  useEffect(() => feed.ensure(from, to), [feed, from, to, feed.version])

  const widths = useMemo(() => columns.map((c) => c.width), [columns])
  const total = useMemo(() => widths.reduce((a, b) => a + b, 0) + (p.actions ? 48 : 0), [widths, p.actions])
  const sight = useMemo(() => {
    if (widths.length <= 16) return { from: 1, to: widths.length, before: 0 }
    return inSight(widths, across.left, across.width - (widths[0] ?? 0))
  }, [widths, across])

  useLayoutEffect(() => {
    const el = scroller.current
    if (!el) return
    el.scrollTop = feed.scroll
    const measure = () => setAcross({ left: el.scrollLeft, width: el.clientWidth })
    measure()
    const resized = new ResizeObserver(measure)
    resized.observe(el)
    return () => resized.disconnect()
  }, [feed])

  const onScroll = useCallback(() => {
    const el = scroller.current
    if (!el) return
    feed.scroll = el.scrollTop
    setAcross((a) => (Math.abs(a.left - el.scrollLeft) < 80 ? a : { ...a, left: el.scrollLeft }))
    feed.trim(Math.round(el.scrollTop / height))
  }, [feed, height])

  const rowAt = (e: MouseEvent) => {
    const el = (e.target as HTMLElement).closest<HTMLElement>('[data-index]')
    return el ? { el, index: Number(el.dataset.index), id: el.dataset.id ?? '' } : undefined
  }
  const choose = (id: string, span: boolean) =>
    p.onSelection?.(span ? range(p.selection, id, feed.ids()) : toggle(p.selection, id))
  const columnOf = (target: HTMLElement) => {
    const key = target.closest<HTMLElement>('[data-field]')?.dataset.field
    return Math.max(
      0,
      columns.findIndex((c) => c.field.key === key),
    )
  }
  const edit = (index: number, column: number) => {
    const row = feed.get(index)
    const c = columns[column]
    if (row && c && !row.gone && p.editor?.(row, c, () => undefined)) setEditing({ id: row.id, field: c.field.key })
  }
  const close = useCallback(() => {
    setEditing(undefined)
    scroller.current?.focus({ preventScroll: true })
  }, [])

  const onClick = (e: MouseEvent) => {
    const at = rowAt(e)
    if (!at) return
    const target = e.target as HTMLElement
    const opener = target.closest<HTMLElement>('[data-open]')
    if (opener) {
      if (opener.dataset.open === 'page' && (e.ctrlKey || e.metaKey || e.shiftKey)) return
      e.preventDefault()
      p.onOpen(at.id, opener.dataset.open === 'side' ? 'side' : 'page')
    } else if (target.closest('[data-check]')) choose(at.id, e.shiftKey)
    else if (!target.closest('a, button, input, textarea, select, [role="menu"]') && editing?.id !== at.id) {
      setCursor({ index: at.index, column: columnOf(target) })
      if (e.shiftKey || e.ctrlKey || e.metaKey) choose(at.id, e.shiftKey)
    }
  }
  const onDoubleClick = (e: MouseEvent) => {
    const at = rowAt(e)
    const target = e.target as HTMLElement
    if (at && !target.closest('a, button, input, textarea, select')) edit(at.index, columnOf(target))
  }

  const moveTo = (index: number, column: number) => {
    const next = {
      index: Math.min(Math.max(0, index), feed.size - 1),
      column: Math.min(Math.max(0, column), columns.length - 1),
    }
    setCursor(next)
    virtual.scrollToIndex(next.index, { align: 'auto' })
    const el = scroller.current
    if (!el || next.column === 0) return
    const left = widths.slice(1, next.column).reduce((a, b) => a + b, 0)
    const room = el.clientWidth - (widths[0] ?? 0)
    if (left < el.scrollLeft) el.scrollLeft = left
    else if (left + (widths[next.column] ?? 0) > el.scrollLeft + room)
      el.scrollLeft = left + (widths[next.column] ?? 0) - room
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (editing || e.target !== scroller.current) return
    const { index, column } = cursor
    const page = Math.max(
      1,
      Math.floor(((scroller.current?.clientHeight ?? 400) - headHeight - summaryHeight) / height) - 1,
    )
    const row = feed.get(index)
    const moves: Record<string, () => void> = {
      ArrowDown: () => moveTo(index + 1, column),
      ArrowUp: () => moveTo(index - 1, column),
      ArrowRight: () => moveTo(index, column + 1),
      ArrowLeft: () => moveTo(index, column - 1),
      PageDown: () => moveTo(index + page, column),
      PageUp: () => moveTo(index - page, column),
      Home: () => moveTo(e.ctrlKey ? 0 : index, 0),
      End: () => moveTo(e.ctrlKey ? feed.size - 1 : index, columns.length - 1),
      Enter: () => row && p.onOpen(row.id, e.shiftKey ? 'side' : 'page'),
      ' ': () => row && choose(row.id, e.shiftKey),
      x: () => row && choose(row.id, e.shiftKey),
      o: () => row && p.onOpen(row.id, 'side'),
      e: () => edit(index, column),
      F2: () => edit(index, column),
      Escape: () => p.onSelection?.({ all: false, ids: new Set() }),
    }
    const act = moves[e.key.length === 1 ? e.key.toLowerCase() : e.key]
    if (e.key === 'a' && (e.ctrlKey || e.metaKey) && p.onSelectAll) p.onSelectAll()
    else if (!act || ((e.ctrlKey || e.metaKey) && e.key !== 'Home' && e.key !== 'End')) return
    else act()
    e.preventDefault()
  }

  const chosenAll = p.selection.all && p.selection.ids.size === 0
  const settled = feed.done && feed.size === 0
  return (
    <div className={s.frame}>
      <div
        ref={scroller}
        className={cx(s.grid, !isNothing(p.selection) && s.choosing)}
        role="grid"
        aria-label={p.label}
        aria-rowcount={feed.done ? feed.size + 1 : -1}
        aria-colcount={columns.length}
        aria-multiselectable={p.onSelection ? true : undefined}
        aria-busy={feed.loading && feed.size === 0}
        aria-activedescendant={cursor.index >= 0 ? `c${cursor.index}-${cursor.column}` : undefined}
        tabIndex={0}
        onScroll={onScroll}
        onClick={onClick}
        onDoubleClick={onDoubleClick}
        onKeyDown={onKeyDown}
        onFocus={(e) =>
          e.target === e.currentTarget && cursor.index < 0 && feed.size > 0 && setCursor({ index: 0, column: 0 })
        }
        onMouseOver={(e) => setHovered(rowAt(e)?.index ?? -1)}
        onMouseLeave={() => setHovered(-1)}
      >
        <Head
          columns={columns}
          sight={sight}
          sort={p.sort}
          env={env}
          width={total}
          {...p.head}
          check={
            p.onSelectAll && {
              checked: chosenAll,
              mixed: !chosenAll && !isNothing(p.selection),
              onChange: () =>
                isNothing(p.selection) ? p.onSelectAll?.() : p.onSelection?.({ all: false, ids: new Set() }),
            }
          }
        />
        <div
          className={s.body}
          role="rowgroup"
          style={{ height: Math.max(feed.size * height, 1), width: total, minWidth: '100%' }}
        >
          {items.map((v) => {
            const row = feed.get(v.index)
            const atWork = v.index === hovered || v.index === cursor.index
            const column =
              editing && row?.id === editing.id ? columns.find((c) => c.field.key === editing.field) : undefined
            return (
              <Row
                key={v.index % pool}
                row={row}
                index={v.index}
                top={v.start - headHeight}
                height={height}
                width={total}
                columns={columns}
                sight={sight}
                env={env}
                base={p.base}
                chosen={row !== undefined && isChosen(p.selection, row.id)}
                cursor={v.index === cursor.index ? cursor.column : -1}
                open={row === undefined || p.isOpen(row)}
                selectable={p.onSelection !== undefined}
                actions={row && atWork && !row.gone ? p.actions?.(row) : undefined}
                editor={row && column ? { field: column.field.key, node: p.editor?.(row, column, close) } : undefined}
                mark={row && p.marks?.(row)}
              />
            )
          })}
        </div>
        {feed.error !== undefined && feed.size > 0 && (
          <div className={s.foot} role="alert">
            {env.t('table.moreFailed')}
            <Button size="small" onClick={() => feed.retry()}>
              {env.t('table.retry')}
            </Button>
          </div>
        )}
        {feed.size === 0 && !settled && feed.error === undefined && (
          <div className={s.first} aria-hidden>
            {Array.from({ length: 12 }, (_, i) => (
              <span key={i} className={s.firstRow} style={{ height }}>
                <span className={s.waiting} style={{ width: `${[30, 22, 26, 18][i % 4]}%` }} />
              </span>
            ))}
          </div>
        )}
        {!settled && p.summary({ sight, width: total })}
      </div>
      {feed.news > 0 && (
        <button
          type="button"
          className={s.news}
          onClick={() => {
            feed.accept()
            scroller.current?.scrollTo({ top: 0 })
          }}
        >
          <ArrowUp size={16} strokeWidth={1.75} aria-hidden />
          {env.t('news', { n: feed.news })}
        </button>
      )}
      <div className="visually-hidden" role="status">
        {feed.news > 0 ? env.t('news', { n: feed.news }) : ''}
      </div>
      {feed.size === 0 && (feed.error !== undefined || settled) && (
        <div className={s.veil}>
          {feed.error !== undefined ? <Failed error={feed.error} retry={() => feed.retry()} /> : p.empty}
        </div>
      )}
    </div>
  )
}
