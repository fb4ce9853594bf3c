import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type MouseEvent, type ReactNode } from 'react'
import type { FormEntry } from '@/shared/api'
import { formModel } from '@/shared/schema'
import { Button, cx, Failed } from '@/shared/ui'
import { CardFace } from '../board/Card'
import type { Env } from '../data/env'
import { plainOf } from '../data/cells'
import type { Feed, Row } from '../data/feed'
import { planCard } from '../model/board'
import { valueOf, type ListField } from '../model/fields'
import { isChosen, isNothing, range, toggle, type Selection } from '../model/selection'
import s from './Gallery.module.css'

type Props = {
  entry: FormEntry
  env: Env
  feed: Feed
  base: string
  fields: ListField[]
  label: string
  /** Cards beside each other, or one a line. */
  list: boolean
  count: string
  selection: Selection
  onSelection: (s: Selection) => void
  onOpen: (id: string, how: 'page' | 'side') => void
  empty: ReactNode
}

const cardWidth = 280
const gap = 12

/** Records as cards beside each other, or as a list of them; as many as are in sight are drawn. */
export function Gallery({
  entry,
  env,
  feed,
  base,
  fields,
  label,
  list,
  count,
  selection,
  onSelection,
  onOpen,
  empty,
}: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const [across, setAcross] = useState(3)
  const plan = useMemo(() => planCard(fields, entry.titleField, undefined), [fields, entry])
  const stages = formModel(entry).stages
  const selectable = entry.actions.some((a) => a === 'update' || a === 'delete' || a === 'transition' || a === 'export')
  const nameOf = (row: Row) =>
    (plan.title && plainOf(plan.title, valueOf(row.record, plan.title), row.labels, env)) || env.t('unnamed')
  useLayoutEffect(() => {
    const el = scroller.current
    if (!el) return
    const measure = () => setAcross(list ? 1 : Math.max(1, Math.floor((el.clientWidth - 32 + gap) / (cardWidth + gap))))
    measure()
    const resized = new ResizeObserver(measure)
    resized.observe(el)
    return () => resized.disconnect()
  }, [list])
  const lines = Math.ceil(feed.size / across)
  // eslint-disable-next-line react-hooks/incompatible-library -- cards are memoised by hand
  const virtual = useVirtualizer({
    count: lines,
    getScrollElement: () => scroller.current,
    estimateSize: () => (list ? 76 : 150),
    gap: list ? 0 : gap,
    overscan: 4,
    initialOffset: feed.scroll,
  })
  const items = virtual.getVirtualItems()
  const from = (items[0]?.index ?? 0) * across
  const to = ((items.at(-1)?.index ?? 0) + 1) * across
  useEffect(() => feed.ensure(from, to), [feed, from, to, feed.version])
  const onClick = (e: MouseEvent) => {
    const card = (e.target as HTMLElement).closest<HTMLElement>('[data-id]')
    if ((e.target as HTMLElement).closest('[data-select]')) {
      if (!(e.target instanceof HTMLInputElement) || !card?.dataset.id) return // the label sends a click of its own
      const { id } = card.dataset
      return onSelection(e.shiftKey ? range(selection, id, feed.ids()) : toggle(selection, id))
    }
    const link = (e.target as HTMLElement).closest('[data-open]')
    if (!card?.dataset.id || (link && (e.ctrlKey || e.metaKey || e.shiftKey))) return
    e.preventDefault()
    onOpen(card.dataset.id, link ? 'page' : 'side')
  }
  if (feed.size === 0 && feed.error !== undefined) return <Failed error={feed.error} retry={() => feed.retry()} />
  if (feed.size === 0 && feed.done) return <div className={s.scroller}>{empty}</div>
  return (
    <div className={s.frame}>
      {feed.news > 0 && (
        <Button tone="primary" size="small" className={s.news} onClick={() => feed.accept()}>
          {env.t('news', { n: feed.news })}
        </Button>
      )}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- the links inside hear keys */}
      <div
        ref={scroller}
        className={cx(s.scroller, list && s.list)}
        role="list"
        aria-label={label}
        onClick={onClick}
        onScroll={(e) => (feed.scroll = e.currentTarget.scrollTop)}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map((v) => (
            <div
              key={v.key}
              ref={virtual.measureElement}
              data-index={v.index}
              className={s.line}
              style={{
                transform: `translateY(${v.start}px)`,
                gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))`,
              }}
            >
              {Array.from({ length: Math.min(across, feed.size - v.index * across) }, (_, i) => {
                const row = feed.get(v.index * across + i)
                const stage = stages?.states.find((x) => x.key === row?.record.data[stages.field])
                return (
                  <div
                    key={row?.id ?? i}
                    className={cx(s.card, row && isChosen(selection, row.id) && s.chosen)}
                    role="listitem"
                    data-id={row?.id}
                    aria-busy={row === undefined}
                  >
                    {row && selectable && (
                      <label className={cx(s.check, !isNothing(selection) && s.shown)} data-select>
                        <input
                          type="checkbox"
                          checked={isChosen(selection, row.id)}
                          readOnly
                          aria-label={env.t('table.select', { title: nameOf(row) })}
                        />
                      </label>
                    )}
                    {row && (
                      <CardFace
                        row={row}
                        plan={plan}
                        env={env}
                        base={base}
                        open={!stage || stage.category === 'open'}
                      />
                    )}
                  </div>
                )
              })}
            </div>
          ))}
        </div>
      </div>
      <footer className={s.foot}>{count}</footer>
    </div>
  )
}
