import { dayMillis, firstDay, formatDate, lastDay, parseDate } from './calendar'
import { order, plainText } from './decimal'
import { byteLength, compare } from './textual'
import {
  BudgetError,
  Day,
  Instant,
  type Env,
  type EvalError,
  type Fields,
  type Kind,
  type Node,
  type Value,
} from './types'
import { dayIn, formatClock, instantAt, parseInstant, startOfDay, wallOf } from './zone'

const defaultBudget = 100_000
const maxErrors = 20
const maxDepth = 200
export const maxText = 1 << 20
export const maxList = 100_000

/** The kind of a value. */
export function kindOf(v: Value): Kind {
  if (v === null) return 'empty'
  switch (typeof v) {
    case 'number':
      return 'number'
    case 'string':
      return 'text'
    case 'boolean':
      return 'bool'
  }
  if (v instanceof Day) return 'date'
  if (v instanceof Instant) return 'datetime'
  return Array.isArray(v) ? 'list' : 'object'
}

/** null, blank text, no elements, no fields; zero and false are values. */
export function isEmpty(v: Value): boolean {
  if (v === null || v === '') return true
  if (typeof v !== 'object' || v instanceof Day || v instanceof Instant) return false
  return Array.isArray(v) ? v.length === 0 : Object.keys(v).length === 0
}

/** The kind of a type as written, and the kind of its elements. */
export function kindIn(type: string): Kind {
  return type.startsWith('list') ? 'list' : (type as Kind)
}

export function elemKind(type: string): Kind {
  return type.startsWith('list<') ? kindIn(type.slice(5, -1)) : 'any'
}

/** An own member of an object; keys such as `constructor` are field names like any other. */
export function member(o: Fields, key: string): unknown {
  return Object.hasOwn(o, key) ? o[key] : undefined
}

/**
 * One evaluation: budget, errors, and how values are read, converted and compared. What nodes and functions do stands in
 * eval.ts and fn*.ts.
 */
export abstract class Machine {
  left: number
  row: unknown = null
  readonly errors: EvalError[] = []
  protected readonly locals = new Map<string, Value>()

  constructor(readonly env: Env) {
    this.left = env.budget || defaultBudget
  }

  abstract eval(n: Node): Value

  /** Records an error in a value. */
  note(code: string, at: Node): null {
    if (this.errors.length < maxErrors) this.errors.push({ code, line: at.p[0], column: at.p[1] })
    return null
  }

  /** Takes steps from the budget. */
  spend(steps: number): void {
    this.left -= steps
    if (this.left < 0) throw new BudgetError()
  }

  /** Refuses what is no number. */
  finite(f: number, at: Node): Value {
    return Number.isFinite(f) ? f : this.note('overflow', at)
  }

  /** Bounds and charges a text. */
  built(s: string): string {
    if (s.length > maxText) throw new BudgetError()
    const bytes = byteLength(s)
    if (bytes > maxText) throw new BudgetError()
    this.spend(Math.floor(bytes / 64))
    return s
  }

  /** Reads a value of a record, a variable or a list as its static kind; what does not fit is empty with an error. */
  from(raw: unknown, k: Kind, at: Node): Value {
    if (raw === null || raw === undefined) return null
    const any = k === 'any'
    switch (typeof raw) {
      case 'number':
        if ((k === 'number' || any) && Number.isFinite(raw)) return raw
        break
      case 'string':
        if (k === 'text' || any) return raw
        if (raw === '') return null
        if (k === 'date' || k === 'datetime') {
          const v = this.timeFrom(raw, k)
          if (v) return v
        }
        break
      case 'boolean':
        if (k === 'bool' || any) return raw
        break
      case 'object':
        if (raw instanceof Day) {
          if (k === 'date' || any) return raw
          if (k === 'datetime') return new Instant(startOfDay(raw.days, this.env.zone))
        } else if (raw instanceof Instant) {
          if (k === 'datetime' || any) return raw
        } else if (Array.isArray(raw)) {
          if (k === 'list' || any) return raw
        } else if (k === 'object' || any) return raw as Fields
        break
    }
    return k === 'empty' ? null : this.note('type', at)
  }

  private timeFrom(s: string, k: Kind): Value {
    const ms = k === 'datetime' ? parseInstant(s) : undefined
    if (ms !== undefined) return new Instant(ms)
    const days = parseDate(s)
    if (days === undefined) return null
    return k === 'date' ? new Day(days) : new Instant(startOfDay(days, this.env.zone))
  }

  /** An operand of arithmetic, where empty is 0. */
  num(n: Node): number {
    return this.asNumber(this.eval(n), n)
  }

  asNumber(v: Value, at: Node): number {
    if (typeof v === 'number') return v
    if (v !== null) this.note('type', at)
    return 0
  }

  asBool(v: Value, at: Node): boolean {
    if (typeof v === 'boolean') return v
    if (v !== null) this.note('type', at)
    return false
  }

  /** The text of anything that prints; a datetime is written as wall-clock time of the zone. */
  asText(v: Value, at: Node): string {
    switch (typeof v) {
      case 'string':
        return v
      case 'number':
        return plainText(v)
      case 'boolean':
        return String(v)
    }
    if (v === null) return ''
    if (v instanceof Day) return formatDate(v.days)
    if (v instanceof Instant) {
      const [day, clock] = this.wall(v)
      return `${formatDate(day)} ${formatClock(clock)}`
    }
    this.note('type', at)
    return ''
  }

  asList(v: Value, at: Node): unknown[] {
    if (Array.isArray(v)) return v
    if (v !== null) this.note('type', at)
    return []
  }

  /** The first instant of a date in the zone. */
  asInstant(v: Value, at: Node): Instant | null {
    if (v === null || v instanceof Instant) return v
    if (v instanceof Day) return new Instant(startOfDay(v.days, this.env.zone))
    if (typeof v === 'string') {
      const read = this.from(v, 'datetime', at)
      return read instanceof Instant ? read : null
    }
    return this.note('type', at)
  }

  /** A date or datetime; a text that turned up as any is read. */
  asTime(v: Value, at: Node): Day | Instant | null {
    if (v === null || v instanceof Day || v instanceof Instant) return v
    if (typeof v !== 'string') return this.note('type', at)
    const read = this.from(v, parseDate(v) === undefined ? 'datetime' : 'date', at)
    return read instanceof Day || read instanceof Instant ? read : null
  }

  /** The calendar day of a date, or of a datetime in the zone. */
  day(v: Day | Instant): number {
    return v instanceof Day ? v.days : dayIn(v.ms, this.env.zone)
  }

  wall(v: Instant): [number, number] {
    return wallOf(v.ms, this.env.zone)
  }

  /** The instant at which the clock in the zone shows these milliseconds since 1970-01-01. */
  at(local: number): Instant {
    return new Instant(Math.abs(local) > 4e14 ? Infinity : instantAt(local, this.env.zone))
  }

  /** Refuses days and instants outside of the years 1 to 9999. */
  checked<T extends Day | Instant>(v: T, n: Node): T | null {
    const day = v instanceof Day ? v.days : Math.floor(v.ms / dayMillis)
    return day >= firstDay && day <= lastDay ? v : this.note('date', n)
  }

  /** == where the checker knows the kinds: by any, a date beside a text is read from it. */
  equalAs(by: string | undefined, a: Value, b: Value, n: Node): boolean {
    return this.equal(this.timely(a, by, n), this.timely(b, by, n), n)
  }

  private timely(v: Value, by: string | undefined, n: Node): Value {
    return typeof v === 'string' && (by === 'date' || by === 'datetime') ? this.from(v, by, n) : v
  }

  /** Empty equals the other side's zero ('', 0, false, no elements); values of different kinds are not equal. */
  equal(a: Value, b: Value, n: Node): boolean {
    if (a === null || b === null) {
      const other = a === null ? b : a
      return isEmpty(other) || other === 0 || other === false
    }
    const [x, y] = this.sameTime(a, b)
    if (typeof x === 'string' && typeof y === 'string') {
      this.spend(Math.floor(Math.min(x.length, y.length) / 64))
      return x === y
    }
    if (typeof x === 'number' && typeof y === 'number') return order(x, y) === 0
    if (x instanceof Day && y instanceof Day) return x.days === y.days
    if (x instanceof Instant && y instanceof Instant) return x.ms === y.ms
    const k = kindOf(x)
    if (k !== kindOf(y)) return false
    return k === 'list' || k === 'object' ? this.deepEqual(x, y, n, 0) : x === y
  }

  /** A date beside a datetime is the instant at which it begins. */
  sameTime(a: Value, b: Value): [Value, Value] {
    if (a instanceof Day && b instanceof Instant) return [new Instant(startOfDay(a.days, this.env.zone)), b]
    if (a instanceof Instant && b instanceof Day) return [a, new Instant(startOfDay(b.days, this.env.zone))]
    return [a, b]
  }

  private deepEqual(a: unknown, b: unknown, n: Node, depth: number): boolean {
    this.spend(1)
    if (depth > maxDepth) return false
    if (Array.isArray(a)) {
      return Array.isArray(b) && a.length === b.length && a.every((x, i) => this.deepEqual(x, b[i], n, depth + 1))
    }
    if (isFields(a)) {
      if (!isFields(b)) return false
      const keys = Object.keys(a)
      if (keys.length !== Object.keys(b).length) return false
      return keys.every((k) => Object.hasOwn(b, k) && this.deepEqual(a[k], b[k], n, depth + 1))
    }
    if (Array.isArray(b) || isFields(b)) return false
    const [v, w] = [this.from(a, 'any', n), this.from(b, 'any', n)]
    return kindOf(v) === kindOf(w) && this.equal(v, w, n)
  }

  /**
   * Orders two values: empties are 0, '' or false beside a number, text or bool, and before every date. Values that have
   * no order are equal with an error.
   */
  compare(a: Value, b: Value, n: Node): number {
    ;[a, b] = this.sameTime(this.timely(a, n.by, n), this.timely(b, n.by, n))
    if (a === null && b === null) return 0
    if (a === null) a = zero(b)
    else if (b === null) b = zero(a)
    if (a === null) return -1
    if (b === null) return 1
    if (typeof a === 'string' && typeof b === 'string') {
      this.spend(Math.floor(Math.min(a.length, b.length) / 64))
      return compare(a, b)
    }
    if (typeof a === 'number' && typeof b === 'number') return order(a, b)
    if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
    if (a instanceof Day && b instanceof Day) return Math.sign(a.days - b.days)
    if (a instanceof Instant && b instanceof Instant) return Math.sign(a.ms - b.ms)
    this.note('type', n)
    return 0
  }

  /** The first element equal to a, -1 when there is none. Unlike ==, an empty is only in a list that holds one. */
  indexOf(l: unknown[], a: Value, elem: Kind, n: Node): number {
    for (let i = 0; i < l.length; i++) {
      this.spend(1)
      const e = this.from(l[i], elem, n)
      if (isEmpty(e) === isEmpty(a) && this.equal(a, e, n)) return i
    }
    return -1
  }
}

function isFields(v: unknown): v is Fields {
  return typeof v === 'object' && v !== null && !Array.isArray(v) && !(v instanceof Day) && !(v instanceof Instant)
}

/** What empty counts as beside v; dates have none. */
function zero(v: Value): Value {
  switch (typeof v) {
    case 'number':
      return 0
    case 'string':
      return ''
    case 'boolean':
      return false
  }
  return null
}
