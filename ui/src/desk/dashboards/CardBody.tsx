import type { Schemas } from '@/shared/api'
import { FigureTable } from './FigureTable'
import { FunnelCard } from './FunnelCard'
import { KpiCard } from './KpiCard'
import type { Card, CardData, CardModel } from './model'
import { PartsCard } from './PartsCard'
import { SequenceCard } from './SequenceCard'
import type { View } from './view'
import s from './Card.module.css'

type Props = {
  card: Card
  data: CardData
  model: CardModel
  /** The period in days. */
  range: Schemas['DashboardData']['range']
  view: View
  title: string
  /** The figures instead of the drawing. */
  table: boolean
  /** The group is the stage of the form. */
  stages: boolean
}

/** Pixels of a chart, by the height that the definition asks for. */
const heightOf = (card: Card) => (card.height ? Math.max(120, card.height * 80) : 240)

/** Whether a card is drawn, so that its table is something else. */
export const drawn = (card: Card, model: CardModel) =>
  model.groups.length > 0 &&
  (card.type === 'line' || card.type === 'pie' || card.type === 'funnel' || inSequence(card, model))

/** Bars stand up over time and with two groups; other bars lie, with their names beside them. */
const inSequence = (card: Card, m: CardModel) =>
  card.type === 'bar' && (m.groups[0]?.kind === 'bucket' || m.groups.length > 1)

export function CardBody({ card, data, model, range, view, title, table, stages }: Props) {
  const { form } = data
  if (model.groups.length === 0)
    return <KpiCard card={card} data={data} model={model} view={view} title={title} range={range} />
  const rows = (bars: boolean, ranked: boolean) => (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className={s.scroll} tabIndex={0} role="group" aria-label={title}>
      <FigureTable
        model={model}
        form={form}
        view={view}
        bars={bars}
        ranked={ranked}
        caption={title}
        limit={card.limit}
      />
    </div>
  )
  if (table && drawn(card, model)) return rows(false, false)
  switch (card.type) {
    case 'line':
      return <SequenceCard model={model} form={form} view={view} type="line" title={title} height={heightOf(card)} />
    case 'bar':
      return inSequence(card, model) ? (
        <SequenceCard model={model} form={form} view={view} type="bar" title={title} height={heightOf(card)} />
      ) : (
        rows(true, false)
      )
    case 'funnel':
      return <FunnelCard model={model} form={form} view={view} stages={stages} height={heightOf(card) - 40} />
    case 'pie':
      return <PartsCard model={model} form={form} view={view} title={title} />
    case 'leaderboard':
      return rows(true, true)
    default:
      return rows(false, false)
  }
}
