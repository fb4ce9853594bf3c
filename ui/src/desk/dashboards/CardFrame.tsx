import { CircleHelp, MoreHorizontal } from 'lucide-react'
import { Component, useRef, useState, type ReactNode } from 'react'
import { useText } from '@/shared/i18n'
import { Menu, Tooltip, type MenuEntry } from '@/shared/overlay'
import { cx, IconButton, toastError } from '@/shared/ui'
import type { FormEntry, Schemas } from '@/shared/api'
import { CardBody, drawn } from './CardBody'
import { unitText } from './figures'
import { isEmpty, type Card, type CardData, type CardModel } from './model'
import { savePicture } from './picture'
import { column, type View } from './view'
import s from './Card.module.css'

type Props = {
  card: Card
  data: CardData | undefined
  model: CardModel | undefined
  form: FormEntry | undefined
  view: View
  /** A period is chosen that this card does not follow. */
  timeless: boolean
  /** The period in days. */
  range: Schemas['DashboardData']['range']
}

/** A card of a dashboard: its title, unit and menu around what it shows; what went wrong stays inside it. */
export function CardFrame({ card, data, model, form, view, timeless, range }: Props) {
  const text = useText()
  const { t } = view
  const box = useRef<HTMLElement>(null)
  const [table, setTable] = useState(false)
  const title = text(card.title)
  const refused = data?.problems?.[0]
  const kpi = (card.groupBy ?? []).length === 0
  const empty = model !== undefined && !refused && !kpi && isEmpty(model)
  const shown = model !== undefined && !refused && !empty
  const turns = shown && drawn(card, model)
  const stages = form?.stages !== undefined && card.groupBy?.[0]?.field === form.stages.field
  const items: MenuEntry[] = [
    ...(turns
      ? [{ label: table ? t('card.asChart') : t('card.asTable'), onSelect: () => setTable(!table) } satisfies MenuEntry]
      : []),
    {
      label: t('asPicture'),
      onSelect: () => void (box.current && savePicture(box.current, title).catch(() => toastError(t('pictureFailed')))),
    },
  ]
  return (
    <section
      ref={box}
      className={cx(s.card, kpi && s.kpi)}
      style={{ '--w': Math.min(12, Math.max(1, card.width ?? (kpi ? 3 : 6))) } as React.CSSProperties}
      aria-label={title}
      data-card={card.key}
      data-kpi={kpi || undefined}
    >
      <header className={s.head}>
        <h2 className={cx('ellipsis', s.title)} title={title}>
          {title}
        </h2>
        {shown && turns && !table && model.figures[0] && <Unit model={model} view={view} />}
        {stages && card.type === 'funnel' && <span className={cx(s.unit, 'ellipsis')}>{t('funnel.reached')}</span>}
        {timeless && !kpi && <span className={cx(s.unit, 'ellipsis')}>{t('card.notByPeriod')}</span>}
        <span className={s.tools}>
          {card.help && (
            <Tooltip text={text(card.help)}>
              <IconButton size="small" label={`${t('card.help')}: ${text(card.help)}`} title={undefined}>
                <CircleHelp size={14} strokeWidth={1.75} aria-hidden />
              </IconButton>
            </Tooltip>
          )}
          {shown && (
            <Menu
              align="end"
              trigger={
                <IconButton size="small" label={t('more', { card: title })} className={s.menu}>
                  <MoreHorizontal size={16} strokeWidth={1.75} aria-hidden />
                </IconButton>
              }
              items={items}
            />
          )}
        </span>
      </header>
      <div className={s.body}>
        {refused ? (
          <p className={s.refused}>
            {refused.code === 'forbidden' ? t('card.forbidden') : t('card.failed')}
            {refused.code !== 'forbidden' && refused.message && <small>{refused.message}</small>}
          </p>
        ) : empty ? (
          <p className={s.empty}>{timeless || !range ? t('card.emptyAll') : t('card.empty')}</p>
        ) : model && data ? (
          <Guard fallback={<p className={s.refused}>{t('card.failed')}</p>}>
            <CardBody
              card={card}
              model={model}
              data={data}
              range={range}
              view={view}
              title={title}
              table={table}
              stages={stages}
            />
          </Guard>
        ) : (
          <div className={cx(s.bones, kpi && s.low)} aria-hidden />
        )}
        {timeless && kpi && shown && <p className={s.note}>{t('card.notByPeriod')}</p>}
      </div>
    </section>
  )
}

function Unit({ model, view }: { model: CardModel; view: View }) {
  const f = model.figures[0]!
  const { by } = view.short(column(model, 0), f)
  const words = unitText(f.style, by, view.reader, view.t('card.days'))
  return (
    <span className={cx(s.unit, 'ellipsis')}>
      {f.title}
      {words && ` · ${words}`}
    </span>
  )
}

/** Keeps one card's mistake from taking the dashboard with it. */
class Guard extends Component<{ children: ReactNode; fallback: ReactNode }, { broken: boolean }> {
  state = { broken: false }
  static getDerivedStateFromError = () => ({ broken: true })
  componentDidUpdate(before: { children: ReactNode }) {
    if (this.state.broken && before.children !== this.props.children) this.setState({ broken: false })
  }
  render() {
    return this.state.broken ? this.props.fallback : this.props.children
  }
}
