import { arg, argList, argNumber, argText, count } from './args'
import type { Evaluator } from './eval'
import { parseNumber } from './fnNumber'
import { format } from './pattern'
import type { Run } from './functions'
import { elemKind, isEmpty, maxList, maxText } from './machine'
import { byteLength, fold, length, lower, occurrences, offsetOf, squeeze, trim, upper } from './textual'
import { BudgetError, type Node, type Value } from './types'

/** Count characters from a position counted from 0; a position before the text is a formula error. */
function slice(m: Evaluator, n: Node, s: string, from: number, many: number): Value {
  const [start, most] = [Math.trunc(from), Math.trunc(many)]
  if (start < 0 || most < 0) return m.note('domain', n)
  const rest = s.slice(offsetOf(s, Math.min(start, s.length)))
  return rest.slice(0, offsetOf(rest, Math.min(most, rest.length)))
}

const right: Run = (m, n) => {
  const [s, many] = [argText(m, n, 0), argNumber(m, n, 1, 1)]
  if (many < 0) return slice(m, n, s, 0, many)
  const all = length(s)
  return slice(m, n, s, Math.max(0, all - Math.trunc(many)), all)
}

const join: Run = (m, n) => {
  const l = argList(m, n, 0)
  const separator = count(n) > 1 ? argText(m, n, 1) : ','
  const by = n.args?.[2]
  const elem = elemKind(n.args?.[0]?.y ?? 'any')
  const outer = m.row
  let out = ''
  for (const e of l) {
    m.row = by ? e : m.row
    const v = by ? m.eval(by) : m.from(e, elem, n)
    m.spend(1)
    if (out.length > maxText) break
    if (!isEmpty(v)) out += (out && separator) + m.asText(v, n)
  }
  m.row = outer
  return m.built(out)
}

const split: Run = (m, n) => {
  const [s, separator] = [argText(m, n, 0), argText(m, n, 1)]
  if (s === '') return []
  if (separator === '') return [s]
  m.spend(occurrences(s, separator))
  const parts = s.split(separator)
  if (parts.length > maxList) throw new BudgetError()
  return parts
}

const replace: Run = (m, n) => {
  const [s, old, by] = [argText(m, n, 0), argText(m, n, 1), argText(m, n, 2)]
  if (old === '') return s
  if (count(n) > 3) return replaceOne(m, n, s, old, by, Math.trunc(argNumber(m, n, 3, 1)))
  if (byteLength(s) + occurrences(s, old) * (byteLength(by) - byteLength(old)) > maxText) throw new BudgetError()
  return m.built(s.split(old).join(by))
}

function replaceOne(m: Evaluator, n: Node, s: string, old: string, by: string, which: number): Value {
  if (which < 1) return m.note('domain', n)
  for (let at = s.indexOf(old); at >= 0; at = s.indexOf(old, at + old.length)) {
    if (--which === 0) return m.built(s.slice(0, at) + by + s.slice(at + old.length))
  }
  return s
}

const find: Run = (m, n) => {
  const [part, s] = [argText(m, n, 0), argText(m, n, 1)]
  const skip = Math.trunc(argNumber(m, n, 2, 1)) - 1
  if (skip < 0) return m.note('domain', n)
  const bytes = byteLength(s)
  if (skip > bytes) return 0
  const i = s.indexOf(part, offsetOf(s, skip))
  return i < 0 ? 0 : length(s.slice(0, i)) + 1
}

/** Tests two folded texts. Folding is slow: it is charged like building. */
const folded =
  (test: (s: string, part: string) => boolean): Run =>
  (m, n) => {
    const [s, part] = [argText(m, n, 0), argText(m, n, 1)]
    m.spend(Math.floor((s.length + part.length) / 16))
    return test(fold(s), fold(part))
  }

const toText: Run = (m, n) => {
  const v = arg(m, n, 0)
  if (count(n) < 2) return m.built(m.asText(v, n))
  const s = format(m, v, argText(m, n, 1))
  if (s === undefined) m.note('value', n)
  return m.built(s ?? m.asText(v, n))
}

const toNumber: Run = (m, n) => {
  const v = arg(m, n, 0)
  if (v === null || typeof v === 'number') return v
  if (typeof v === 'boolean') return Number(v)
  if (typeof v === 'string') {
    if (trim(v) === '') return null
    const f = v.length <= 400 ? parseNumber(v) : undefined
    if (f !== undefined) return m.finite(f, n)
  }
  return m.note('value', n)
}

export const textFunctions: Record<string, Run> = {
  len: (m, n) => {
    const v = arg(m, n, 0)
    if (Array.isArray(v)) return v.length
    const s = m.asText(v, n)
    m.spend(Math.floor(s.length / 64))
    return length(s)
  },
  left: (m, n) => slice(m, n, argText(m, n, 0), 0, argNumber(m, n, 1, 1)),
  right,
  mid: (m, n) => slice(m, n, argText(m, n, 0), argNumber(m, n, 1, 1) - 1, argNumber(m, n, 2)),
  upper: (m, n) => m.built(upper(argText(m, n, 0))),
  lower: (m, n) => m.built(lower(argText(m, n, 0))),
  trim: (m, n) => m.built(squeeze(argText(m, n, 0))),
  concat: (m, n) => {
    let out = ''
    for (let i = 0; i < count(n) && out.length <= maxText; i++) out += argText(m, n, i)
    return m.built(out)
  },
  join,
  split,
  replace,
  find,
  contains: folded((s, part) => s.includes(part)),
  startsWith: folded((s, part) => s.startsWith(part)),
  endsWith: folded((s, part) => s.endsWith(part)),
  text: toText,
  number: toNumber,
}
