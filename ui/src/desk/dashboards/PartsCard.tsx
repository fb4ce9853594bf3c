import { useMemo } from 'react'
import { Link, useNavigate } from 'react-router'
import { RingChart, type PartsSpec } from '@/shared/charts'
import { formatPercent } from '@/shared/format'
import { cx } from '@/shared/ui'
import type { CardModel } from './model'
import { parts } from './parts'
import { column, type View } from './view'
import s from './PartsCard.module.css'

type Props = { model: CardModel; form: string; view: View; title: string }

/** A whole and its parts: a ring, and beside it each part by name with figure and share. */
export function PartsCard({ model, form, view, title }: Props) {
  const navigate = useNavigate()
  const main = model.figures[0]!
  const { list, others } = useMemo(() => parts(model), [model])
  const spec = useMemo((): PartsSpec => {
    const share = (n: number) => formatPercent(n, view.reader, 1)
    const all = list.map((p) => ({
      title: view.name(p.line.labels[0]),
      value: p.value,
      color: p.color,
      more: share(p.share),
    }))
    if (others)
      all.push({
        title: view.t('card.others', { count: others.count }),
        value: others.value,
        color: 'c8',
        more: share(others.share),
      })
    return { parts: all, exact: (v) => view.exact(v, main), hint: view.t('card.open') }
  }, [list, others, view, main])
  const { text } = view.short(column(model, 0), main)
  const total = list.reduce((n, p) => n + p.value, 0) + (others?.value ?? 0)
  const open = (place: number) => {
    const part = list[place]
    const to = part && view.to(form, part.line)
    if (to) void navigate(to)
  }
  const first = spec.parts[0]
  const summary = first ? view.t('card.partsSummary', { top: first.title, value: spec.exact(first.value) }) : ''
  return (
    <div className={s.parts}>
      <div className={s.ring}>
        <RingChart
          spec={spec}
          height={168}
          label={view.t('card.chart', { title, count: spec.parts.length, summary })}
          onPick={open}
        />
        <p className={s.total} title={view.exact(total, main)} aria-hidden>
          <b className="num">{text(total)}</b>
          <small>{view.t('card.total')}</small>
        </p>
      </div>
      <ol className={s.list}>
        {spec.parts.map((p, i) => {
          const part = list[i]
          const to = part && view.to(form, part.line)
          const words = (
            <span className={cx('ellipsis', part && !part.line.labels[0]?.text && s.missing)}>{p.title}</span>
          )
          return (
            <li key={i} className={cx(to && s.opens)}>
              <i style={{ background: `var(--${p.color})` }} aria-hidden />
              {to ? (
                <Link to={to} className={s.link}>
                  {words}
                </Link>
              ) : (
                words
              )}
              <b className="num">{text(p.value)}</b>
              <span className={cx(s.share, 'num')}>{p.more}</span>
            </li>
          )
        })}
      </ol>
    </div>
  )
}
