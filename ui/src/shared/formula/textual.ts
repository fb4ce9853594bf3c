/** Texts as the server sees them: counted in code points, charged in UTF-8 bytes, compared in code point order. */

const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g
const ends =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g

/** The text without white space around it. */
export function trim(s: string): string {
  return s.replace(ends, '')
}

/** The text without white space around it and with single spaces inside. */
export function squeeze(s: string): string {
  return trim(s).replace(space, ' ')
}

/** How many bytes the text has in UTF-8. */
export function byteLength(s: string): number {
  let n = s.length
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i)
    if (c < 0x80) continue
    if (c < 0x800) n += 1
    else if (c >= 0xd800 && c < 0xdc00 && i + 1 < s.length) {
      n += 2
      i++
    } else n += 2
  }
  return n
}

/** How many code points the text has. */
export function length(s: string): number {
  let n = 0
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i)
    if (c < 0xdc00 || c > 0xdfff || !isHigh(s.charCodeAt(i - 1))) n++
  }
  return n
}

function isHigh(c: number): boolean {
  return c >= 0xd800 && c < 0xdc00
}

/** Where the code point at an index begins, the end of the text when it has fewer. */
export function offsetOf(s: string, index: number): number {
  let i = 0
  for (; index > 0 && i < s.length; index--) i += (s.codePointAt(i) ?? 0) > 0xffff ? 2 : 1
  return i
}

/** Compares in code point order, which is the byte order of UTF-8. */
export function compare(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  for (let i = 0; i < most; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) < rank(y) ? -1 : 1
  }
  return Math.sign(a.length - b.length)
}

/** A surrogate stands for a code point above all others of the first plane. */
function rank(c: number): number {
  return c >= 0xd800 && c <= 0xdfff ? c + 0x10000 : c
}

/** The number of times that a part, not '', occurs in a text. */
export function occurrences(s: string, part: string): number {
  let n = 0
  for (let at = s.indexOf(part); at >= 0; at = s.indexOf(part, at + part.length)) n++
  return n
}

/** Capitals code point by code point: what has no single capital stays. */
export function upper(s: string): string {
  return mapped(s, (c, full) => (full ? c.toUpperCase() : iota(c)))
}

/** Small letters code point by code point. */
export function lower(s: string): string {
  return mapped(s, (c, full) => (full ? c.toLowerCase() : c === '\u0130' ? 'i' : c))
}

/** Capitals of Greek vowels with iota below: their full form is two letters, their single one is a code point away. */
function iota(c: string): string {
  const p = c.codePointAt(0) ?? 0
  if (p >= 0x1f80 && p <= 0x1faf && (p & 8) === 0) return String.fromCodePoint(p + 8)
  if (p === 0x1fb3 || p === 0x1fc3 || p === 0x1ff3) return String.fromCodePoint(p + 9)
  return c
}

function mapped(s: string, change: (c: string, full: boolean) => string): string {
  let out = ''
  for (const c of s) {
    const m = change(c, true)
    out += m.length <= 1 || length(m) === 1 ? m : change(c, false)
  }
  return out
}

/**
 * Makes text comparable as people expect: case, full and half width and composed forms fold together, and runs of white
 * space are one space. Same as the server's folding, on which `contains`, search and uniqueness work.
 */
export function fold(s: string): string {
  let out = ''
  // the dotless i folds to itself and not, through its capital, to i
  for (const c of s.normalize('NFKC')) out += c === 'ı' ? c : foldOne(c)
  return squeeze(out.normalize('NFC'))
}

function foldOne(c: string): string {
  if (c <= '\x7f') return c.toLowerCase()
  let out = ''
  for (const x of c.toLowerCase().toUpperCase()) out += x.toLowerCase()
  return out
}
