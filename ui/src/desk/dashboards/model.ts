import type { FormEntry, Schemas } from '@/shared/api'
import type { Text } from '@/shared/i18n'
import { between, unitOf } from './bucket'
import type { Filter } from './drill'
import { sourceOf, type Forms, type Option } from './fields'
import type { Style } from './figures'

export type Card = Schemas['Card']
export type CardData = Schemas['DashboardCard']

/** What a row is of. `text` is empty where a value is missing. */
export type Label = { text: string; color?: string; id?: string; bucket?: string }
export type Group = { key: string; title: string; kind: 'bucket' | 'user' | 'department' | 'option' | 'other' }
export type Figure = { key: string; title: string; style: Style; /** Sums over rows make sense. */ additive: boolean }
export type Line = { labels: Label[]; values: (number | null)[]; filter: Filter | null | undefined }

/** A card's answer, made ready to be shown. */
export type CardModel = { groups: Group[]; figures: Figure[]; lines: Line[] }

type Words = { text: (t: Text) => string; switchOn: string; switchOff: string; count: string }

/** Brings together what a card's definition, its form and the server's answer say. */
export function modelOf(card: Card, data: CardData, form: FormEntry | undefined, forms: Forms, w: Words): CardModel {
  const title = (key: string, fallback: Text) => w.text(card.titles?.[key]) || w.text(fallback) || key
  const sources = (card.groupBy ?? []).map((g) => sourceOf(form, g.field, forms))
  const groups: Group[] = (card.groupBy ?? []).map((g, i) => ({
    key: g.as ?? g.field,
    title: title(g.as ?? g.field, sources[i]?.title),
    kind: g.unit ? 'bucket' : kindOf(sources[i]?.type, sources[i]?.options),
  }))
  const figures: Figure[] = card.measures.map((m) => {
    const source = m.field ? sourceOf(form, m.field, forms) : {}
    return {
      key: m.as,
      title: title(m.as, m.field ? source.title : w.count),
      style: styleOf(
        card.format?.[m.as],
        m,
        source.type,
        source.currency,
        m.scale ?? source.scale,
        w.text(source.unit),
      ),
      additive: !m.ratio && (m.fn === 'count' || m.fn === 'sum'),
    }
  })
  const labels = data.labels as Record<string, Record<string, string> | undefined>
  const lines = data.rows.map((row, r): Line => ({
    labels: groups.map((g, i) => labelOf(row[g.key], g, sources[i]?.options, labels[g.key], w)),
    values: figures.map((f) => (typeof row[f.key] === 'number' ? (row[f.key] as number) : null)),
    filter: data.filters?.[r] as Filter | null | undefined,
  }))
  if (lines.length > 0) lines.push(...asked(card, groups[0], sources[0]?.options, { lines, figures }, w))
  return {
    groups,
    figures,
    lines: ordered(
      card,
      groups,
      sources.map((s) => s.options),
      lines,
    ),
  }
}

function kindOf(type: string | undefined, options: Option[] | undefined): Group['kind'] {
  if (type === 'user' || type === 'department') return type
  return options ? 'option' : 'other'
}

function styleOf(
  format: string | undefined,
  m: Card['measures'][number],
  type: string | undefined,
  currency: string | undefined,
  scale: number | undefined,
  unit: string,
): Style {
  const count = m.fn === 'count' || m.fn === 'distinct'
  const kind =
    format === 'currency' || format === 'percent' || format === 'days' || format === 'number'
      ? format
      : m.ratio
        ? m.percent
          ? 'percent'
          : 'number'
        : !count && (type === 'currency' || type === 'percent')
          ? type
          : 'number'
  return {
    kind,
    ...(kind === 'currency' && currency ? { currency } : {}),
    ...(scale !== undefined && !count ? { scale } : {}),
    ...(kind === 'number' && !count && unit ? { unit } : {}),
  }
}

function labelOf(
  value: unknown,
  g: Group,
  options: Option[] | undefined,
  names: Record<string, string> | undefined,
  w: Words,
): Label {
  if (value === null || value === undefined || value === '') return { text: '' }
  if (typeof value === 'boolean') return { text: value ? w.switchOn : w.switchOff }
  const id = String(value)
  if (g.kind === 'bucket') return { text: id, bucket: id }
  const option = options?.find((o) => o.value === id)
  if (option) return { text: w.text(option.title) || id, id, ...(option.color ? { color: option.color } : {}) }
  return { text: names?.[id] ?? id, id }
}

/** Options that the card's own filter asks for by name and that no record has: a funnel shows them all the same. */
function asked(
  card: Card,
  group: Group | undefined,
  options: Option[] | undefined,
  m: Omit<CardModel, 'groups'>,
  w: Words,
) {
  const f = card.filter as { field?: string; op?: string; value?: unknown } | undefined
  const values = f?.field === card.groupBy?.[0]?.field && f?.op === 'in' && Array.isArray(f.value) ? f.value : []
  if (card.type !== 'funnel' || group?.kind !== 'option') return []
  const there = new Set(m.lines.map((l) => l.labels[0]?.id))
  return (options ?? [])
    .filter((o) => values.includes(o.value) && !there.has(o.value))
    .map((o): Line => ({
      labels: [{ text: w.text(o.title) || o.value, id: o.value, ...(o.color ? { color: o.color } : {}) }],
      values: m.figures.map((x) => (x.additive ? 0 : null)),
      filter: undefined,
    }))
}

/** Rows of options without an order of their own come in the order of the options: stages in that of the funnel. */
function ordered(card: Card, groups: Group[], options: (Option[] | undefined)[], lines: Line[]): Line[] {
  const list = options[0]
  if (card.sort?.length || groups.length !== 1 || !list) return lines
  const place = (l: Line) => {
    const i = list.findIndex((o) => o.value === l.labels[0]?.id)
    return i < 0 ? list.length : i
  }
  return [...lines].sort((a, b) => place(a) - place(b))
}

/**
 * A sequence without gaps: buckets between the first and the last that have no row get one, with 0 for what adds up and
 * nothing for averages. Rows without a date stay out.
 */
export function sequence(m: CardModel): Line[] {
  const dated = m.lines.filter((l) => l.labels[0]?.bucket)
  const buckets = dated.map((l) => l.labels[0]!.bucket!).sort()
  const [first, last] = [buckets[0], buckets.at(-1)]
  if (!first || !last || unitOf(first) !== unitOf(last)) return dated
  const of = new Map(dated.map((l) => [l.labels[0]!.bucket!, l]))
  return between(first, last).map(
    (b) =>
      of.get(b) ?? {
        labels: [{ text: b, bucket: b }],
        values: m.figures.map((f) => (f.additive ? 0 : null)),
        filter: undefined,
      },
  )
}

/** Whether a card has anything to show. */
export const isEmpty = (m: CardModel) => m.lines.length === 0 || m.lines.every((l) => l.values.every((v) => !v))
