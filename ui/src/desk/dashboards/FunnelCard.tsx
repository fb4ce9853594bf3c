import { Fragment } from 'react'
import { Link } from 'react-router'
import { formatPercent } from '@/shared/format'
import { cx } from '@/shared/ui'
import { markOf } from './figures'
import { steps } from './funnel'
import type { CardModel } from './model'
import { column, type View } from './view'
import s from './FunnelCard.module.css'

type Props = { model: CardModel; form: string; view: View; stages: boolean; height: number }

/** Steps side by side, each as high as what reached it, with the share that went on between them. */
export function FunnelCard({ model, form, view, stages, height }: Props) {
  const list = steps(model, stages)
  const [main, ...rest] = model.figures
  if (!main) return null
  const top = Math.max(...list.map((x) => x.reached), 1)
  const { text } = view.short(
    list.map((x) => x.reached),
    main,
  )
  const more = rest.map((f, i) => ({ f, ...view.short(column(model, i + 1), f) }))
  return (
    <ol className={s.funnel} style={{ '--rows': 2 + (stages ? 1 : 0) + more.length } as React.CSSProperties}>
      {list.map((x, i) => {
        const label = x.line.labels[0]
        const to = view.to(form, x)
        const share = (x.reached / top) * 100
        const next = list[i + 1]
        const name = view.name(label)
        const bar = (
          <>
            <b className="num">{text(x.reached)}</b>
            <i style={{ height: `${share}%`, background: `var(--${label?.color ? markOf(label.color) : 'c3'})` }} />
          </>
        )
        return (
          <Fragment key={i}>
            <li className={s.step}>
              <div className={s.column} style={{ minHeight: height }}>
                {to ? (
                  <Link
                    to={to}
                    className={s.bar}
                    aria-label={view.t('card.openOf', { what: `${name} ${view.exact(x.reached, main)}` })}
                  >
                    {bar}
                  </Link>
                ) : (
                  <span className={s.bar}>{bar}</span>
                )}
              </div>
              <span className={s.name} title={name}>
                {name}
              </span>
              {stages && (
                <span className={s.note}>
                  <Here view={view} form={form} step={x.line} text={text(x.line.values[0] ?? 0)} name={name} />
                </span>
              )}
              {more.map(({ f, text: of, unit }, k) => (
                <span
                  key={f.key}
                  className={cx(s.note, 'num')}
                  title={`${f.title} ${view.exact(x.line.values[k + 1] ?? null, f)}`}
                >
                  {of(x.line.values[k + 1] ?? null)} {unit}
                </span>
              ))}
            </li>
            {next && (
              <li className={s.between} aria-hidden={next.conversion === undefined}>
                <div className={s.column} style={{ minHeight: height }}>
                  <i
                    className={s.slope}
                    style={{
                      clipPath: `polygon(0 ${100 - share}%, 100% ${100 - (next.reached / top) * 100}%, 100% 100%, 0 100%)`,
                    }}
                  />
                  {next.conversion !== undefined && (
                    <span className={cx(s.conversion, 'num')}>
                      <span className="visually-hidden">{view.t('card.conversion', { percent: '' })}</span>
                      {formatPercent(next.conversion, view.reader, 1)}
                    </span>
                  )}
                </div>
              </li>
            )}
          </Fragment>
        )
      })}
    </ol>
  )
}

function Here({
  view,
  form,
  step,
  text,
  name,
}: {
  view: View
  form: string
  step: CardModel['lines'][number]
  text: string
  name: string
}) {
  const to = view.to(form, step)
  const words = view.t('funnel.now', { n: text })
  return to && step.values[0] ? (
    <Link to={to} aria-label={`${name} ${words}`}>
      {words}
    </Link>
  ) : (
    words
  )
}
