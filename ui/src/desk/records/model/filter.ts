import type { FieldType } from '@/shared/schema'
import { isPeriod, type Period } from './period'

/** A filter as it is sent. */
export type Wire = { [key: string]: unknown }

/** How a condition reads; what the server calls it follows from it and the value. */
export type Op =
  | 'is'
  | 'isNot'
  | 'any'
  | 'none'
  | 'hasAny'
  | 'hasAll'
  | 'hasNone'
  | 'contains'
  | 'notContains'
  | 'startsWith'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'between'
  | 'within'
  | 'notWithin'
  | 'under'
  | 'notUnder'
  | 'yes'
  | 'no'
  | 'empty'
  | 'notEmpty'
  | 'raw'

/** Stands for whoever looks at the list, among ids of users. */
export const me = '@me'
/** Stands for the department of whoever looks, among ids of departments. */
export const mine = '@mine'
/** A day counted from today: {days: -30} is thirty days ago. */
export type Away = { days: number }

export type Cond = { kind: 'cond'; id: number; field: string; op: Op; value?: unknown }
export type Group = { kind: 'group'; id: number; join: 'and' | 'or'; not: boolean; items: Node[] }
export type Node = Cond | Group

let next = 1
export const newId = () => next++
export const cond = (field: string, op: Op, value?: unknown): Cond => ({ kind: 'cond', id: newId(), field, op, value })
export const group = (join: 'and' | 'or' = 'and', items: Node[] = [], not = false): Group => ({
  kind: 'group',
  id: newId(),
  join,
  not,
  items,
})

/** Operators that a type offers, the likeliest first. */
export function opsOf(as: FieldType): Op[] {
  switch (as) {
    case 'number':
    case 'percent':
    case 'currency':
      return ['gte', 'lte', 'between', 'is', 'isNot', 'gt', 'lt', 'empty', 'notEmpty']
    case 'select':
      return ['any', 'none', 'empty', 'notEmpty']
    case 'multiselect':
      return ['hasAny', 'hasAll', 'hasNone', 'empty', 'notEmpty']
    case 'date':
    case 'datetime':
      return ['within', 'lt', 'gt', 'lte', 'gte', 'is', 'between', 'notWithin', 'empty', 'notEmpty']
    case 'switch':
      return ['yes', 'no', 'empty', 'notEmpty']
    case 'user':
      return ['any', 'none', 'under', 'notUnder', 'empty', 'notEmpty']
    case 'department':
      return ['under', 'notUnder', 'any', 'none', 'empty', 'notEmpty']
    case 'relation':
      return ['any', 'none', 'empty', 'notEmpty']
    case 'file':
    case 'image':
    case 'table':
      return []
    case 'longtext':
      return ['contains', 'notContains', 'empty', 'notEmpty']
    default:
      return ['contains', 'notContains', 'is', 'isNot', 'startsWith', 'empty', 'notEmpty']
  }
}

const bare = new Set<Op>(['yes', 'no', 'empty', 'notEmpty'])
const listed = new Set<Op>(['any', 'none', 'hasAny', 'hasAll', 'hasNone'])
export const needsValue = (op: Op) => !bare.has(op)
export const takesList = (op: Op) => listed.has(op)

/** The value to go on with when the operator changes: kept where it still fits. */
export function carry(from: Op, to: Op, value: unknown): unknown {
  if (!needsValue(to)) return undefined
  const shape = (op: Op) =>
    takesList(op)
      ? 'list'
      : op === 'between'
        ? 'pair'
        : op.endsWith('ithin')
          ? 'period'
          : op.endsWith('nder')
            ? 'unit'
            : 'one'
  return shape(from) === shape(to) ? value : undefined
}

/** Whether the condition says enough to be asked. */
export function complete(c: Cond): boolean {
  if (!needsValue(c.op)) return true
  const v = c.value
  if (takesList(c.op)) return Array.isArray(v) && v.length > 0
  if (c.op === 'between') return Array.isArray(v) && v.length === 2 && v.every((x) => x !== undefined && x !== '')
  if (c.op === 'within' || c.op === 'notWithin') return isPeriod(v)
  return v !== undefined && v !== null && v !== ''
}

/** The filter to send; undefined where nothing is asked. Conditions that are not complete are left out. */
export function toWire(n: Node): Wire | undefined {
  if (n.kind === 'cond') return complete(n) ? leaf(n) : undefined
  const items = n.items.map(toWire).filter((x) => x !== undefined)
  if (items.length === 0) return undefined
  const all = items.length === 1 ? items[0] : { [n.join]: items }
  return n.not ? { not: all } : all
}

const myself = { expr: 'user.id' }
const myUnit = { expr: 'user.department' }

function leaf(c: Cond): Wire {
  const field = c.field
  const test = (op: string, value?: unknown): Wire => (value === undefined ? { field, op } : { field, op, value })
  switch (c.op) {
    case 'is':
      return test('eq', plain(c.value))
    case 'isNot':
      return test('ne', plain(c.value))
    case 'any':
    case 'none': {
      const yes = c.op === 'any'
      const ids = (c.value as unknown[]).filter((x) => x !== me && x !== mine)
      const tests = [
        ...((c.value as unknown[]).includes(me) ? [test(yes ? 'eq' : 'ne', myself)] : []),
        ...((c.value as unknown[]).includes(mine) ? [test(yes ? 'eq' : 'ne', myUnit)] : []),
        ...(ids.length > 0 ? [test(yes ? 'in' : 'nin', ids)] : []),
      ]
      return tests.length === 1 ? tests[0]! : { [yes ? 'or' : 'and']: tests }
    }
    case 'hasNone':
      return { not: test('hasAny', c.value) }
    case 'notContains':
      return { not: test('contains', c.value) }
    case 'notWithin':
      return { not: test('within', c.value) }
    case 'under':
      return test('under', c.value === mine ? myUnit : c.value)
    case 'notUnder':
      return { not: test('under', c.value === mine ? myUnit : c.value) }
    case 'yes':
      return test('eq', true)
    case 'no':
      return test('eq', false)
    case 'between':
      return test('between', (c.value as unknown[]).map(plain))
    case 'raw':
      return c.value as Wire
    case 'empty':
    case 'notEmpty':
      return test(c.op)
    default:
      return test(c.op, plain(c.value))
  }
}

const isAway = (v: unknown): v is Away => typeof v === 'object' && v !== null && 'days' in v
const plain = (v: unknown) => (isAway(v) ? { expr: away(v.days) } : v)
const away = (days: number) => (days === 0 ? 'today()' : days < 0 ? `today() - ${-days}` : `today() + ${days}`)

/** A wire filter as conditions, always a group at the top. What cannot be edited is kept as it is. */
export function fromWire(w: unknown): Group {
  const n = w === undefined || w === null ? undefined : read(w as Wire)
  if (!n) return group()
  return n.kind === 'group' && !n.not ? n : group('and', [n])
}

function read(w: Wire): Node | undefined {
  for (const join of ['and', 'or'] as const) {
    const list = w[join]
    if (!Array.isArray(list)) continue
    const merged = persons(list as Wire[], join)
    if (merged) return merged
    return group(
      join,
      list.map((x) => read(x as Wire)).filter((x) => x !== undefined),
    )
  }
  if (typeof w.not === 'object' && w.not !== null) {
    const inner = read(w.not as Wire)
    if (!inner) return undefined
    if (inner.kind === 'group') return { ...inner, not: !inner.not }
    const turned = negated[inner.op]
    return turned ? { ...inner, op: turned } : group('and', [inner], true)
  }
  return typeof w.field === 'string' ? readLeaf(w) : undefined
}

const negated: Partial<Record<Op, Op>> = {
  contains: 'notContains',
  hasAny: 'hasNone',
  within: 'notWithin',
  under: 'notUnder',
  any: 'none',
  none: 'any',
}

/** `me or one of these` is one condition: the other way round of what `any` and `none` are sent as. */
function persons(list: Wire[], join: 'and' | 'or'): Cond | undefined {
  const field = list[0]?.field
  if (list.length < 2 || typeof field !== 'string' || list.some((x) => x.field !== field)) return undefined
  const parts = list.map((x) => readLeaf(x))
  const op: Op = join === 'or' ? 'any' : 'none'
  if (parts.some((p) => p.op !== op) || !parts.some((p) => (p.value as unknown[]).some((v) => v === me || v === mine)))
    return undefined
  return cond(field, op, [...new Set(parts.flatMap((p) => p.value as unknown[]))])
}

function readLeaf(w: Wire): Cond {
  const field = w.field as string
  const op = w.op as string
  const v = w.value
  const raw = () => cond(field, 'raw', w)
  const expr =
    typeof v === 'object' && v !== null && 'expr' in v ? String((v as { expr: unknown }).expr).trim() : undefined
  if (expr === 'user.id')
    return op === 'eq' ? cond(field, 'any', [me]) : op === 'ne' ? cond(field, 'none', [me]) : raw()
  if (expr === 'user.department') {
    if (op === 'under') return cond(field, 'under', mine)
    return op === 'eq' ? cond(field, 'any', [mine]) : op === 'ne' ? cond(field, 'none', [mine]) : raw()
  }
  const days = expr === undefined ? undefined : awayOf(expr)
  if (expr !== undefined && days === undefined) return raw()
  const value = days === undefined ? v : { days }
  switch (op) {
    case 'eq':
      if (v === null) return cond(field, 'empty')
      return typeof v === 'boolean' ? cond(field, v ? 'yes' : 'no') : cond(field, 'is', value)
    case 'ne':
      return v === null ? cond(field, 'notEmpty') : cond(field, 'isNot', value)
    case 'in':
      return cond(field, 'any', v)
    case 'nin':
      return cond(field, 'none', v)
    case 'hasAny':
    case 'hasAll':
      return cond(field, op, Array.isArray(v) ? v : [v])
    case 'within':
      return isPeriod(v) ? cond(field, 'within', v as Period) : raw()
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    case 'between':
    case 'contains':
    case 'startsWith':
    case 'under':
    case 'empty':
    case 'notEmpty':
      return cond(field, op, value)
    default:
      return raw()
  }
}

function awayOf(expr: string): number | undefined {
  const m = /^today\(\)(?:\s*([+-])\s*(\d{1,5}))?$/.exec(expr)
  if (!m) return undefined
  return m[1] ? Number(`${m[1]}${m[2]}`) : 0
}

/** Choices of one value are told as lists, the way people pick them. */
export function settle(n: Node, typeOf: (field: string) => FieldType | undefined): Node {
  if (n.kind === 'group') return { ...n, items: n.items.map((x) => settle(x, typeOf)) }
  const as = typeOf(n.field)
  if (as !== 'select' && as !== 'user' && as !== 'department' && as !== 'relation') return n
  if (n.op === 'is') return { ...n, op: 'any', value: [n.value] }
  return n.op === 'isNot' ? { ...n, op: 'none', value: [n.value] } : n
}

/** Filters joined, leaving out what asks nothing. */
export function both(...parts: (Wire | undefined)[]): Wire | undefined {
  const all = parts.filter((p) => p !== undefined && Object.keys(p).length > 0).map((p) => p!)
  const flat = all.flatMap((p) => (Array.isArray(p.and) ? (p.and as Wire[]) : [p]))
  return flat.length === 0 ? undefined : flat.length === 1 ? flat[0] : { and: flat }
}

/** How many conditions a filter holds. */
export const leaves = (n: Node): number => (n.kind === 'cond' ? 1 : n.items.reduce((sum, x) => sum + leaves(x), 0))

/** The tree with one node replaced, or taken out where `change` gives none. */
export function edit(root: Group, id: number, change: (n: Node) => Node | undefined): Group {
  if (root.id === id) return (change(root) as Group | undefined) ?? root
  return {
    ...root,
    items: root.items.flatMap((n) => {
      if (n.id === id) {
        const to = change(n)
        return to ? [to] : []
      }
      return [n.kind === 'group' ? edit(n, id, change) : n]
    }),
  }
}
