/**
 * The expressions of definitions, evaluated in the browser: formulas while typing, rules, visibility, guards. The server
 * stays the judge; this shows people beforehand what it will say.
 */
import { formatDate } from './calendar'
import { round } from './decimal'
import { Evaluator } from './eval'
import { functions } from './functions'
import { elemKind, kindIn } from './machine'
import { Day, Instant, type Env, type EvalError, type Node, type Program, type Value } from './types'
import { formatInstant } from './zone'

export { BudgetError, type Env, type EvalError, type Program } from './types'
export {
  add as addUnits,
  civil,
  dateOf,
  floor as floorUnit,
  formatDate,
  isoWeek,
  parseDate,
  weekday,
  type Unit,
} from './calendar'
export { keepable, largest, order, plainText, round } from './decimal'
export { fold, length as textLength, squeeze, trim } from './textual'
export { dayIn, formatInstant, instantAt, parseInstant, parseLocal, startOfDay, wallOf } from './zone'
export { formatNumber } from './pattern'

const known = new Set(
  (
    'number text bool empty date name local row field index neg not and or coalesce if list range let cast call each add sub ' +
    'mul div mod pow concat shift shiftBack span eq ne lt le gt ge in'
  ).split(' '),
)

/** Reads a program as it came; undefined for one of a later version, which only the server can run. */
export function readProgram(json: unknown): Program | undefined {
  const p = json as Program | null
  return p && typeof p === 'object' && p.v === 1 && p.root && runs(p.root) ? p : undefined
}

function runs(n: Node): boolean {
  if (!known.has(n.t) || (n.t === 'call' && !functions.has(n.fn ?? ''))) return false
  return [n.a, n.b, n.c, ...(n.args ?? [])].every((x) => x === undefined || runs(x))
}

/** A JSON value: dates and datetimes are texts. */
export type Plain = null | number | string | boolean | unknown[] | { [key: string]: unknown }

/**
 * Runs a program. What could not be computed is empty and listed in `errors`.
 * @throws BudgetError when it does too much
 */
export function evaluate(p: Program, env: Env): { value: Plain; errors: EvalError[] } {
  const m = new Evaluator(env)
  let v = m.eval(p.root)
  if (typeof v === 'number') v = (p.scale === undefined ? v : round(v, p.scale)) + 0
  return { value: plain(exported(m, v, p.type, p.root)), errors: m.errors }
}

/** Whether a condition holds; undefined where that cannot be told here. */
export function holds(p: Program, env: Env): boolean | undefined {
  try {
    return evaluate(p, env).value === true
  } catch {
    return undefined
  }
}

/** The texts in a list of dates become dates. */
function exported(m: Evaluator, v: Value, type: string, at: Node): Value {
  const elem = elemKind(type)
  if (!Array.isArray(v) || (elem !== 'date' && elem !== 'datetime' && elem !== 'list')) return v
  m.spend(v.length)
  return v.map((e) => exported(m, m.from(e, kindIn(elem), at), type.slice(5, -1), at))
}

function plain(v: unknown): Plain {
  if (v instanceof Day) return formatDate(v.days)
  if (v instanceof Instant) return formatInstant(v.ms)
  if (Array.isArray(v)) return v.map(plain)
  return (v ?? null) as Plain
}
