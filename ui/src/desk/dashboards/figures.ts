import { formatMoney, formatNumber, formatPercent, type Reader } from '@/shared/format'

/** How a figure reads. `unit` is a word behind it: 天, 个. */
export type Style = {
  kind: 'number' | 'currency' | 'percent' | 'days'
  currency?: string
  scale?: number
  unit?: string
}

/** By how much figures are divided so that they are short, and the word that says so. */
export type Shortening = { by: number; word: string; decimals: number }

const steps: Record<string, [number, string][]> = {
  zh: [
    [1e8, '亿'],
    [1e4, '万'],
  ],
  en: [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'K'],
  ],
}

/** One shortening for all figures of a card, by the greatest; none below a hundred thousand. */
export function shorteningFor(values: (number | null)[], style: Style, language: string): Shortening {
  const none = { by: 1, word: '', decimals: 0 }
  if (style.kind === 'percent' || style.kind === 'days') return none
  const top = values.reduce<number>((m, v) => Math.max(m, Math.abs(v ?? 0)), 0)
  if (top < 1e5) return none
  const found = (steps[language.split('-')[0]!] ?? steps.en!).find(([by]) => top >= by)
  if (!found) return none
  const [by, word] = found
  return { by, word, decimals: top < 10 * by ? 2 : top < 10_000 * by ? 1 : 0 }
}

/** What stands behind a shortened figure or in a card's head: 万元, ¥M, 天. */
export function unitText(style: Style, by: Shortening, r: Reader, days: string): string {
  if (style.kind === 'percent') return '%'
  if (style.kind === 'days') return days
  if (style.kind === 'number') return by.word + (style.unit ?? '')
  const code = style.currency || r.currency
  if (r.language.startsWith('zh')) {
    if (code === 'CNY') return `${by.word}元`
    return by.word + (new Intl.DisplayNames([r.language], { type: 'currency' }).of(code) ?? code)
  }
  const sign = new Intl.NumberFormat(r.language, { style: 'currency', currency: code, currencyDisplay: 'narrowSymbol' })
    .formatToParts(0)
    .find((p) => p.type === 'currency')?.value
  return `${sign ?? code}${by.word}`
}

/** A figure without its unit, as short as `by` makes it: for marks, axes, and figures whose unit stands elsewhere. */
export function shortFigure(v: number, style: Style, by: Shortening, r: Reader): string {
  if (by.by > 1) return formatNumber(v / by.by, r, by.decimals)
  if (style.kind === 'percent' || style.kind === 'days') return formatNumber(v, r, 1)
  return formatNumber(v, r, Number.isInteger(v) ? 0 : (style.scale ?? 2))
}

/** A figure for an axis, where a decimal is only noise. */
export function axisFigure(v: number, by: Shortening, r: Reader): string {
  return formatNumber(Math.round((v / by.by) * 100) / 100, r)
}

/** The colour of an option as marks have it: its text's hue, lighter. */
export const markOf = (color: string): string =>
  ({ gray: 'c5', blue: 'c1', cyan: 'c8', green: 'c3', yellow: 'c6', orange: 'c2', purple: 'c7' })[color] ?? color

/** A figure in full, with its unit. */
export function exactFigure(v: number | null, style: Style, r: Reader, days: string): string {
  if (v === null) return '–'
  switch (style.kind) {
    case 'currency':
      return formatMoney(v, r, style.currency, Number.isInteger(v) ? 0 : (style.scale ?? 2))
    case 'percent':
      return formatPercent(v, r, Number.isInteger(v) ? 0 : 1)
    case 'days':
      return `${formatNumber(Math.round(v * 10) / 10, r)} ${days}`
    default:
      return (
        formatNumber(v, r, style.scale === undefined || Number.isInteger(v) ? undefined : style.scale) +
        (style.unit ?? '')
      )
  }
}

/** The same kind of figure has the same colour on every card. */
export const hueOf = (style: Style): string => ({ currency: 'c1', number: 'c3', percent: 'c7', days: 'c6' })[style.kind]
