import { useState } from 'react'
import { Link } from 'react-router'
import { Avatar, cx } from '@/shared/ui'
import { hueOf, markOf } from './figures'
import type { CardModel, Line } from './model'
import { column, type View } from './view'
import s from './FigureTable.module.css'

type Props = {
  model: CardModel
  form: string
  view: View
  /** Bars of the first figure beside its rows. */
  bars?: boolean
  /** Places 1, 2, 3 ... in front. */
  ranked?: boolean
  caption: string
  /** The most rows that the server gives: as many may not be all. */
  limit?: number
}

/** Columns by whose head one may sort; at first the rows stand as the server gave them. */
type Order = { figure: number; down: boolean }

/** Rows with their figures: each row opens its records. Bar cards, leaderboards and the table behind each chart. */
export function FigureTable({ model, form, view, bars, ranked, caption, limit }: Props) {
  const [order, setOrder] = useState<Order>()
  const { figures, groups } = model
  const shorts = figures.map((f, i) => view.short(column(model, i), f))
  const top = Math.max(...column(model, 0).map((v) => Math.abs(v ?? 0)), 0)
  const lines = sorted(model.lines, order)
  const totals = figures.map((f, i) => (f.additive ? column(model, i).reduce<number>((n, v) => n + (v ?? 0), 0) : null))
  const people = groups[0]?.kind === 'user'
  const press = (figure: number) =>
    setOrder((o) => (o?.figure === figure ? (o.down ? { figure, down: false } : undefined) : { figure, down: true }))
  return (
    <table className={s.table}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {ranked && (
            <th scope="col" className={s.rank}>
              <span className="visually-hidden">{view.t('card.rank')}</span>
            </th>
          )}
          {groups.map((g) => (
            <th key={g.key} scope="col">
              {g.title}
            </th>
          ))}
          {bars && <td className={s.barHead} />}
          {figures.map((f, i) => (
            <th
              key={f.key}
              scope="col"
              className={s.figure}
              aria-sort={order?.figure === i ? (order.down ? 'descending' : 'ascending') : undefined}
            >
              <button type="button" onClick={() => press(i)}>
                {f.title}
                {f.style.kind !== 'percent' && shorts[i]!.unit && <small>{shorts[i]!.unit}</small>}
                {order?.figure === i && <span aria-hidden>{order.down ? '↓' : '↑'}</span>}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line, r) => {
          const to = view.to(form, line)
          const first = line.labels[0]
          return (
            <tr key={r} className={cx(to && s.opens)}>
              {ranked && <td className={cx(s.rank, 'num')}>{r + 1}</td>}
              {line.labels.map((l, i) => (
                <th key={i} scope="row" className={s.name}>
                  <span className={s.label}>
                    {i === 0 && people && first?.id && <Avatar name={l.text} id={l.id} size={20} />}
                    {l.color && <i className={s.dot} style={{ background: `var(--${markOf(l.color)})` }} aria-hidden />}
                    {i === 0 && to ? (
                      <Link to={to} className={cx(s.link, !l.text && s.missing)}>
                        {view.name(l)}
                      </Link>
                    ) : (
                      <span className={cx('ellipsis', !l.text && s.missing)}>{view.name(l)}</span>
                    )}
                    {people && l.id === view.me && <span className={s.me}>{view.t('card.me')}</span>}
                  </span>
                </th>
              ))}
              {bars && (
                <td className={s.bar} aria-hidden>
                  <span
                    style={{
                      width: `${top ? (Math.abs(line.values[0] ?? 0) / top) * 100 : 0}%`,
                      background: `var(--${hueOf(figures[0]!.style)})`,
                    }}
                  />
                </td>
              )}
              {line.values.map((v, i) => (
                <td key={i} className={cx(s.figure, 'num', i === 0 && s.main)} title={view.exact(v, figures[i]!)}>
                  {shorts[i]!.text(v)}
                  {v !== null && figures[i]!.style.kind === 'percent' && '%'}
                </td>
              ))}
            </tr>
          )
        })}
      </tbody>
      {lines.length > 1 && totals.some((v) => v !== null) && (
        <tfoot>
          <tr>
            {ranked && <td />}
            <th scope="row" colSpan={groups.length}>
              {limit && lines.length >= limit ? view.t('card.totalOf', { count: lines.length }) : view.t('card.total')}
            </th>
            {bars && <td className={s.barHead} />}
            {totals.map((v, i) => (
              <td key={i} className={cx(s.figure, 'num')} title={v === null ? undefined : view.exact(v, figures[i]!)}>
                {v === null ? '' : shorts[i]!.text(v)}
              </td>
            ))}
          </tr>
        </tfoot>
      )}
    </table>
  )
}

function sorted(lines: Line[], order: Order | undefined): Line[] {
  if (!order) return lines
  const value = (l: Line) => l.values[order.figure]
  return [...lines].sort((a, b) => {
    const [x, y] = [value(a), value(b)]
    if (x == null || y == null) return x == null ? (y == null ? 0 : 1) : -1
    return order.down ? y - x : x - y
  })
}
