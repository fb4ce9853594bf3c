import { civil, pad } from './calendar'
import { digits15, plainText, round } from './decimal'
import type { Machine } from './machine'
import { Day, Instant, type Value } from './types'

const maxPattern = 64

/** Writes a number or a time by a pattern; undefined for a pattern that does not fit the value. */
export function format(m: Machine, v: Value, pattern: string): string | undefined {
  if (v === null) return ''
  if (typeof v === 'number') return formatNumber(v, pattern)
  if (v instanceof Day) return formatTime(v.days, 0, pattern)
  if (v instanceof Instant) return formatTime(...m.wall(v), pattern)
  return undefined
}

/**
 * Knows one run of # , 0 and . with anything else around it; % multiplies by 100. Optional decimals (# after the dot)
 * are left out when zero.
 */
export function formatNumber(f: number, pattern: string): string | undefined {
  const p = /^([^#0]*)([#0][#0,.]*)([^]*)$/.exec(pattern)
  if (!p || pattern.length > maxPattern) return undefined
  const [prefix = '', digits = '', suffix = ''] = p.slice(1)
  if (/[#0]/.test(suffix)) return undefined
  if ((prefix + suffix).includes('%')) f = digits15(f * 100)
  const dot = digits.indexOf('.')
  const whole = dot < 0 ? digits : digits.slice(0, dot)
  const decimals = dot < 0 ? '' : digits.slice(dot + 1)
  if (/[.,]/.test(decimals)) return undefined
  const least = whole.split('0').length - 1
  f = round(f, decimals.length)
  let [i = '', d = ''] = plainText(Math.abs(f)).split('.')
  if (i === '0' && least === 0) i = ''
  i = i.padStart(least, '0')
  if (whole.includes(',')) i = i.replace(/\B(?=(\d{3})+$)/g, ',')
  d = d.padEnd(decimals.lastIndexOf('0') + 1, '0')
  return (f < 0 ? '-' : '') + prefix + i + (d && '.' + d) + suffix
}

/**
 * Knows yyyy yy M MM d dd H HH h hh m mm s ss; mm is the month unless hours stand before or seconds behind it, as in a
 * spreadsheet. Other letters are refused, everything else stands for itself.
 */
function formatTime(days: number, clock: number, pattern: string): string | undefined {
  if (pattern.length > maxPattern) return undefined
  const [year, month, day] = civil(days)
  let out = ''
  let hours = false
  for (let i = 0; i < pattern.length;) {
    const c = pattern.charAt(i)
    let j = i + 1
    while (pattern.charAt(j) === c) j++
    const width = j - i
    let part = 0
    switch (c) {
      case 'y':
      case 'Y':
        if (width !== 2 && width !== 4) return undefined
        part = width === 2 ? year % 100 : year
        break
      case 'M':
        part = month
        hours = false
        break
      case 'm':
        part = hours || /^:*s/.test(pattern.slice(j)) ? Math.floor(clock / 60_000) % 60 : month
        break
      case 'd':
      case 'D':
        part = day
        break
      case 'h':
      case 'H':
        part = Math.floor(clock / 3_600_000)
        hours = true
        break
      case 's':
      case 'S':
        part = Math.floor(clock / 1000) % 60
        break
      default:
        if (/[a-zA-Z]/.test(c)) return undefined
        out += pattern.slice(i, j)
        i = j
        continue
    }
    if (width > 2 && c.toLowerCase() !== 'y') return undefined
    out += pad(part, width)
    i = j
  }
  return out
}
