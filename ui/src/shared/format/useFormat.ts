import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../api'
import * as f from './format'

/** The formats, bound to the reader: language in force, own or workspace's time zone, workspace's currency. */
export function useFormat() {
  const { i18n } = useTranslation()
  const { data: me } = useMe()
  const language = i18n.language
  const zone = me?.user.timezone || me?.workspace.timezone || Intl.DateTimeFormat().resolvedOptions().timeZone
  const currency = me?.workspace.currency || 'CNY'
  return useMemo(() => {
    const reader: f.Reader = { language, zone, currency }
    return {
      reader,
      number: (n: number, scale?: number) => f.formatNumber(n, reader, scale),
      money: (n: number, code?: string, scale?: number) => f.formatMoney(n, reader, code, scale),
      percent: (n: number, scale?: number) => f.formatPercent(n, reader, scale),
      compact: (n: number) => f.formatCompact(n, reader),
      compactMoney: (n: number, code?: string) => f.formatCompactMoney(n, reader, code),
      day: (d: string, style?: 'short' | 'full') => f.formatDay(d, reader, style),
      dayNear: (d: string) => f.formatDayNear(d, reader),
      instant: (iso: string, style?: 'short' | 'full') => f.formatInstant(iso, reader, style),
      ago: (iso: string) => f.formatAgo(iso, reader),
      today: () => f.today(reader),
    }
  }, [language, zone, currency])
}

export type Format = ReturnType<typeof useFormat>
