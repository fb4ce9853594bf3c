import { argList, count } from './args'
import type { Evaluator } from './eval'
import type { Run } from './functions'
import { elemKind, isEmpty, kindIn } from './machine'
import type { Node, Value } from './types'

/** Runs visit with every element as the row, and puts the outer row back. */
function rows(m: Evaluator, list: unknown[], visit: (element: unknown) => boolean): void {
  const outer = m.row
  for (const e of list) {
    m.row = e
    if (!visit(e)) break
  }
  m.row = outer
}

/** Calls visit with the value of every row, until it says false. */
function over(m: Evaluator, n: Node, visit: (v: Value, at: Node) => boolean): void {
  const each = rowArgument(n)
  if (each) {
    rows(m, argList(m, n, 0), () => visit(m.eval(each), each))
    return
  }
  for (const a of n.args ?? []) {
    const v = m.eval(a)
    if (!Array.isArray(v)) {
      if (!visit(v, a)) return
      continue
    }
    for (const e of v) {
      m.spend(1)
      if (!visit(m.from(e, elemKind(a.y), a), a)) return
    }
  }
}

/** The expression over the rows of a call that has one. */
function rowArgument(n: Node): Node | undefined {
  const second = count(n) === 2 ? n.args?.[1] : undefined
  return second?.t === 'each' ? second.a : undefined
}

/** Whether the condition has this value for a row. */
function found(m: Evaluator, n: Node, want: boolean): boolean {
  let yes = false
  over(m, n, (v, at) => {
    yes = m.asBool(v, at) === want
    return !yes
  })
  return yes
}

const extreme =
  (sign: number): Run =>
  (m, n) => {
    let best: Value = null
    over(m, n, (v, at) => {
      if (!isEmpty(v) && (best === null || m.compare(v, best, at) * sign > 0)) best = v
      return true
    })
    return best
  }

const end =
  (front: boolean): Run =>
  (m, n) => {
    const l = argList(m, n, 0)
    return m.from(front ? l[0] : l[l.length - 1], kindIn(n.y), n)
  }

const sort: Run = (m, n) => {
  const l = argList(m, n, 0)
  m.spend(2 * l.length * (l.length ? 32 - Math.clz32(l.length) : 0) + l.length)
  const by = n.args?.[1]
  const elem = elemKind(n.args?.[0]?.y ?? 'any')
  const keyed: { key: Value; e: unknown }[] = []
  rows(m, l, (e) => keyed.push({ key: by ? m.eval(by) : m.from(e, elem, n), e }) > 0)
  return keyed.sort((a, b) => m.compare(a.key, b.key, n)).map((k) => k.e)
}

const unique: Run = (m, n) => {
  const elem = elemKind(n.args?.[0]?.y ?? 'any')
  const kept: unknown[] = []
  for (const e of argList(m, n, 0)) {
    if (m.indexOf(kept, m.from(e, elem, n), elem, n) < 0) kept.push(e)
    m.spend(1)
  }
  return kept
}

export const listFunctions: Record<string, Run> = {
  sum: (m, n) => {
    let total = 0
    over(m, n, (v, at) => {
      total += m.asNumber(v, at)
      return true
    })
    return m.finite(total, n)
  },
  avg: (m, n) => {
    let [total, values] = [0, 0]
    over(m, n, (v, at) => {
      if (!isEmpty(v)) {
        total += m.asNumber(v, at)
        values++
      }
      return true
    })
    return values === 0 ? null : m.finite(total / values, n)
  },
  min: extreme(-1),
  max: extreme(1),
  count: (m, n) => {
    let values = 0
    const condition = rowArgument(n) !== undefined
    over(m, n, (v, at) => {
      if (condition ? m.asBool(v, at) : !isEmpty(v)) values++
      return true
    })
    return values
  },
  any: (m, n) => found(m, n, true),
  all: (m, n) => !found(m, n, false),
  filter: (m, n) => {
    const l = argList(m, n, 0)
    const by = n.args?.[1]
    if (!by) return null
    m.spend(l.length)
    const out: unknown[] = []
    rows(m, l, (e) => {
      if (m.asBool(m.eval(by), by)) out.push(e)
      return true
    })
    return out
  },
  map: (m, n) => {
    const out: Value[] = []
    over(m, n, (v) => out.push(v) > 0)
    return out
  },
  sort,
  unique,
  first: end(true),
  last: end(false),
}
