/** A definition is plain JSON and is never changed in place: an edit shares what it does not touch. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export type JsonObject = { [key: string]: Json }

export const isObject = (v: unknown): v is JsonObject => typeof v === 'object' && v !== null && !Array.isArray(v)

/** Whether two values say the same; the order of members does not count. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => equal(x, b[i]))
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a)
    return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && equal(a[k], b[k]))
  }
  return false
}

const escape = (s: string) => s.replaceAll('~', '~0').replaceAll('/', '~1')
const unescape = (s: string) => s.replaceAll('~1', '/').replaceAll('~0', '~')

/** The JSON Pointer of a path. */
export const pointerOf = (path: readonly (string | number)[]): string =>
  path.map((p) => `/${escape(String(p))}`).join('')

/** The path of a JSON Pointer. */
export const pathOf = (pointer: string): string[] =>
  pointer === '' ? [] : pointer.replace(/^\//, '').split('/').map(unescape)

/** The value at a path; undefined where there is none. */
export function at(v: unknown, path: readonly (string | number)[]): Json | undefined {
  let here: unknown = v
  for (const p of path) {
    if (Array.isArray(here)) here = here[Number(p)]
    else if (isObject(here) && Object.hasOwn(here, String(p))) here = here[String(p)]
    else return undefined
  }
  return here as Json | undefined
}

/** A copy with the members of `patch` set; those that are undefined are left out of it. */
export function patched<T extends object>(v: T, patch: { [K in keyof T]?: T[K] | undefined }): T {
  const out = { ...v } as T
  for (const [k, x] of Object.entries(patch)) {
    if (x === undefined) delete (out as { [key: string]: unknown })[k]
    else (out as { [key: string]: unknown })[k] = x
  }
  return out
}

/** A copy of a list with one element moved to where it will then stand. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const out = [...list]
  const [x] = out.splice(from, 1)
  if (x !== undefined) out.splice(to, 0, x)
  return out
}

/** A copy of a list with the element at `i` replaced. */
export const replaced = <T>(list: readonly T[], i: number, x: T): T[] => list.map((y, j) => (i === j ? x : y))

/** A list that is not there when it is empty. */
export const some = <T>(list: T[] | undefined): T[] | undefined => (list && list.length > 0 ? list : undefined)
