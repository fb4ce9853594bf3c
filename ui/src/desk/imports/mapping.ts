import type { Problem } from '@/shared/api'
import type { Column, Mapping, Match, TableColumn, TargetField } from './target'

/** What a column may become beside a field: nothing, or a level of the path to a person's department. */
export const ignored = ''
export const level = (n: number) => `@${n}`
export const maxLevels = 5

const columnsOf = (m: Mapping): Column[] => m.columns ?? []

/** Where a column goes: a field, a level of the department's path, or nowhere. */
export function destination(m: Mapping, column: string): string {
  const at = (m.departmentPath ?? []).indexOf(column)
  if (at >= 0) return level(at + 1)
  const c = columnsOf(m).find((x) => x.column === column)
  return c && !c.ignore ? (c.field ?? ignored) : ignored
}

export const entryOf = (m: Mapping, column: string): Column | undefined => columnsOf(m).find((x) => x.column === column)

/** How a field finds what its texts name, unless somebody says otherwise. */
function matching(f: TargetField | undefined): Pick<Column, 'match' | 'nearest'> {
  switch (f?.type) {
    case 'select':
    case 'multiselect':
      return { nearest: true }
    case 'user':
      return { match: { by: 'name' } }
    case 'relation':
    case 'department':
      return { match: {} }
    default:
      return {}
  }
}

/** Sends a column to a field or a level; whatever was there before is not imported any more. */
export function send(m: Mapping, column: string, to: string, f?: TargetField): Mapping {
  const path = (m.departmentPath ?? []).filter((c) => c !== column)
  let columns = columnsOf(m).map((c): Column =>
    to !== ignored && c.field === to ? { column: c.column, ignore: true } : c,
  )
  const put = (c: Column) => {
    columns = columns.some((x) => x.column === column)
      ? columns.map((x) => (x.column === column ? c : x))
      : [...columns, c]
  }
  if (to.startsWith('@')) {
    path.splice(Number(to.slice(1)) - 1, 0, column)
    columns = columns.filter((c) => c.column !== column)
  } else if (to === ignored) put({ column, ignore: true })
  else put({ column, field: to, ...matching(f) })
  const filled = new Set(columns.flatMap((c) => (c.field && !c.ignore ? [c.field] : [])))
  const set = Object.fromEntries(Object.entries(m.set ?? {}).filter(([k]) => !filled.has(k)))
  const out: Mapping = { ...m, columns, set }
  if (path.length > 0) out.departmentPath = path
  else delete out.departmentPath
  if (out.leader === column && path.length === 0) delete out.leader
  if (Object.keys(set).length === 0) delete out.set
  return withKey(
    out,
    (m.key ?? []).filter((k) => filled.has(k) || k in set),
  )
}

/** Changes how a column is read. */
export const change = (m: Mapping, column: string, part: Partial<Column>): Mapping => ({
  ...m,
  columns: columnsOf(m).map((c) => (c.column === column ? clean({ ...c, ...part }) : c)),
})

export const changeMatch = (m: Mapping, column: string, part: Partial<Match>): Mapping =>
  change(m, column, { match: clean({ ...entryOf(m, column)?.match, ...part }) })

/** Says what a text of a column means: an option's value, or the name by which something is found; "" makes it empty. */
export function mean(m: Mapping, column: string, text: string, meaning: string | undefined): Mapping {
  const c = entryOf(m, column)
  if (!c) return m
  const values = { ...(c.match ? c.match.values : c.values) }
  if (meaning === undefined) delete values[text]
  else values[text] = meaning
  const kept = Object.keys(values).length > 0 ? values : undefined
  // An empty meaning belongs to the column: it makes the cell empty before anything is looked for.
  if (c.match && meaning === '') return change(m, column, { values: { ...c.values, [text]: '' } })
  return c.match ? changeMatch(m, column, { values: kept }) : change(m, column, { values: kept })
}

/** The fields by which rows find what is there; without any, every row is new. */
export function withKey(m: Mapping, key: string[]): Mapping {
  const out: Mapping = { ...m }
  if (key.length > 0) {
    out.key = key
    if (!out.mode || ((m.key ?? []).length === 0 && out.mode === 'create')) out.mode = 'upsert'
  } else {
    delete out.key
    if (!m.target) out.mode = 'create'
  }
  return out
}

/** A value that all rows get. */
export function withConstant(m: Mapping, field: string, value: unknown): Mapping {
  const set = { ...m.set }
  if (value === undefined) delete set[field]
  else set[field] = value
  const out: Mapping = { ...m, set }
  if (Object.keys(set).length === 0) delete out.set
  return out
}

function clean<T extends object>(o: T): T {
  return Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined && v !== false)) as T
}

/** How sure a column's field is. `chosen`: not a guess that could be weighed. */
export type Confidence = 'sure' | 'likely' | 'unsure' | 'chosen'

export function confidence(c: TableColumn, field: string): Confidence {
  const score = c.guesses?.find((g) => g.field === field)?.score
  if (score === undefined) return 'chosen'
  return score >= 0.8 ? 'sure' : score >= 0.6 ? 'likely' : 'unsure'
}

export type Sorted = {
  columns: Map<string, Problem[]>
  key: Problem[]
  constants: Map<string, Problem[]>
  rest: Problem[]
}

/** Problems of a preview by what they are about: a column's name, the key, a constant, or all of it. */
export function sortProblems(m: Mapping, list: Problem[] | undefined): Sorted {
  const out: Sorted = { columns: new Map(), key: [], constants: new Map(), rest: [] }
  const add = (to: Map<string, Problem[]>, k: string, p: Problem) => to.set(k, [...(to.get(k) ?? []), p])
  for (const p of list ?? []) {
    const [, part, which] = (p.pointer ?? '').split('/')
    const named = typeof p.params?.column === 'string' ? p.params.column : undefined
    const column = part === 'columns' ? (columnsOf(m)[Number(which)]?.column ?? named) : undefined
    if (column !== undefined) add(out.columns, column, p)
    else if (part === 'key') out.key.push(p)
    else if (part === 'set' && which) add(out.constants, which, p)
    else out.rest.push(p)
  }
  return out
}

export const blocks = (p: Problem) => p.severity !== 'warning'

/** Required fields that neither a column nor a constant fills. */
export function missing(m: Mapping, fields: TargetField[]): TargetField[] {
  const filled = new Set([
    ...columnsOf(m).flatMap((c) => (c.field && !c.ignore ? [c.field] : [])),
    ...Object.keys(m.set ?? {}),
  ])
  return fields.filter((f) => f.required && !filled.has(f.key))
}
