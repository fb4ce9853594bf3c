import type { Machine } from './machine'
import type { Node, Value } from './types'

/** Argument i, empty when it is not given. */
export function arg(m: Machine, n: Node, i: number): Value {
  const a = n.args?.[i]
  return a ? m.eval(a) : null
}

export function argNumber(m: Machine, n: Node, i: number, otherwise = 0): number {
  const a = n.args?.[i]
  return a ? m.num(a) : otherwise
}

/** The text of an argument; its length is charged, because whoever asks looks through it. */
export function argText(m: Machine, n: Node, i: number): string {
  const a = n.args?.[i]
  if (!a) return ''
  const s = m.asText(m.eval(a), a)
  m.spend(Math.floor(s.length / 64))
  return s
}

export function argBool(m: Machine, n: Node, i: number): boolean {
  const a = n.args?.[i]
  return a !== undefined && m.asBool(m.eval(a), a)
}

export function argList(m: Machine, n: Node, i: number): unknown[] {
  const a = n.args?.[i]
  return a ? m.asList(m.eval(a), a) : []
}

/** How many arguments the call has. */
export function count(n: Node): number {
  return n.args?.length ?? 0
}
