import { arg, argNumber, argText, count } from './args'
import { add, civil, dateOf, dayMillis, floor, isoWeek, isUnit, parseDate, weekday, type Unit } from './calendar'
import type { Evaluator } from './eval'
import type { Run } from './functions'
import { trim } from './textual'
import { Day, Instant, type Node, type Value } from './types'
import { dayIn, parseLocal, startOfDay } from './zone'

function time(m: Evaluator, n: Node, i: number): Day | Instant | null {
  return m.asTime(arg(m, n, i), n)
}

const today: Run = (m, n) =>
  m.env.now === undefined ? m.note('clock', n) : m.checked(new Day(dayIn(m.env.now, m.env.zone)), n)

const now: Run = (m, n) => (m.env.now === undefined ? m.note('clock', n) : m.checked(new Instant(m.env.now), n))

const date: Run = (m, n) => {
  const [y, mo, d] = [0, 1, 2].map((i) => Math.trunc(argNumber(m, n, i))) as [number, number, number]
  if (Math.abs(y) > 1e4 || Math.abs(mo) > 1e6 || Math.abs(d) > 1e7) return m.note('date', n)
  return m.checked(new Day(dateOf(y, mo, d)), n)
}

const dateValue: Run = (m, n) => {
  const v = arg(m, n, 0)
  if (v === null || v instanceof Day) return v
  if (v instanceof Instant) return new Day(m.day(v))
  if (typeof v === 'string') {
    const s = trim(v)
    if (s === '') return null
    const days = parseDate(s)
    if (days !== undefined) return new Day(days)
    const ms = parseLocal(s, m.env.zone)
    if (ms !== undefined) return new Day(dayIn(ms, m.env.zone))
  }
  return m.note('value', n)
}

const datetime: Run = (m, n) => {
  const v = arg(m, n, 0)
  if (!(v instanceof Day)) return m.asInstant(v, n)
  const [h, mi, s] = [1, 2, 3].map((i) => Math.trunc(argNumber(m, n, i))) as [number, number, number]
  if (count(n) === 1) return m.asInstant(v, n)
  return m.checked(m.at(v.days * dayMillis + h * 3_600_000 + mi * 60_000 + s * 1000), n)
}

/** A function of a calendar day; empty for empty. */
const ofDay =
  (part: (days: number) => number): Run =>
  (m, n) => {
    const v = time(m, n, 0)
    return v && part(m.day(v))
  }

const ofClock =
  (unit: number, cycle: number): Run =>
  (m, n) => {
    const v = m.asInstant(time(m, n, 0), n)
    return v && Math.floor(m.wall(v)[1] / unit) % cycle
  }

/** The length of a unit that is no calendar unit, else 0. */
function clockUnit(unit: string): number {
  return unit === 'hour' ? 3_600_000 : unit === 'minute' ? 60_000 : 0
}

const dateAdd: Run = (m, n) => {
  const v = time(m, n, 0)
  const many = Math.trunc(argNumber(m, n, 1))
  const unit = argText(m, n, 2)
  if (v === null) return null
  const size = clockUnit(unit)
  if ((Math.abs(many) > 4e6 && size === 0) || Math.abs(many) > 1e10) return m.note('date', n)
  if (size > 0 && v instanceof Instant) return m.checked(new Instant(v.ms + many * size), n)
  if (!isUnit(unit)) return m.note('value', n)
  if (v instanceof Day) return m.checked(new Day(add(unit, v.days, many)), n)
  const [day, clock] = m.wall(v)
  return m.checked(m.at(add(unit, day, many) * dayMillis + clock), n)
}

const dateDiff: Run = (m, n) => {
  const [a, b] = [time(m, n, 0), time(m, n, 1)]
  const unit = argText(m, n, 2)
  if (a === null || b === null) return null
  const size = clockUnit(unit)
  if (size > 0) {
    const [from, to] = [m.asInstant(a, n), m.asInstant(b, n)]
    return from && to && Math.trunc((to.ms - from.ms) / size) + 0
  }
  if (!isUnit(unit)) return m.note('value', n)
  const [x, y] = m
    .sameTime(a, b)
    .map((v): [number, number] => (v instanceof Instant ? m.wall(v) : [(v as Day).days, 0]))
  if (!x || !y) return null
  const back = y[0] < x[0] || (y[0] === x[0] && y[1] < x[1])
  return back ? 0 - whole(unit, y, x) : whole(unit, x, y)
}

/** Counts the units that fit between two moments (day and clock), the first not later than the second. */
function whole(unit: Unit, a: [number, number], b: [number, number]): number {
  let k = b[0] - a[0]
  if (unit === 'week') k = Math.trunc(k / 7)
  else if (unit !== 'day') {
    const [ya, ma] = civil(a[0])
    const [yb, mb] = civil(b[0])
    k = Math.trunc(((yb - ya) * 12 + mb - ma) / (unit === 'quarter' ? 3 : unit === 'year' ? 12 : 1))
  }
  const end = add(unit, a[0], k)
  return k > 0 && (end > b[0] || (end === b[0] && a[1] > b[1])) ? k - 1 : k
}

/** The day that find gives, minus one day or millisecond. */
const border =
  (find: (unit: Unit, days: number) => number, minus: number): Run =>
  (m, n) => {
    const v = time(m, n, 0)
    const unit = argText(m, n, 1)
    if (v === null) return null
    if (!isUnit(unit)) return m.note('value', n)
    const day = find(unit, m.day(v))
    return m.checked(v instanceof Day ? new Day(day - minus) : new Instant(startOfDay(day, m.env.zone) - minus), n)
  }

const months =
  (move: (day: number, many: number) => number): Run =>
  (m, n): Value => {
    const v = time(m, n, 0)
    const many = Math.trunc(argNumber(m, n, 1))
    if (v === null) return null
    if (Math.abs(many) > 2e5) return m.note('date', n)
    return m.checked(new Day(move(m.day(v), many)), n)
  }

const networkDays: Run = (m, n) => {
  const [a, b] = [time(m, n, 0), time(m, n, 1)]
  if (a === null || b === null) return null
  let [from, to, sign] = [m.day(a), m.day(b), 1]
  if (to < from) [from, to, sign] = [to, from, -1]
  const weeks = Math.floor((to - from + 1) / 7)
  let work = weeks * 5
  for (let d = from + weeks * 7; d <= to; d++) if (weekday(d) <= 5) work++
  return sign * work
}

export const timeFunctions: Record<string, Run> = {
  today,
  now,
  date,
  dateValue,
  datetime,
  year: ofDay((d) => civil(d)[0]),
  quarter: ofDay((d) => Math.floor((civil(d)[1] + 2) / 3)),
  month: ofDay((d) => civil(d)[1]),
  day: ofDay((d) => civil(d)[2]),
  weekday: ofDay(weekday),
  weekNum: ofDay(isoWeek),
  hour: ofClock(3_600_000, 24),
  minute: ofClock(60_000, 60),
  second: ofClock(1000, 60),
  dateAdd,
  dateDiff,
  startOf: border(floor, 0),
  endOf: border((unit, days) => add(unit, floor(unit, days), 1), 1),
  edate: months((day, many) => add('month', day, many)),
  eomonth: months((day, many) => add('month', floor('month', day), many + 1) - 1),
  networkDays,
}
