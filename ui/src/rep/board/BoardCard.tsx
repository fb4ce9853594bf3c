import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Schemas } from '@/shared/api'
import { formatBucket, useFormat } from '@/shared/format'
import { useText } from '@/shared/i18n'
import { formModel, type Option } from '@/shared/schema'
import { cx } from '@/shared/ui'
import { useCatalog } from '../model/catalog'
import { formPath } from '../shell/nav'
import s from './BoardCard.module.css'

type Card = Schemas['Card']
type Data = Schemas['DashboardData']['cards'][number]
const most = 12

/** One card: a figure, or a row with a bar for each group. */
export function BoardCard({ card, app, data }: { card: Card; app: string; data?: Data }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const format = useFormat()
  const catalog = useCatalog()
  const form = card.form.includes('.') ? card.form : `${app}.${card.form}`
  const entry = catalog.form(form)
  const groups = (card.groupBy ?? []).map(
    (g) => g.as ?? g.field + (g.unit ? `:${g.unit}` : g.level ? `:${g.level}` : ''),
  )
  const options = (name: string) =>
    (entry && formModel(entry).field((card.groupBy ?? [])[groups.indexOf(name)]?.field ?? '')?.options) || []
  const unit = (name: string) => (card.groupBy ?? [])[groups.indexOf(name)]?.unit
  const rows = ordered(data?.rows ?? [], card, groups[0] ?? '', options)
  const figures = card.measures.map((m) => m.as)
  const main = figures[0] ?? ''
  const wide = groups.length > 0
  const href = (i: number) => {
    const filter = data?.filters?.[(data.rows as unknown[]).indexOf(rows[i])]
    return entry && filter !== null
      ? `${formPath(form)}${filter ? `?filter=${encodeURIComponent(JSON.stringify(filter))}` : ''}`
      : undefined
  }

  const show = (name: string, v: unknown) => {
    if (typeof v !== 'number') return '–'
    switch (card.format?.[name]) {
      case 'currency':
        return Math.abs(v) >= (wide ? 1e9 : 1e7) ? format.compactMoney(v) : format.money(v)
      case 'percent':
        return format.percent(v)
      case 'days':
        return t('board.days', { count: Math.round(v), n: format.number(v, 0) })
      default:
        return format.number(v)
    }
  }
  const label = (name: string, v: unknown): string => {
    if (v === null || v === undefined) return t('board.none')
    const named = (data?.labels?.[name] as { [id: string]: string } | undefined)?.[String(v)]
    if (named) return named
    if (unit(name)) return formatBucket(String(v), format.reader, (of, x) => t(`board.${of}`, x))
    const option = options(name).find((o) => o.value === v)
    return option ? text(option.title) || option.value : String(v)
  }
  const max = Math.max(1, ...rows.map((r) => (typeof r[main] === 'number' ? (r[main] as number) : 0)))

  return (
    <section className={cx(s.card, wide && s.wide)}>
      <h2 className={s.title}>{text(card.title)}</h2>
      {data?.problems?.length ? <p className={s.none}>{data.problems[0]!.message}</p> : null}
      {rows.length === 0 && !data?.problems?.length && <p className={s.none}>{t('board.nothing')}</p>}
      {!wide && rows[0] && (
        <Go href={href(0)} className={s.figure}>
          <strong className="num">{show(main, rows[0][main])}</strong>
          {figures.slice(1, 3).map((f) => (
            <small key={f}>
              {text(card.titles?.[f]) || f} <span className="num">{show(f, rows[0]![f])}</span>
            </small>
          ))}
        </Go>
      )}
      {wide && (
        <ol className={s.rows}>
          {rows.slice(0, most).map((r, i) => (
            <li key={i}>
              <Go href={href(i)} className={s.row}>
                <span className={s.name}>{groups.map((g) => label(g, r[g])).join(' · ')}</span>
                <span className={cx(s.value, 'num')}>{show(main, r[main])}</span>
                <span className={s.track} aria-hidden>
                  <i style={{ width: `${Math.max(0, Math.min(100, (Number(r[main] ?? 0) / max) * 100))}%` }} />
                </span>
              </Go>
            </li>
          ))}
          {rows.length > most && <li className={s.none}>{t('board.more', { count: rows.length - most })}</li>}
        </ol>
      )}
    </section>
  )
}

type Row = Data['rows'][number]

/** Rows of options without an order of their own come in the order of the options: stages in that of the funnel. */
function ordered(rows: readonly Row[], card: Card, group: string, options: (g: string) => readonly Option[]): Row[] {
  const list = card.sort?.length || card.groupBy?.length !== 1 ? [] : options(group)
  if (list.length === 0) return [...rows]
  const place = (r: Row) => {
    const i = list.findIndex((o) => o.value === r[group])
    return i < 0 ? list.length : i
  }
  return [...rows].sort((a, b) => place(a) - place(b))
}

function Go({ href, className, children }: { href?: string; className?: string; children: ReactNode }) {
  return href ? (
    <Link href={href} className={className}>
      {children}
    </Link>
  ) : (
    <span className={className}>{children}</span>
  )
}
