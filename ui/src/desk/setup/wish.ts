import type { Problem } from '@/shared/api'
import type { Language } from '@/shared/i18n'

/** What the first run asks for; the body of `POST /setup`. */
export type Wish = { name: string; locale: string; timezone: string; currency: string; login: string; password: string }

export const currencies = [
  'CNY',
  'HKD',
  'TWD',
  'USD',
  'EUR',
  'GBP',
  'JPY',
  'SGD',
  'KRW',
  'AUD',
  'CAD',
  'CHF',
  'INR',
  'BRL',
]

const zoneCurrency: [RegExp, string][] = [
  [/^Asia\/(Shanghai|Chongqing|Harbin|Urumqi)$/, 'CNY'],
  [/^Asia\/Hong_Kong$/, 'HKD'],
  [/^Asia\/Taipei$/, 'TWD'],
  [/^Asia\/Tokyo$/, 'JPY'],
  [/^Asia\/Singapore$/, 'SGD'],
  [/^Asia\/Seoul$/, 'KRW'],
  [/^Asia\/(Kolkata|Calcutta)$/, 'INR'],
  [/^Europe\/London$/, 'GBP'],
  [/^Europe\/Zurich$/, 'CHF'],
  [/^Europe\//, 'EUR'],
  [/^Australia\//, 'AUD'],
  [/^America\/(Toronto|Vancouver|Halifax|Winnipeg|Edmonton)$/, 'CAD'],
  [/^America\/Sao_Paulo$/, 'BRL'],
  [/^America\//, 'USD'],
]

/** What most people at this browser will want: its language, its time zone and the currency that goes with it. */
export function firstWish(language: Language, zone = Intl.DateTimeFormat().resolvedOptions().timeZone): Wish {
  const timezone = !zone || zone === 'UTC' ? (language === 'zh-CN' ? 'Asia/Shanghai' : 'UTC') : zone
  const currency = zoneCurrency.find(([zones]) => zones.test(timezone))?.[1] ?? (language === 'zh-CN' ? 'CNY' : 'USD')
  return { name: '', locale: language, timezone, currency, login: 'admin', password: '' }
}

/** Every time zone that this browser knows, the given one among them. */
export function zones(current: string): string[] {
  const all = Intl.supportedValuesOf('timeZone')
  return [...new Set([...all, 'UTC', current])].sort()
}

/** A time zone with how far it is from Greenwich now: `America/New York (UTC-5)`. */
export function zoneName(zone: string): string {
  const name = zone.replaceAll('_', ' ')
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts()
    const offset = parts.find((p) => p.type === 'timeZoneName')?.value.replace('GMT', 'UTC')
    return !offset || offset === name ? name : `${name} (${offset})`
  } catch {
    return name // a zone that this browser does not know
  }
}

const own: Record<string, number> = { '/name': 0, '/locale': 0, '/timezone': 0, '/currency': 0 }

/** The step that shows the first of the problems. */
export const stepOf = (problems: Problem[]): number => own[problems[0]?.pointer ?? ''] ?? 1

/** What is wrong with a member, in the reader's words. */
export const problemAt = (problems: Problem[], member: string): string | undefined =>
  problems.find((p) => p.pointer === `/${member}`)?.message
