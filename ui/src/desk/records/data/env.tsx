import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat, type Format } from '@/shared/format'
import { useText, type Text } from '@/shared/i18n'
import type { ListField } from '../model/fields'

/** What drawing a value takes, made once for a whole list: cells have no hooks of their own. */
export type Env = {
  text: (t: Text) => string
  fmt: Format
  t: (key: string, params?: Record<string, unknown>) => string
  today: string
  language: string
}

export function useEnv(): Env {
  const { t, i18n } = useTranslation('desk/records')
  const text = useText()
  const fmt = useFormat()
  const today = fmt.today()
  return useMemo(() => ({ t, text, fmt, today, language: i18n.language }), [t, text, fmt, today, i18n.language])
}

/** The title of a field, along its path. */
export function titleOf(f: ListField, env: Pick<Env, 'text' | 't'>): string {
  return f.titles
    .map((x) => (typeof x === 'string' && /^(envelope|path)\./.test(x) ? env.t(x) : env.text(x)))
    .join(' · ')
}

/** The title with the unit that its figures are in. */
export function headOf(f: ListField, env: Env): string {
  const title = titleOf(f, env)
  const unit = f.model ? env.text(f.model.unit) : ''
  if (unit) return `${title} (${unit})`
  const currency = currencyOf(f, env)
  return currency ? `${title} (${signOf(currency, env.language)})` : title
}

export const currencyOf = (f: ListField, env: Env): string | undefined =>
  f.model?.currency ?? (f.as === 'currency' ? env.fmt.reader.currency : undefined)

const signs = new Map<string, string>()

function signOf(currency: string, language: string): string {
  const key = `${language}|${currency}`
  let sign = signs.get(key)
  if (sign === undefined) {
    sign =
      new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
        .formatToParts(0)
        .find((p) => p.type === 'currency')?.value ?? currency
    signs.set(key, sign)
  }
  return sign
}
