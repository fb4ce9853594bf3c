import { dayMillis, parseDate } from './calendar'
import { digits15, round } from './decimal'
import { functions } from './functions'
import { elemKind, isEmpty, kindIn, Machine, maxList, member } from './machine'
import { BudgetError, Day, Instant, type Node, type Value } from './types'

/** Runs a checked tree. Every case stands any operands: a tree may lie about kinds. */
export class Evaluator extends Machine {
  eval(n: Node): Value {
    this.spend(1)
    return this.step(n)
  }

  private step(n: Node): Value {
    switch (n.t) {
      case 'number':
      case 'text':
      case 'bool':
        return n.v ?? null
      case 'empty':
        return null
      case 'date':
        return new Day(parseDate(String(n.v)) ?? 0)
      case 'name':
        return this.from(member(this.env.vars, n.name ?? ''), kindIn(n.y), n)
      case 'local':
        return this.locals.get(n.name ?? '') ?? null
      case 'row':
        return this.from(this.row, kindIn(n.y), n)
      case 'field':
        return this.field(n)
      case 'index':
        return this.index(n)
      case 'add':
        return this.finite(this.num(at(n.a)) + this.num(at(n.b)), n)
      case 'sub':
        return this.finite(this.num(at(n.a)) - this.num(at(n.b)), n)
      case 'mul':
        return this.finite(this.num(at(n.a)) * this.num(at(n.b)), n)
      case 'neg':
        return 0 - this.num(at(n.a))
      case 'div':
      case 'mod':
      case 'pow':
        return this.divide(n)
      case 'not':
        return !this.bool(n.a)
      case 'and':
        return this.bool(n.a) && this.bool(n.b)
      case 'or':
        return this.bool(n.a) || this.bool(n.b)
      case 'if':
        return this.fit(this.eval(at(this.bool(n.a) ? n.b : n.c)), n)
      case 'coalesce':
        return this.coalesce(n)
      case 'concat':
        return this.built(this.asText(this.eval(at(n.a)), at(n.a)) + this.asText(this.eval(at(n.b)), at(n.b)))
      case 'shift':
        return this.shift(this.eval(at(n.a)), this.num(at(n.b)), n)
      case 'shiftBack':
        return this.shift(this.eval(at(n.a)), -this.num(at(n.b)), n)
      case 'span':
        return this.span(n)
      case 'call':
        return this.call(n)
      case 'let':
        return this.let(n)
      case 'list':
        return (n.args ?? []).map((a) => this.fit(this.eval(a), a))
      case 'range':
        return this.range(n)
      case 'in':
        return this.in(n)
      case 'cast':
        return this.asInstant(this.eval(at(n.a)), n)
      case 'each':
        return this.eval(at(n.a))
      default:
        return this.comparison(n)
    }
  }

  private bool(n: Node | undefined): boolean {
    return this.asBool(this.eval(at(n)), at(n))
  }

  /** Makes a date of a chosen branch the instant that its sibling is. */
  fit(v: Value, n: Node): Value {
    return v instanceof Day && n.y === 'datetime' ? this.asInstant(v, n) : v
  }

  private coalesce(n: Node): Value {
    const v = this.eval(at(n.a))
    return this.fit(isEmpty(v) ? this.eval(at(n.b)) : v, n)
  }

  private field(n: Node): Value {
    const v = this.eval(at(n.a))
    if (v === null) return null
    if (typeof v !== 'object' || Array.isArray(v) || v instanceof Day || v instanceof Instant)
      return this.note('type', n)
    return this.from(member(v, n.name ?? ''), kindIn(n.y), n)
  }

  private index(n: Node): Value {
    const l = this.asList(this.eval(at(n.a)), at(n.a))
    const i = Math.trunc(this.num(at(n.b)))
    return this.from(l[i < 0 ? i + l.length : i], kindIn(n.y), n)
  }

  private divide(n: Node): Value {
    const [a, b] = [this.num(at(n.a)), this.num(at(n.b))]
    if (n.t === 'pow') return this.power(a, b, n)
    if (b === 0) return this.note('div0', n)
    return this.finite(n.t === 'mod' ? a % b : a / b, n)
  }

  /** Multiplies for whole exponents, so that every bit agrees with the server; other results are rounded to 15 digits. */
  power(a: number, b: number, n: Node): Value {
    if (b !== Math.trunc(b) || Math.abs(b) > 1 << 20) {
      const f = Math.pow(a, b)
      return Number.isNaN(f) ? this.note('domain', n) : this.finite(digits15(f), n)
    }
    if (a === 0 && b < 0) return this.note('div0', n)
    let f = 1
    for (let e = Math.abs(b); e > 0; e >>= 1) {
      if (e & 1) f *= a
      a *= a
    }
    return this.finite(b < 0 ? 1 / f : f, n)
  }

  private comparison(n: Node): Value {
    const [a, b] = [this.eval(at(n.a)), this.eval(at(n.b))]
    switch (n.t) {
      case 'eq':
        return this.equalAs(n.by, a, b, n)
      case 'ne':
        return !this.equalAs(n.by, a, b, n)
      case 'lt':
        return this.compare(a, b, n) < 0
      case 'le':
        return this.compare(a, b, n) <= 0
      case 'gt':
        return this.compare(a, b, n) > 0
      case 'ge':
        return this.compare(a, b, n) >= 0
    }
    return null
  }

  /** Moves by days: a date by whole ones (downwards), a datetime by the time they last, to the millisecond. */
  private shift(v: Value, days: number, n: Node): Value {
    if (v === null) return null
    if (v instanceof Day) return this.checked(new Day(v.days + Math.floor(days)), n)
    if (v instanceof Instant) return this.checked(new Instant(v.ms + round(days * dayMillis, 0)), n)
    if (typeof v !== 'string') return this.note('type', n)
    const read = this.from(v, kindIn(n.y), n)
    return read instanceof Day || read instanceof Instant ? this.shift(read, days, n) : null
  }

  /** The days between two dates or, with fraction, two datetimes. */
  private span(n: Node): Value {
    const [a, b] = this.sameTime(this.asTime(this.eval(at(n.a)), at(n.a)), this.asTime(this.eval(at(n.b)), at(n.b)))
    if (a instanceof Day && b instanceof Day) return a.days - b.days
    if (a instanceof Instant && b instanceof Instant) return (a.ms - b.ms) / dayMillis
    return null
  }

  private call(n: Node): Value {
    const run = functions.get(n.fn ?? '')
    return run ? run(this, n) : null
  }

  private let(n: Node): Value {
    const name = n.name ?? ''
    const outer = this.locals.get(name)
    this.locals.set(name, this.eval(at(n.a)))
    const v = this.eval(at(n.b))
    if (outer === undefined) this.locals.delete(name)
    else this.locals.set(name, outer)
    return v
  }

  private range(n: Node): Value {
    const [a, b] = [Math.trunc(this.num(at(n.a))), Math.trunc(this.num(at(n.b)))]
    if (b < a) return []
    if (b - a >= maxList || Math.abs(a) > 2 ** 53) throw new BudgetError()
    this.spend(b - a + 1)
    return Array.from({ length: b - a + 1 }, (_, i) => a + i)
  }

  private in(n: Node): Value {
    const a = this.eval(at(n.a))
    const l = this.asList(this.eval(at(n.b)), at(n.b))
    return this.indexOf(l, a, elemKind(at(n.b).y), n) >= 0
  }
}

const nowhere: Node = { t: 'empty', p: [1, 1], y: 'empty' }

/** An operand; a tree that lacks one counts it as empty. */
function at(n: Node | undefined): Node {
  return n ?? nowhere
}
