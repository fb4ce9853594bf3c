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

const validators = new WeakMap<object, { schema: JsonObject; validator: Validator }>()

/** Holds data against the form's JSON Schema. Complaints come in the order of the form, with the server's codes. */
export function validate(model: FormModel, data: JsonObject): LocalProblem[] {
  let v = validators.get(model)
  if (!v) {
    const schema = dataSchema(model)
    v = { schema, validator: new Validator(schema as Schema, '2020-12', false) }
    validators.set(model, v)
  }
  const { valid, errors } = v.validator.validate(data)
  return valid ? [] : explain(v.schema, data, errors)
}

/** What computed fields, coercion and people's texts have to do with is not asked of data. */
function dataSchema(model: FormModel): JsonObject {
  const computed = new Set(model.fields.filter((f) => f.computed).map((f) => f.key))
  const masked = new Set(model.fields.filter((f) => f.access === 'masked').map((f) => f.key))
  const properties: JsonObject = {}
  for (const [key, p] of Object.entries((model.schema.properties ?? {}) as JsonObject)) {
    properties[key] = computed.has(key) || masked.has(key) ? {} : bare(p)
  }
  const required = ((model.schema.required as string[] | undefined) ?? []).filter((k) => !computed.has(k))
  const out: JsonObject = { ...model.schema, properties, required }
  for (const k of ['$id', 'title', 'description', 'additionalProperties']) delete out[k]
  return out
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

function explain(schema: JsonObject, data: JsonObject, errors: OutputUnit[]): LocalProblem[] {
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
