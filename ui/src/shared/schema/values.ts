/** Canonical values: empty is absent, never '' or null. */

/** null, '', a list without elements, an object without members. Zero and false are values. */
export function isEmpty(v: unknown): boolean {
  if (v === null || v === undefined || v === '') return true
  if (typeof v !== 'object') return false
  return Array.isArray(v) ? v.length === 0 : Object.keys(v).length === 0
}

/** Whether two canonical values are the same; empties of any shape are. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b)
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((x, i) => same(x, b[i]))
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)])
    return [...keys].every((k) => same(own(a, k), own(b, k)))
  }
  return false
}

export function isObject(v: unknown): v is { [key: string]: unknown } {
  return typeof v === 'object' && v !== null && !Array.isArray(v)
}

/** An own member; keys such as `constructor` are names like any other. */
export function own(o: { readonly [key: string]: unknown } | undefined, key: string): unknown {
  return o && Object.hasOwn(o, key) ? o[key] : undefined
}

/** An RFC 6901 pointer of these parts. */
export function pointer(...parts: (string | number)[]): string {
  return parts.map((p) => '/' + String(p).replaceAll('~', '~0').replaceAll('/', '~1')).join('')
}

export function parsePointer(p: string): string[] {
  if (p === '') return []
  return p
    .slice(1)
    .split('/')
    .map((x) => x.replaceAll('~1', '/').replaceAll('~0', '~'))
}
