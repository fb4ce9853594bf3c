import { Link } from 'react-router'
import { cx } from '@/shared/ui'
import type { CardModel } from './model'
import { type View } from './view'
import s from './KpiCard.module.css'

type Props = { model: CardModel; form: string; view: View; title: string }

/** One figure, as large as it gets; the others of the card below it. All of it opens the records. */
export function KpiCard({ model, form, view, title }: Props) {
  const line = model.lines[0]
  const [main, ...rest] = model.figures
  if (!line || !main) return null
  const value = line.values[0] ?? null
  const { text, unit, by } = view.short([value], main)
  const to = view.to(form, line)
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
          <Link to={to} aria-label={view.t('card.openOf', { what: `${title} ${exact}` })} className={s.link}>
            {figure}
          </Link>
        ) : (
          figure
        )}
      </p>
      {by.by > 1 && <p className={cx(s.exact, 'num')}>{exact}</p>}
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
