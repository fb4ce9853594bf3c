import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronsLeft, Lock, Plus, Trophy } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useDrop } from '@/shared/dnd'
import { Button, cx, IconButton } from '@/shared/ui'
import type { Ask } from '../data/ask'
import type { Env } from '../data/env'
import type { Feed, Row } from '../data/feed'
import { useFeed } from '../data/useFeed'
import type { BoardColumn, CardPlan } from '../model/board'
import { Card } from './Card'
import s from './Board.module.css'

/** Why nothing can be dropped here, or what dropping does. */
export type Says = { can: boolean; title: string; text?: string; hint?: string }

type Props = {
  app: string
  form: string
  ask: Ask
  column: BoardColumn
  id: string
  plan: CardPlan
  env: Env
  base: string
  count: number | undefined
  sum: string
  /** Days of a record in its stage, where that is over the limit. */
  stayed: (row: Row) => number | undefined
  /** While something is dragged. */
  says?: Says
  draggable: boolean
  folded: boolean
  onFold: () => void
  onCreate?: () => void
  onFeed: (id: string, feed: Feed) => void
}

/** A column of a board: its name, count and sum, and as many of its cards as are in sight. */
export function Column(p: Props) {
  const { column, env, says } = p
  const feed = useFeed(p.app, p.form, p.ask)
  const { id, onFeed } = p
  useEffect(() => onFeed(id, feed), [id, feed, onFeed])
  const { ref, over } = useDrop(p.id)
  const scroller = useRef<HTMLDivElement>(null)
  // eslint-disable-next-line react-hooks/incompatible-library -- cards are memoised by hand
  const virtual = useVirtualizer({
    count: feed.size,
    getScrollElement: () => scroller.current,
    estimateSize: () => 118,
    gap: 8,
    overscan: 6,
    getItemKey: (i) => feed.get(i)?.id ?? i,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const first = items[0]?.index ?? 0
  useEffect(() => feed.ensure(first, last), [feed, first, last, feed.version])
  const count = p.count ?? (feed.done ? feed.size : undefined)

  if (p.folded)
    return (
      <section
        ref={ref}
        className={cx(s.folded, says && !says.can && s.closed, over && says?.can && s.target)}
        aria-label={column.title}
      >
        <button
          type="button"
          aria-label={env.t('board.expand', { column: column.title })}
          title={env.t('board.expand', { column: column.title })}
          onClick={p.onFold}
        >
          <Dot column={column} />
          <span className={s.foldedTitle}>{column.title}</span>
          <span className="num">{count ?? ''}</span>
        </button>
      </section>
    )
  return (
    <section
      ref={ref}
      className={cx(s.column, says && !says.can && s.closed, over && says?.can && s.target)}
      aria-label={`${column.title} ${count ?? ''}`}
    >
      <header className={s.columnHead}>
        <Dot column={column} />
        <h2 className="ellipsis">{column.title}</h2>
        <span className={s.columnCount}>{count === undefined ? '' : env.fmt.number(count, 0)}</span>
        <IconButton
          size="small"
          className={s.fold}
          label={env.t('board.collapse', { column: column.title })}
          onClick={p.onFold}
        >
          <ChevronsLeft size={14} strokeWidth={1.75} aria-hidden />
        </IconButton>
        {p.onCreate && (
          <IconButton size="small" className={s.fold} label={env.t('new', { form: column.title })} onClick={p.onCreate}>
            <Plus size={14} strokeWidth={1.75} aria-hidden />
          </IconButton>
        )}
        <span className={s.columnSum} title={p.sum || undefined}>
          {p.sum}
        </span>
      </header>
      {says && !says.can && says.title && (
        <div className={s.why}>
          <p className={s.whyTitle}>
            <Lock size={16} strokeWidth={1.75} aria-hidden /> {says.title}
          </p>
          {says.text && <p>{says.text}</p>}
          {says.hint && <p className={s.whyHint}>{says.hint}</p>}
        </div>
      )}
      {says?.can && over && <div className={s.here}>{says.text ?? env.t('board.drop')}</div>}
      {feed.news > 0 && (
        <button type="button" className={s.news} onClick={() => feed.accept()}>
          {env.t('news', { n: feed.news })}
        </button>
      )}
      <div
        ref={scroller}
        className={s.cards}
        tabIndex={feed.size > 0 ? 0 : undefined}
        role="group"
        aria-label={column.title}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map((v) => {
            const row = feed.get(v.index)
            return (
              <article
                key={v.key}
                ref={virtual.measureElement}
                data-index={v.index}
                className={s.slot}
                style={{ transform: `translateY(${v.start}px)` }}
              >
                {row ? (
                  <Card
                    row={row}
                    plan={p.plan}
                    env={env}
                    base={p.base}
                    open={column.category === undefined || column.category === 'open'}
                    stayed={column.category === 'open' ? p.stayed(row) : undefined}
                    disabled={!p.draggable || row.gone === true}
                  />
                ) : (
                  <div className={s.card} aria-busy style={{ height: 110 }} />
                )}
              </article>
            )
          })}
        </div>
        {feed.done && feed.size === 0 && <p className={s.none}>{env.t('board.none')}</p>}
        {feed.error !== undefined && (
          <p className={s.none} role="alert">
            {env.t('table.moreFailed')}{' '}
            <Button size="small" onClick={() => feed.retry()}>
              {env.t('table.retry')}
            </Button>
          </p>
        )}
      </div>
    </section>
  )
}

function Dot({ column }: { column: BoardColumn }) {
  if (column.category === 'done') return <Trophy size={16} strokeWidth={1.75} className={s.win} aria-hidden />
  return <span className={s.dot} style={{ background: `var(--${column.color ?? 'gray'})` }} aria-hidden />
}
