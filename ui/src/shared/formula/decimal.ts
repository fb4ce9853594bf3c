/** Numbers as the server rounds, writes and compares them: on the shortest decimal text. */

/** The largest unscaled integer that is kept exactly everywhere. */
const maxUnscaled = Number.MAX_SAFE_INTEGER

/** The shortest digits of |f| without dot and trailing zeros, and exp so that |f| = 0.DIGITS * 10^exp. */
function digitsOf(f: number): { digits: string; exp: number } {
  const [mantissa = '', exponent = '0'] = Math.abs(f).toExponential().split('e')
  return { digits: mantissa.replace('.', ''), exp: Number(exponent) + 1 }
}

/** Rounds half away from zero at scale decimals: 1.005 becomes 1.01. A negative scale rounds to tens, hundreds and so on. */
export function round(f: number, scale: number): number {
  if (!Number.isFinite(f) || f === 0) return f === 0 ? 0 : f
  const { digits, exp } = digitsOf(f)
  const keep = exp + scale
  if (keep >= digits.length) return f
  if (keep < 0) return 0
  let kept = BigInt(digits.slice(0, keep) || '0')
  if (digits.charAt(keep) >= '5') kept += 1n
  const r = Number(`${kept}e${-scale}`)
  if (!Number.isFinite(r)) return f
  return f < 0 && r !== 0 ? -r : r
}

/** The shortest decimal text that reads back as f, without exponent. */
export function plainText(f: number): string {
  if (f === 0) return '0'
  const s = String(f)
  if (!s.includes('e')) return s
  const { digits, exp } = digitsOf(f)
  const sign = f < 0 ? '-' : ''
  if (exp <= 0) return `${sign}0.${'0'.repeat(-exp)}${digits}`
  return sign + digits.padEnd(exp, '0')
}

/** Rounds to 15 significant digits, to which a spreadsheet compares. */
export function digits15(f: number): number {
  if (f === 0 || !Number.isFinite(f)) return f
  return round(f, 15 - digitsOf(f).exp)
}

/** Compares numbers; those that agree in 15 significant digits are equal. */
export function order(a: number, b: number): number {
  if (a === b) return 0
  if (Math.abs(a - b) <= 1e-14 * Math.max(Math.abs(a), Math.abs(b)) && digits15(a) === digits15(b)) return 0
  return a < b ? -1 : 1
}

/** Whether f, at most scale decimals, can be kept exactly; larger ones are refused by every store. */
export function keepable(f: number, scale: number): boolean {
  if (!Number.isFinite(f)) return false
  if (f === 0) return true
  const { digits, exp } = digitsOf(f)
  const keep = exp + scale
  if (keep < 0) return true
  if (keep > 16) return false
  return BigInt(digits.slice(0, keep).padEnd(keep, '0') || '0') <= BigInt(maxUnscaled)
}

/** The largest number that can be kept at a scale, as a whole number. */
export function largest(scale: number): number {
  return Math.floor(maxUnscaled / 10 ** scale)
}
