/** Instants and the clocks of a zone, by the browser's own table of zones. */
import { civil, dateOf, dayMillis, formatDate, pad, parseDate } from './calendar'

const formats = new Map<string, Intl.DateTimeFormat | null>()

/** The format that shows a zone's clock; null for UTC and for a zone that the browser does not know. */
function clockOf(zone: string | undefined): Intl.DateTimeFormat | null {
  if (!zone || zone === 'UTC') return null
  let f = formats.get(zone)
  if (f === undefined) {
    try {
      f = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      })
    } catch {
      f = null
    }
    formats.set(zone, f)
  }
  return f
}

/** Makes a first clock. That takes a browser some 30 ms, whichever zone: time that a page has while it waits for its files. */
export const warmClock = () => void clockOf('Etc/GMT')

/** What the zone's clocks are ahead of UTC at an instant, in milliseconds. */
export function offset(ms: number, zone: string | undefined): number {
  const format = clockOf(zone)
  if (!format || !(Math.abs(ms) <= 8.64e15)) return 0
  let [y, mo, d, h, mi, s] = [0, 0, 0, 0, 0, 0]
  let before = false
  for (const p of format.formatToParts(ms)) {
    const n = Number(p.value)
    if (p.type === 'year') y = n
    else if (p.type === 'month') mo = n
    else if (p.type === 'day') d = n
    else if (p.type === 'hour') h = n
    else if (p.type === 'minute') mi = n
    else if (p.type === 'second') s = n
    else if (p.type === 'era') before = p.value.startsWith('B')
  }
  const wall = dateOf(before ? 1 - y : y, mo, d) * dayMillis + ((h * 60 + mi) * 60 + s) * 1000
  return wall - Math.floor(ms / 1000) * 1000
}

/** The day and the milliseconds of it that the zone's clock shows. */
export function wallOf(ms: number, zone: string | undefined): [number, number] {
  const local = ms + offset(ms, zone)
  const day = Math.floor(local / dayMillis)
  return [day, local - day * dayMillis]
}

/** The calendar day on which the instant falls in the zone. */
export function dayIn(ms: number, zone: string | undefined): number {
  return wallOf(ms, zone)[0]
}

/**
 * The instant at which the zone's clocks show wall, in milliseconds as if it were UTC: the first when they show it
 * twice, moved forward by the gap when they skip it.
 */
export function instantAt(wall: number, zone: string | undefined): number {
  const before = wall - offset(wall - dayMillis, zone)
  const after = wall - offset(wall + dayMillis, zone)
  if (before + offset(before, zone) === wall) return before
  if (after + offset(after, zone) === wall) return after
  return before
}

/** The first instant of a calendar day in the zone; where clocks skip midnight, the instant at which they do. */
export function startOfDay(days: number, zone: string | undefined): number {
  const wall = days * dayMillis
  const t = instantAt(wall, zone)
  const now = offset(t, zone)
  if (t + now === wall) return t
  let [from, to] = [t - dayMillis, t] // the clocks changed in between
  while (to - from > 1) {
    const mid = Math.floor((from + to) / 2)
    if (offset(mid, zone) === now) to = mid
    else from = mid
  }
  return to
}

function inYears(ms: number): boolean {
  const y = civil(Math.floor(ms / dayMillis))[0]
  return y >= 1 && y <= 9999
}

const shape = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|([+-])(\d\d):(\d\d))$/

/** Reads an RFC 3339 date-time with any offset into milliseconds; finer fractions are cut off. */
export function parseInstant(s: string): number | undefined {
  const p = shape.exec(s)
  const days = p ? parseYear0(p[1] ?? '') : undefined
  if (!p || days === undefined) return undefined
  const [h, mi, sec] = [Number(p[2]), Number(p[3]), Number(p[4])]
  if (h > 23 || mi > 59 || sec > 59) return undefined
  let shift = 0
  if (p[7]) {
    const [oh, om] = [Number(p[8]), Number(p[9])]
    if (oh > 23 || om > 59) return undefined
    shift = (oh * 60 + om) * (p[7] === '-' ? -1 : 1)
  }
  const ms =
    days * dayMillis + ((h * 60 + mi - shift) * 60 + sec) * 1000 + Number((p[5] ?? '').slice(0, 3).padEnd(3, '0'))
  return inYears(ms) ? ms : undefined
}

/** A date of the year 0 may still be an instant of the year 1 in UTC. */
function parseYear0(s: string): number | undefined {
  if (!s.startsWith('0000')) return parseDate(s)
  const leap = parseDate('0004' + s.slice(4))
  return leap === undefined ? undefined : leap - 1461
}

/** Reads "YYYY-MM-DD[T ]HH:MM[:SS[.fff]]" as wall-clock time of the zone, or an RFC 3339 date-time as it stands. */
export function parseLocal(s: string, zone: string | undefined): number | undefined {
  const whole = parseInstant(s)
  if (whole !== undefined) return whole
  const text = s.replace(' ', 'T')
  const full = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? text + ':00Z' : text + 'Z'
  const wall = parseInstant(full)
  if (wall === undefined) return undefined
  const ms = instantAt(wall, zone)
  return inYears(ms) ? ms : undefined
}

/** Writes YYYY-MM-DDTHH:MM:SS.mmmZ. */
export function formatInstant(ms: number): string {
  const days = Math.floor(ms / dayMillis)
  return `${formatDate(days)}T${formatClock(ms - days * dayMillis)}.${pad((ms - days * dayMillis) % 1000, 3)}Z`
}

/** HH:MM:SS of the milliseconds of a day. */
export function formatClock(ms: number): string {
  return `${pad(Math.floor(ms / 3_600_000), 2)}:${pad(Math.floor(ms / 60_000) % 60, 2)}:${pad(Math.floor(ms / 1000) % 60, 2)}`
}
