import { useQuery } from '@tanstack/react-query'
import { BarChart3, ChartLine, ChartPie, Filter, Hash, Table2, Trophy } from 'lucide-react'
import { createElement } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError, must } from '@/shared/api'
import { formatBucket, useFormat } from '@/shared/format'
import { useText } from '@/shared/i18n'
import { cx } from '@/shared/ui'
import { formNamed, useForms, useStudio, type Library } from '../context'
import type { Card } from '../model/types'
import { useFields } from '../useInfo'
import s from './Dashboards.module.css'

const shapes = {
  kpi: Hash,
  bar: BarChart3,
  line: ChartLine,
  funnel: Filter,
  leaderboard: Trophy,
  table: Table2,
  pie: ChartPie,
}

/** A card with its first figures over all time, computed now, so that its settings can be judged. */
export function CardTile({
  card,
  library,
  chosen,
  onChoose,
}: {
  card: Card
  library: Library
  chosen: boolean
  onChoose: () => void
}) {
  const { t } = useTranslation('studio')
  const text = useText()
  const format = useFormat()
  const { app } = useStudio()
  const form = formNamed(useForms(library), app, card.form)
  const fields = useFields(library, card.form)
  const ask = {
    filter: card.filter,
    groupBy: card.groupBy,
    measures: card.measures,
    having: card.having,
    sort: card.sort,
    limit: Math.min(card.limit ?? 5, 5),
  }
  const figures = useQuery({
    queryKey: ['studio', app, 'figures', form?.name, ask],
    enabled: form !== undefined,
    retry: false,
    placeholderData: (old) => old,
    queryFn: async () =>
      await must(
        api.POST('/api/v1/apps/{app}/forms/{form}/aggregate', {
          params: { path: { app: form?.app ?? '', form: form?.key ?? '' } },
          body: ask as never,
        }),
      ),
  })
  const labels = (figures.data as { labels?: { [group: string]: { [id: string]: string } } } | undefined)?.labels
  const groups = (card.groupBy ?? []).map(
    (g) => g.as ?? (g.unit ? `${g.field}:${g.unit}` : g.level ? `${g.field}:${g.level}` : g.field),
  )
  // as on the dashboard: options without an order of their own come in the order of the options
  const options = fields.find((f) => f.key === card.groupBy?.[0]?.field)?.options ?? []
  const place = (r: { [k: string]: unknown }) => options.findIndex((o) => o.value === r[groups[0] ?? ''])
  const found = (figures.data?.rows ?? []) as { [k: string]: unknown }[]
  const rows = card.sort?.length || groups.length !== 1 ? found : [...found].sort((a, b) => place(a) - place(b))
  const first = rows[0] ?? {}
  const show = (name: string, v: unknown) => {
    if (typeof v === 'number') {
      const as = card.format?.[name]
      return as === 'percent' ? format.percent(v) : as === 'currency' ? format.money(v) : format.number(v)
    }
    const timed = (card.groupBy ?? [])[groups.indexOf(name)]?.unit
    if (timed && v) return formatBucket(String(v), format.reader, (unit, x) => t(`cards.bucket.${unit}`, x))
    const option = fields.find((f) => f.key === name)?.options.find((o) => o.value === v)
    return (
      labels?.[name]?.[String(v)] ?? (option ? text(option.title) : v === null || v === undefined ? '–' : String(v))
    )
  }
  const measures = card.measures.map((m) => m.as)
  return (
    <button
      type="button"
      className={cx(s.card, chosen && s.chosen)}
      style={{ gridColumn: `span ${card.width ?? 4}` }}
      aria-pressed={chosen}
      onClick={onChoose}
    >
      <span className={s.cardHead}>
        {(card.width ?? 4) > 3 &&
          createElement(shapes[card.type], { size: 16, strokeWidth: 1.75, 'aria-hidden': true })}
        <strong className="ellipsis">{text(card.title) || card.key}</strong>
        {(card.width ?? 4) > 3 && <small>{t(`cards.${card.type}`)}</small>}
      </span>
      {figures.error ? (
        <span className={s.bad}>
          {figures.error instanceof ApiError ? figures.error.message : String(figures.error)}
        </span>
      ) : groups.length === 0 ? (
        <span className={cx(s.figure, 'num')}>{show(measures[0] ?? '', first[measures[0] ?? ''])}</span>
      ) : (
        <span className={s.rows}>
          {rows.map((r, i) => (
            <span key={i} className={s.row}>
              <span className="ellipsis">{groups.map((g) => show(g, r[g])).join(' · ')}</span>
              <span className="num">{show(measures[0] ?? '', r[measures[0] ?? ''])}</span>
            </span>
          ))}
        </span>
      )}
    </button>
  )
}
