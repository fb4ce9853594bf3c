import { ArrowDown, ArrowUp, Minus } from 'lucide-react'
import { Link } from 'react-router'
import type { Schemas } from '@/shared/api'
import { formatNumber, formatPercent } from '@/shared/format'
import { cx } from '@/shared/ui'
import { changeOf, paceOf } from './kpi'
import type { Card, CardData, CardModel, Figure } from './model'
import { type View } from './view'
import s from './KpiCard.module.css'

type Props = {
  card: Card
  data: CardData
  model: CardModel
  view: View
  title: string
  range: Schemas['DashboardData']['range']
}

/** One figure, as large as it gets, with its change and its target; the others of the card below. All of it opens the records. */
export function KpiCard({ card, data, model, view, title, range }: Props) {
  const line = model.lines[0]
  const [main, ...rest] = model.figures
  if (!line || !main) return null
  const value = line.values[0] ?? null
  const { text, unit, by } = view.short([value], main)
  const to = view.to(data.form, line)
  const exact = view.exact(value, main)
  const figure = (
    <>
      <span className="num">{text(value)}</span>
      {value !== null && unit && <small>{unit}</small>}
    </>
  )
  return (
    <>
      <p className={s.figure} title={exact}>
        {to ? (
          <Link to={to} className={s.link}>
            <span className="visually-hidden">{title} </span>
            {figure}
          </Link>
        ) : (
          figure
        )}
      </p>
      {by.by > 1 && <p className={cx(s.exact, 'num')}>{exact}</p>}
      {card.compare && <Compared card={card} data={data} value={value} figure={main} view={view} />}
      <Target lower={card.better === 'lower'} data={data} value={value} figure={main} view={view} range={range} />
      {rest.length > 0 && (
        <dl className={s.rest}>
          {rest.map((f, i) => (
            <div key={f.key}>
              <dt>{f.title}</dt>
              <dd className="num">{view.exact(line.values[i + 1] ?? null, f)}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}

const arrows = { up: ArrowUp, down: ArrowDown, same: Minus }

type ComparedProps = { card: Card; data: CardData; value: number | null; figure: Figure; view: View }

function Compared({ card, data, value, figure, view }: ComparedProps) {
  const { t, reader } = view
  if (!data.then) return null // all time has no time before it
  const had = data.previous?.[0]?.[figure.key]
  const before = typeof had === 'number' ? had : null
  const change = changeOf(value, before, figure.style, card.better)
  const versus = t(card.compare === 'last-year' ? 'kpi.versusYear' : 'kpi.versus')
  if (!change) return <p className={s.change}>{t('kpi.noPrevious')}</p>
  const Arrow = arrows[change.way]
  const days = t('period.fromTo', { from: data.then.from, to: data.then.to })
  return (
    <p className={s.change} title={`${days}: ${view.exact(before, figure)}`}>
      {change.way === 'same' ? (
        t('kpi.same')
      ) : (
        <>
          <span className={cx(s[change.mood], 'num')}>
            <Arrow size={14} strokeWidth={1.75} aria-hidden />
            <span className="visually-hidden">{t(`kpi.${change.way}`)} </span>
            {change.points
              ? t('kpi.pointsUp', { points: formatNumber(change.by, reader, 1) })
              : formatPercent(change.by, reader, 1)}
          </span>{' '}
          {versus}
        </>
      )}
    </p>
  )
}

type TargetProps = {
  lower: boolean
  data: CardData
  value: number | null
  figure: Figure
  view: View
  range: Props['range']
}

function Target({ lower, data, value, figure, view, range }: TargetProps) {
  const { t, reader } = view
  const pace = paceOf(value, data.target, figure.style, range)
  if (!pace || data.target === undefined) return null
  const timed = pace.due !== undefined
  const points = formatNumber(Math.abs(pace.ahead ?? 0), reader, 1)
  const level = Math.abs(pace.ahead ?? 0) < 0.05
  return (
    <div className={s.target}>
      <span className={s.track} aria-hidden>
        <i style={{ width: `${Math.min(100, Math.max(0, pace.done))}%` }} />
        {timed && <b style={{ left: `${pace.due}%` }} />}
      </span>
      <p>
        <span>{t('kpi.target', { value: view.exact(data.target, figure) })}</span>
        <span>{t('kpi.done', { percent: formatPercent(pace.done, reader, 1) })}</span>
        {pace.ahead !== undefined && (
          <span className={level ? undefined : pace.ahead > 0 !== lower ? s.good : s.bad}>
            {timed && level
              ? t('kpi.onPace')
              : t(timed ? (pace.ahead > 0 ? 'kpi.ahead' : 'kpi.behind') : pace.ahead >= 0 ? 'kpi.above' : 'kpi.below', {
                  points,
                })}
          </span>
        )}
      </p>
    </div>
  )
}
