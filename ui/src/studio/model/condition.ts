import { isObject, type Json } from './json'
import { tokens, type Token } from './names'
import type { Filter } from './types'

/**
 * Conditions that can be put together without typing an expression: rows of field, operator and value that hold all or
 * any. What does not fit stays an expression, or a filter, of its own.
 */
export type Op =
  | 'eq'
  | 'ne'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'in'
  | 'nin'
  | 'contains'
  | 'startsWith'
  | 'empty'
  | 'notEmpty'
  | 'between'
  | 'within'
  | 'hasAny'
  | 'hasAll'
  | 'under'
export type Row = { field: string; op: Op; value?: Json }
export type Rows = { join: 'and' | 'or'; rows: Row[] }

const signs: { [sign: string]: Op } = { '==': 'eq', '!=': 'ne', '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' }
const signOf = Object.fromEntries(Object.entries(signs).map(([s, o]) => [o, s])) as { [op: string]: string }

/** The value of a row that the expression computes, such as `today()`. */
export const computed = (v: Json | undefined): string | undefined =>
  isObject(v) && typeof v.expr === 'string' && Object.keys(v).length === 1 ? v.expr : undefined

const literal = (v: Json | undefined): string => {
  const e = computed(v)
  if (e !== undefined) return e
  if (typeof v === 'string') {
    const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(v)
    if (day) return `date(${Number(day[1])}, ${Number(day[2])}, ${Number(day[3])})`
    return `'${v.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
  }
  if (Array.isArray(v)) return `[${v.map(literal).join(', ')}]`
  return v === null || v === undefined ? 'nil' : String(v)
}

function rowExpr(r: Row): string {
  switch (r.op) {
    case 'empty':
      return `isEmpty(${r.field})`
    case 'notEmpty':
      return `not isEmpty(${r.field})`
    case 'in':
      return `${r.field} in ${literal(r.value ?? [])}`
    case 'nin':
      return `not (${r.field} in ${literal(r.value ?? [])})`
    case 'contains':
    case 'startsWith':
      return `${r.op}(${r.field}, ${literal(r.value ?? '')})`
    case 'hasAny':
      return `any(${r.field}, # in ${literal(r.value ?? [])})`
    default:
      return `${r.field} ${signOf[r.op] ?? '=='} ${literal(r.value)}`
  }
}

/** Rows as an expression; '' for none. */
export const toExpr = (c: Rows): string => c.rows.map(rowExpr).join(` ${c.join} `)

class Reader {
  private i = 0
  constructor(private readonly list: Token[]) {}
  get done() {
    return this.i >= this.list.length
  }
  peek = (n = 0) => this.list[this.i + n]?.text
  next() {
    const t = this.list[this.i++]
    if (!t) throw new Error('end')
    return t
  }
  take(text: string) {
    if (this.peek() !== text) return false
    this.i++
    return true
  }
  want(text: string) {
    if (!this.take(text)) throw new Error(`not ${text}`)
  }
  name(): string {
    const t = this.next()
    if (t.kind !== 'name' || t.text === 'true' || t.text === 'false' || t.text === 'nil') throw new Error('no name')
    // automations name the fields of their record with it in front
    if (t.text === 'record' && this.take('.')) return `record.${this.next().text}`
    return t.text
  }
}

function readText(t: string): string {
  if (t.length < 2 || t.at(-1) !== t[0]) throw new Error('open text')
  return t.slice(1, -1).replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c))
}

/** A value: a literal, or one of the few computed ones that have a name in the builder. */
function readValue(r: Reader): Json {
  const t = r.next()
  if (t.kind === 'text') return readText(t.text)
  if (t.kind === 'number') return Number(t.text.replaceAll('_', ''))
  if (t.text === '-') {
    const n = r.next()
    if (n.kind !== 'number') throw new Error('no number')
    return -Number(n.text)
  }
  if (t.text === 'true' || t.text === 'false') return t.text === 'true'
  if (t.text === 'nil') return null
  if (t.text === '[') {
    const out: Json[] = []
    while (!r.take(']')) {
      out.push(readValue(r))
      if (r.peek() !== ']') r.want(',')
    }
    return out
  }
  if (t.text === 'user' && r.take('.')) return { expr: `user.${r.next().text}` }
  if (t.text === 'date' && r.take('(')) {
    const parts = [0, 1, 2].map((i) => {
      if (i > 0) r.want(',')
      return String(r.next().text).padStart(i === 0 ? 4 : 2, '0')
    })
    r.want(')')
    if (!/^\d{4}-\d{2}-\d{2}$/.test(parts.join('-'))) throw new Error('no date')
    return parts.join('-')
  }
  if ((t.text === 'today' || t.text === 'now') && r.take('(')) {
    r.want(')')
    const sign = r.peek()
    if (t.text === 'today' && (sign === '+' || sign === '-')) {
      r.next()
      const n = r.next()
      if (n.kind !== 'number') throw new Error('no number')
      return { expr: `today() ${sign} ${n.text}` }
    }
    return { expr: `${t.text}()` }
  }
  throw new Error('no value')
}

function readRow(r: Reader): Row {
  if (r.peek() === 'isEmpty' || r.peek() === 'isBlank') {
    r.next()
    r.want('(')
    const field = r.name()
    r.want(')')
    return { field, op: 'empty' }
  }
  const fn = r.peek()
  if ((fn === 'contains' || fn === 'startsWith') && r.peek(1) === '(') {
    r.next()
    r.want('(')
    const field = r.name()
    r.want(',')
    const value = readValue(r)
    r.want(')')
    return { field, op: fn, value }
  }
  if (fn === 'any' && r.peek(1) === '(') {
    r.next()
    r.want('(')
    const field = r.name()
    for (const s of [',', '#', 'in']) r.want(s)
    const value = readValue(r)
    r.want(')')
    return { field, op: 'hasAny', value }
  }
  if (fn === 'not' || fn === '!') {
    r.next()
    if (r.peek() === 'isEmpty' || r.peek() === 'isBlank') return { ...readRow(r), op: 'notEmpty' }
    if (r.take('(')) {
      const inner = readRow(r)
      r.want(')')
      const turned: { [op: string]: Op } = { in: 'nin', eq: 'ne', empty: 'notEmpty' }
      const op = turned[inner.op]
      if (!op) throw new Error('no way round')
      return { ...inner, op }
    }
    return { field: r.name(), op: 'ne', value: true }
  }
  const field = r.name()
  const sign = r.peek()
  if (sign === undefined || sign === 'and' || sign === 'or' || sign === '&&' || sign === '||' || sign === ')')
    return { field, op: 'eq', value: true }
  if (sign === '.') throw new Error('a path')
  if (r.take('in')) return { field, op: 'in', value: readValue(r) }
  if (sign === 'not' && r.peek(1) === 'in') {
    r.next()
    r.next()
    return { field, op: 'nin', value: readValue(r) }
  }
  const op = signs[r.next().text]
  if (!op) throw new Error('no operator')
  return { field, op, value: readValue(r) }
}

/** The rows that an expression is; undefined where it is more than rows can say. */
export function fromExpr(expr: string): Rows | undefined {
  if (!expr.trim()) return { join: 'and', rows: [] }
  try {
    const r = new Reader(tokens(expr))
    const rows = [readRow(r)]
    let join: 'and' | 'or' | undefined
    while (!r.done) {
      const t = r.next().text
      const j = t === 'and' || t === '&&' ? 'and' : t === 'or' || t === '||' ? 'or' : undefined
      if (!j || (join && join !== j)) return undefined
      join = j
      rows.push(readRow(r))
    }
    return { join: join ?? 'and', rows }
  } catch {
    return undefined
  }
}

/** Rows as a filter; undefined for none. */
export function toFilter(c: Rows): Filter | undefined {
  const leaves = c.rows.map((r): Filter => {
    if (r.op === 'empty' || r.op === 'notEmpty') return { field: r.field, op: r.op }
    return { field: r.field, op: r.op, value: r.value ?? null }
  })
  if (leaves.length < 2) return leaves[0]
  return c.join === 'and' ? { and: leaves } : { or: leaves }
}

/** The rows that a filter is; undefined where it nests deeper. */
export function fromFilter(f: Filter | undefined): Rows | undefined {
  if (!f) return { join: 'and', rows: [] }
  const row = (x: Filter): Row | undefined =>
    'field' in x ? { field: x.field, op: x.op as Op, ...(x.value === undefined ? {} : { value: x.value }) } : undefined
  if ('field' in f) {
    const r = row(f)
    return r && { join: 'and', rows: [r] }
  }
  const list = 'and' in f ? f.and : 'or' in f ? f.or : undefined
  const rows = list?.map(row)
  if (!rows || rows.some((r) => !r)) return undefined
  return { join: 'and' in f ? 'and' : 'or', rows: rows as Row[] }
}

const order: Op[] = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte']

/** The operators that make sense for the values of a type; in filters some more than in expressions. */
export function opsFor(type: string, use: 'expr' | 'filter'): Op[] {
  const filter = use === 'filter'
  switch (type) {
    case 'text':
    case 'longtext':
    case 'phone':
    case 'email':
    case 'url':
    case 'serial':
      return ['eq', 'ne', 'contains', 'startsWith', 'empty', 'notEmpty']
    case 'number':
    case 'percent':
    case 'currency':
      return [...order, ...(filter ? (['between'] as Op[]) : []), 'empty', 'notEmpty']
    case 'date':
    case 'datetime':
      return [...order, ...(filter ? (['between', 'within'] as Op[]) : []), 'empty', 'notEmpty']
    case 'select':
      return ['eq', 'ne', 'in', 'nin', 'empty', 'notEmpty']
    case 'multiselect':
      return filter ? ['hasAny', 'hasAll', 'empty', 'notEmpty'] : ['hasAny', 'empty', 'notEmpty']
    case 'switch':
      return ['eq', 'ne', 'empty', 'notEmpty']
    case 'user':
    case 'department':
      return filter ? ['eq', 'ne', 'under', 'empty', 'notEmpty'] : ['eq', 'ne', 'empty', 'notEmpty']
    case 'relation':
      return ['eq', 'ne', 'empty', 'notEmpty']
    default:
      return ['empty', 'notEmpty']
  }
}
