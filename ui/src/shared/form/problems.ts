import { parsePointer, pointer, same, type FormModel, type LocalProblem } from '../schema'

/** A problem beside a field, found here or by the server; `message` is the server's, in the reader's language. */
export type FieldProblem = LocalProblem & { message?: string; server?: boolean }

/** Problems by the field beside which they stand. */
export type ByField = ReadonlyMap<string, readonly FieldProblem[]>

export function blocks(p: FieldProblem): boolean {
  return p.severity !== 'warning'
}

type Case = {
  model: FormModel
  /** What validation and rules found. */
  found: readonly LocalProblem[]
  /** What cannot be read as a value. */
  typing: ByField
  /** What the server said of values that have not changed since. */
  refusals: ByField
  /** Whether a field is part of this write: what was wrong before and is not touched keeps nobody from saving. */
  touched: (key: string) => boolean
  /** Where a place among the values stands among what was typed. */
  asTyped: (key: string, rest: string[]) => string[]
}

/** Puts all problems beside their fields, each once; those that belong to no field are `whole`. */
export function sortOut(c: Case): { byField: Map<string, FieldProblem[]>; whole: FieldProblem[] } {
  const byField = new Map<string, FieldProblem[]>()
  const whole: FieldProblem[] = []
  for (const [key, list] of c.typing) byField.set(key, [...list])
  for (const p of c.found) {
    const [key, ...rest] = parsePointer(p.pointer)
    if (key === undefined) {
      whole.push(p)
      continue
    }
    const table = c.model.field(key)?.type === 'table'
    // a value that cannot be read is not missing or too small as well
    if (c.typing.has(key) && !table) continue
    const place = table && rest.length > 0 ? pointer(key, ...c.asTyped(key, rest)) : p.pointer
    if (byField.get(key)?.some((q) => q.pointer === place && (table || q.code === p.code))) continue
    const lenient = p.code !== 'rule' && !p.params?.rule && !c.touched(key)
    push(byField, key, { ...p, pointer: place, ...(lenient && { severity: 'warning' as const }) })
  }
  for (const [key, list] of c.refusals) {
    for (const p of list)
      if (!byField.get(key)?.some((q) => q.code === p.code && q.pointer === p.pointer)) push(byField, key, p)
  }
  return { byField, whole }
}

/** Problems of a field's value as problems of the form. */
export function at(key: string, problems: LocalProblem[]): FieldProblem[] {
  return problems.map((p) => ({ ...p, pointer: pointer(key) + p.pointer }))
}

export function push(map: Map<string, FieldProblem[]>, key: string, p: FieldProblem): void {
  map.set(key, [...(map.get(key) ?? []), p])
}

/** Whether two fields' problems read the same. */
export function sameList(a: readonly FieldProblem[] | undefined, b: readonly FieldProblem[] | undefined): boolean {
  if (a === b) return true
  if (!a || !b || a.length !== b.length) return false
  return a.every((p, i) => {
    const q = b[i]
    return p.code === q?.code && p.pointer === q.pointer && p.severity === q.severity && same(p.params, q.params)
  })
}
