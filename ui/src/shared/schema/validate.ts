import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema'
import type { FormModel, JsonObject } from './model'
import { problem, type LocalProblem } from './problem'
import { isObject, own, parsePointer, pointer } from './values'

/** Keywords whose own complaint only sums up those below. */
const containers = new Set([
  'properties',
  'items',
  'prefixItems',
  'allOf',
  '$ref',
  'if',
  'then',
  'else',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
])

const codes: { [keyword: string]: string } = {
  minLength: 'min-length',
  maxLength: 'max-length',
  exclusiveMinimum: 'exclusive-minimum',
  exclusiveMaximum: 'exclusive-maximum',
  multipleOf: 'multiple-of',
  minItems: 'min-items',
  maxItems: 'max-items',
  uniqueItems: 'unique-items',
  minContains: 'contains',
  maxContains: 'contains',
  minProperties: 'min-properties',
  maxProperties: 'max-properties',
  anyOf: 'any-of',
  oneOf: 'one-of',
  additionalProperties: 'additional-property',
  false: 'not-allowed',
}

/** What was found of values that have not changed since: canonical values are never changed in place. */
export type Memo = Map<string, { value: unknown; problems: LocalProblem[] }>

/**
 * Holds data against the form's JSON Schema. Complaints come in the order of the form, with the server's codes. A memo
 * that is passed again makes checking after a key stroke cost as much as what changed.
 */
export function validate(model: FormModel, data: JsonObject, memo: Memo = new Map()): LocalProblem[] {
  const c = checkerOf(model)
  const out: LocalProblem[] = []
  for (const [key, check] of c.fields) {
    const value = own(data, key)
    if (value === undefined) {
      if (c.required.has(key)) out.push(problem('required', undefined, pointer(key)))
      continue
    }
    let had = memo.get(key)
    if (!had || had.value !== value) {
      had = { value, problems: check(value).map((p) => ({ ...p, pointer: pointer(key) + p.pointer })) }
      memo.set(key, had)
    }
    out.push(...had.problems)
  }
  for (const p of c.whole(data)) if (!out.some((q) => q.code === p.code && q.pointer === p.pointer)) out.push(p)
  return out
}

type Check = (value: unknown) => LocalProblem[]
type Checker = {
  fields: Map<string, Check>
  required: ReadonlySet<string>
  whole: (data: JsonObject) => LocalProblem[]
}

const checkers = new WeakMap<FormModel, Checker>()

/** A form's checks, one per field, and one of what the schema says across fields. */
function checkerOf(model: FormModel): Checker {
  let c = checkers.get(model)
  if (c) return c
  const properties = (model.schema.properties ?? {}) as JsonObject
  const fields = new Map<string, Check>()
  const free = () => []
  for (const f of model.fields) {
    // what the engine computes, and what the caller cannot see, is not the caller's to mend
    fields.set(f.key, f.computed || f.access === 'masked' ? free : checkOf(bare(properties[f.key])))
  }
  const computed = new Set(model.fields.filter((f) => f.computed).map((f) => f.key))
  const required = ((model.schema.required as string[] | undefined) ?? []).filter((k) => !computed.has(k))
  const across: JsonObject = {}
  for (const k of ['dependentRequired', 'if', 'then', 'else', 'allOf', 'anyOf', 'oneOf', 'not'])
    if (k in model.schema) across[k] = model.schema[k]
  c = {
    fields,
    required: new Set(required),
    whole: Object.keys(across).length > 0 ? by({ ...across, $defs: model.schema.$defs ?? {} }) : free,
  }
  checkers.set(model, c)
  return c
}

/** A check by the library, made when it is first needed. */
function by(schema: JsonObject): (value: unknown) => LocalProblem[] {
  let validator: Validator | undefined
  return (value) => {
    try {
      validator ??= new Validator(schema as Schema, '2020-12', false)
      const { valid, errors } = validator.validate(value)
      return valid ? [] : explain(schema, value, errors)
    } catch {
      return [] // a pattern that only the server's dialect knows, or a reference that is not here: the server judges
    }
  }
}

/** The check of a property; rows are checked one by one, and a row that has not changed is not checked again. */
function checkOf(p: unknown): Check {
  if (!isObject(p)) return () => []
  const items = p.items
  if (!isObject(items) || !isObject(items.properties)) return by(p)
  const ofList = by(Object.fromEntries(Object.entries(p).filter(([k]) => k !== 'items')))
  const ofRow = by(items)
  const known = new WeakMap<object, LocalProblem[]>()
  return (rows) => {
    const out = ofList(rows)
    if (!Array.isArray(rows)) return out
    rows.forEach((r: unknown, i) => {
      if (!isObject(r)) return
      let found = known.get(r)
      if (!found) known.set(r, (found = ofRow(r)))
      for (const q of found) out.push({ ...q, pointer: pointer(i) + q.pointer })
    })
    return out
  }
}

const forPeople = new Set(['x-field', 'title', 'description', 'default', 'examples', '$comment', 'readOnly'])

/** A property without what is for people, and without what coercion has seen to: steps of decimals, formats, options. */
function bare(p: unknown): unknown {
  if (!isObject(p)) return p
  const x = isObject(p['x-field']) ? p['x-field'] : {}
  const out: JsonObject = {}
  for (const [k, v] of Object.entries(p)) {
    if (
      forPeople.has(k) ||
      k === 'multipleOf' ||
      (k === 'format' && x.type !== undefined) ||
      (k === 'additionalProperties' && v === false)
    )
      continue
    if (k === 'items' && isObject(v) && isObject(v.properties)) {
      out.items = {
        ...v,
        additionalProperties: true,
        properties: Object.fromEntries(Object.entries(v.properties).map(([c, q]) => [c, bare(q)])),
      }
    } else out[k] = v
  }
  return out
}

function explain(schema: JsonObject, data: unknown, errors: OutputUnit[]): LocalProblem[] {
  const branching = errors
    .filter((e) => e.keyword === 'anyOf' || e.keyword === 'oneOf' || e.keyword === 'not')
    .map((e) => e.keywordLocation + '/')
  const out: LocalProblem[] = []
  const seen = new Set<string>()
  const add = (p: LocalProblem) => {
    const id = `${p.code} ${p.pointer} ${String(p.params?.limit)}`
    if (!seen.has(id)) out.push(p)
    seen.add(id)
  }
  for (const e of errors) {
    if (containers.has(e.keyword) || branching.some((b) => e.keywordLocation.startsWith(b))) continue
    const place = unhash(e.instanceLocation)
    const limit = at(schema, parsePointer(unhash(e.keywordLocation)))
    if (e.keyword === 'required' || e.keyword === 'dependentRequired')
      missing(e.keyword, limit, at(data, parsePointer(place)), place, add)
    else add(problem(codes[e.keyword] ?? e.keyword, paramsOf(e.keyword, limit, at(data, parsePointer(place))), place))
  }
  return out
}

function missing(keyword: string, limit: unknown, value: unknown, place: string, add: (p: LocalProblem) => void): void {
  const object = isObject(value) ? value : {}
  const lists =
    keyword === 'required'
      ? [limit]
      : Object.entries(isObject(limit) ? limit : {}).flatMap(([k, l]) => (k in object ? [l] : []))
  for (const name of lists.flat())
    if (typeof name === 'string' && own(object, name) === undefined)
      add(problem('required', undefined, place + pointer(name)))
}

function paramsOf(keyword: string, limit: unknown, actual: unknown): LocalProblem['params'] {
  switch (keyword) {
    case 'enum':
      return { allowed: limit, actual }
    case 'const':
      return { expected: limit, actual }
    case 'type':
      return { expected: limit, actual: Array.isArray(actual) ? 'list' : typeof actual }
    case 'format':
      return { format: limit, actual }
    case 'pattern':
      return { pattern: limit, actual }
    case 'minLength':
    case 'maxLength':
      return { limit, actual: typeof actual === 'string' ? [...actual].length : 0 }
    case 'minItems':
    case 'maxItems':
      return { limit, actual: Array.isArray(actual) ? actual.length : 0 }
    default:
      return { limit, actual }
  }
}

function unhash(location: string): string {
  return decodeURI(location.replace(/^[^#]*#/, ''))
}

/** What stands at a path; `$ref` on it leads on, as keyword locations do. */
function at(root: unknown, path: string[]): unknown {
  let v = root
  for (const p of path) {
    if (Array.isArray(v)) v = v[Number(p)]
    else if (isObject(v)) v = own(v, p)
    else return undefined
    if (p === '$ref' && typeof v === 'string') v = at(root, parsePointer(unhash(v)))
  }
  return v
}
