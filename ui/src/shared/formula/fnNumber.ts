import { arg, argNumber } from './args'
import { digits15, order, round } from './decimal'
import type { Run } from './functions'
import { trim } from './textual'

const unit = (f: number, digits: number) => Math.sign(f) * Number(`1e${-digits}`)

/** Cuts the decimal text. */
function roundDown(f: number, digits: number): number {
  const r = round(f, digits)
  return Math.abs(r) <= Math.abs(f) ? r : round(r - unit(f, digits), digits)
}

function roundUp(f: number, digits: number): number {
  const r = round(f, digits)
  return Math.abs(r) >= Math.abs(f) ? r : round(r + unit(f, digits), digits)
}

/** A function of a number and its digits (0). */
const rounding =
  (by: (f: number, digits: number) => number): Run =>
  (m, n) => {
    const f = argNumber(m, n, 0)
    const digits = Math.trunc(Math.max(-400, Math.min(400, argNumber(m, n, 1))))
    return m.finite(by(f, digits), n)
  }

/** Rounds to multiples; quotient and product are rounded to 15 digits, or 22.3/0.1 would be 222.99999999999997. */
const stepping =
  (by: (f: number) => number): Run =>
  (m, n) => {
    const [f, step] = [argNumber(m, n, 0), argNumber(m, n, 1, 1)]
    if (step === 0 || f === 0) return 0
    if (f > 0 && step < 0) return m.note('domain', n)
    return m.finite(digits15(by(digits15(f / step)) * step) + 0, n)
  }

export const numberFunctions: Record<string, Run> = {
  round: rounding(round),
  roundUp: rounding(roundUp),
  roundDown: rounding(roundDown),
  ceil: stepping(Math.ceil),
  floor: stepping(Math.floor),
  int: (m, n) => m.finite(Math.floor(argNumber(m, n, 0)), n),
  abs: (m, n) => Math.abs(argNumber(m, n, 0)),
  sign: (m, n) => order(argNumber(m, n, 0), 0),
  mod: (m, n) => {
    const [a, b] = [argNumber(m, n, 0), argNumber(m, n, 1)]
    if (b === 0) return m.note('div0', n)
    const r = a % b
    return m.finite((r !== 0 && r < 0 !== b < 0 ? r + b : r) + 0, n)
  },
  power: (m, n) => m.power(argNumber(m, n, 0), argNumber(m, n, 1), n),
  sqrt: (m, n) => {
    const f = argNumber(m, n, 0)
    return f < 0 ? m.note('domain', n) : Math.sqrt(f)
  },
  clamp: (m, n) => {
    const [f, least, most] = [argNumber(m, n, 0), argNumber(m, n, 1), argNumber(m, n, 2)]
    return Math.min(Math.max(f, least), Math.max(least, most))
  },
  safeDiv: (m, n) => {
    const [a, b] = [argNumber(m, n, 0), argNumber(m, n, 1)]
    return b === 0 ? arg(m, n, 2) : m.finite(a / b, n)
  },
}

const decimalText = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

/** Reads what people type: spaces around, thousands commas, a percent sign. */
export function parseNumber(s: string): number | undefined {
  let text = trim(s).replaceAll(',', '')
  const percent = text.endsWith('%')
  if (percent) text = text.slice(0, -1)
  if (text.length > 400 || !decimalText.test(text)) return undefined
  const f = Number(text)
  if (!Number.isFinite(f)) return undefined
  return percent ? digits15(f / 100) : f
}
