import { Hourglass } from 'lucide-react'
import { memo } from 'react'
import { useDrag } from '@/shared/dnd'
import { isEmpty } from '@/shared/schema'
import { Avatar, cx } from '@/shared/ui'
import { cell, due, nameIn, plainOf } from '../data/cells'
import { currencyOf, titleOf, type Env } from '../data/env'
import type { Row } from '../data/feed'
import type { CardPlan } from '../model/board'
import { isNumeric, valueOf, type ListField } from '../model/fields'
import s from './Board.module.css'

type Props = {
  row: Row
  plan: CardPlan
  env: Env
  base: string
  open: boolean
  /** Days in the stage, where that is over its limit. */
  stayed?: number
  /** What makes its title the keyboard's grip on the card. */
  grip?: ReturnType<typeof useDrag>['grip']
}

/** What a card shows; the same on a board, in a gallery, and under the pointer while it is dragged. */
export const CardFace = memo(function CardFace({ row, plan, env, base, open, stayed, grip }: Props) {
  const value = (f: ListField | undefined) => (f ? valueOf(row.record, f) : undefined)
  const shown = (f: ListField) => plainOf(f, value(f), row.labels, env)
  const title = (plan.title && shown(plan.title)) || env.t('unnamed')
  const person = plan.person && value(plan.person)
  const name = plan.person && !isEmpty(person) ? nameIn(row.labels, plan.person.key, person, env) : undefined
  const amount = plan.figure && value(plan.figure)
  const date = plan.date && value(plan.date)
  const tags = plan.tags.filter((f) => !isEmpty(value(f)))
  const rest = plan.rest.filter((f) => !isEmpty(value(f)))
  return (
    <>
      <div className={s.cardTop}>
        <a
          className={s.cardTitle}
          href={`${base}/${row.id}`}
          {...(grip as object | undefined)}
          data-open="page"
          draggable={false}
        >
          {title}
        </a>
        {name !== undefined && name !== '—' && (
          <span title={name}>
            <Avatar name={name} id={String(person)} size={20} />
          </span>
        )}
      </div>
      {plan.sub && !isEmpty(value(plan.sub)) && <div className={s.cardSub}>{shown(plan.sub)}</div>}
      {(typeof amount === 'number' || stayed !== undefined) && (
        <div className={s.cardFigure}>
          {plan.figure && typeof amount === 'number' && money(plan.figure, amount, env)}
          {stayed !== undefined && (
            <span className={s.stayed}>
              <Hourglass size={14} strokeWidth={1.75} aria-hidden /> {env.t('board.stayed', { count: stayed })}
            </span>
          )}
        </div>
      )}
      {tags.length > 0 && (
        <div className={s.cardTags}>
          {tags.map((f) => (
            <span key={f.key}>{cell(f, value(f), row.labels, env)}</span>
          ))}
        </div>
      )}
      {rest.map((f) => (
        <div key={f.key} className={s.cardRest}>
          <span>{titleOf(f, env)}</span>
          <span className={cx(isNumeric(f) && 'num')}>{shown(f)}</span>
        </div>
      ))}
      {(plan.note || plan.date) && (!isEmpty(value(plan.note)) || !isEmpty(date)) && (
        <div className={s.cardFoot}>
          <span className="ellipsis">{plan.note ? shown(plan.note) : ''}</span>
          {plan.date && !isEmpty(date) && (
            <span className={s.cardDate}>
              {plan.date.model?.format === 'due' ? due(String(date), env, open) : shown(plan.date)}
            </span>
          )}
        </div>
      )}
    </>
  )
})

export function money(f: ListField, n: number, env: Env): string {
  const currency = currencyOf(f, env)
  return currency ? env.fmt.money(n, currency) : env.fmt.number(n)
}

/** A card that can be dragged. */
export function Card(p: Props & { disabled: boolean }) {
  const { ref, props, grip, dragging } = useDrag(p.row.id, p.disabled)
  return (
    <div
      ref={ref}
      {...props}
      className={cx(
        s.card,
        dragging && s.lifted,
        p.row.gone && s.gone,
        p.row.changes > 0 && s[`flash${p.row.changes % 2}`],
      )}
      data-id={p.row.id}
    >
      <CardFace row={p.row} plan={p.plan} env={p.env} base={p.base} open={p.open} stayed={p.stayed} grip={grip} />
    </div>
  )
}
