/**
 * A checked expression as the server ships it (engine/formula/ast.schema.json): the server parses and checks, this
 * evaluator runs the tree with the same results, held together by the same test vectors.
 */
export type Program = {
  v: number
  src: string
  type: string
  volatile?: boolean
  /** Decimals to which a number result is rounded, half away from zero on the shortest decimal text. */
  scale?: number
  /** Paths of the fields read, in order of first use. */
  deps: string[][]
  root: Node
}

/** A node of the tree; `t` says what it does, `y` is the type of its value, `p` its line and column. */
export type Node = {
  t: string
  p: [number, number]
  y: string
  v?: number | string | boolean
  name?: string
  fn?: string
  by?: string
  a?: Node
  b?: Node
  c?: Node
  args?: Node[]
}

/** Something that could not be computed: its value is empty and evaluation went on. */
export type EvalError = { code: string; line: number; column: number }

/** A calendar day: days since 1970-01-01. */
export class Day {
  constructor(readonly days: number) {}
}

/** A point in time: milliseconds since 1970-01-01 UTC. */
export class Instant {
  constructor(readonly ms: number) {}
}

/** What an expression computes with; objects and lists hold plain JSON values. */
export type Value = null | number | string | boolean | Day | Instant | unknown[] | Fields

export type Fields = { readonly [key: string]: unknown }

export type Kind = 'empty' | 'number' | 'text' | 'bool' | 'date' | 'datetime' | 'list' | 'object' | 'any'

/** What an expression is evaluated in. */
export type Env = {
  /** The names of the scope; a name that is missing is empty. */
  vars: Fields
  /** What now() and today() say, in milliseconds; without it they are empty with the error `clock`. */
  now?: number
  /** IANA name of the zone where calendar days begin; UTC without it. */
  zone?: string
  /** Steps that may be taken; 100,000 without it. */
  budget?: number
}

/** Ends an evaluation that does too much: steps, a text over 1 MiB or a list over 100,000 elements. */
export class BudgetError extends Error {
  constructor() {
    super('formula: budget')
  }
}
