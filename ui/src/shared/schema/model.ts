import type { FormEntry } from '../api'
import type { Text } from '../i18n'
import { readProgram, type Program } from '../formula'

/** The types of fields; the server's registry is the reference. */
export type FieldType =
  | 'text'
  | 'longtext'
  | 'number'
  | 'percent'
  | 'currency'
  | 'select'
  | 'multiselect'
  | 'date'
  | 'datetime'
  | 'switch'
  | 'phone'
  | 'email'
  | 'url'
  | 'user'
  | 'department'
  | 'relation'
  | 'file'
  | 'image'
  | 'table'
  | 'serial'
  | 'formula'
  | 'lookup'
  | 'rollup'

export type Option = { value: string; title: Text; color?: string; hidden?: boolean }

/** The form that a relation points to. */
export type Target = {
  form: string
  title: Text
  icon?: string
  titleField?: string
  readable: boolean
  creatable: boolean
}

/** What a property of a schema may say beside x-field. */
export type Limits = {
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  minItems?: number
  maxItems?: number
  pattern?: string
}

export type FieldModel = {
  key: string
  type: FieldType
  /** The type of the values: for a computed field that of its result. */
  as: FieldType
  title: Text
  help: Text
  placeholder: Text
  /** Every record must have it; rules and transitions may ask for more. */
  required: boolean
  /** Kept, but shown nowhere. */
  hidden: boolean
  /** Written by the engine only. */
  computed: boolean
  /** What the caller may do with it. A masked value reads as a few letters. */
  access: 'write' | 'read' | 'masked'
  /** People may write it here: it is neither computed nor read-only, for this caller. */
  writable: boolean
  /** It holds the form's stage, which transitions change. */
  stage: boolean
  unique: boolean
  options: readonly Option[]
  scale?: number
  unit?: Text
  currency?: string
  format?: string
  target?: Target
  /** Columns of a sub-table. */
  columns: readonly FieldModel[]
  /** Those of them that can be computed here, each after those that it reads. */
  cells: readonly FieldModel[]
  maxRows: number
  maxSize?: number
  accept: readonly string[]
  /** Constant default, and the expression of one that is computed. */
  default?: unknown
  defaultBy?: Program
  /** Of a formula; undefined where only the server can compute it. */
  formula?: Program
  /** The relation, user or department field that a lookup follows. */
  via?: string
  limits: Limits
}

export type SectionModel = {
  key: string
  title: Text
  columns: number
  fields: readonly FieldModel[]
  visible?: Program
}

export type RuleModel = {
  key: string
  when?: Program
  /** Fields that the rule depends on, the required ones among them. */
  reads: ReadonlySet<string>
  require: readonly string[]
  refuse: Text
  at?: string
  warn: boolean
}

export type State = {
  key: string
  title: Text
  color?: string
  category: 'open' | 'done' | 'failed'
  percent?: number
  hidden?: boolean
}

export type Move = {
  key: string
  title: Text
  from: readonly string[]
  to: string
  require: readonly string[]
  guard?: Program
  refuse: Text
  allowed: boolean
  reason?: string
}

export type StagesModel = {
  field: string
  initial: string
  /** The field that says since when a record has been in its stage. */
  since?: string
  /** The field with the last day within the stage's limit. */
  due?: string
  states: readonly State[]
  transitions: readonly Move[]
}

export type FormModel = {
  key: string
  /** app.form */
  form: string
  title: Text
  description: Text
  icon?: string
  titleField?: string
  owner: string
  fields: readonly FieldModel[]
  field(key: string): FieldModel | undefined
  /** In the order shown; fields that no section names come last, in a section with the key ''. */
  sections: readonly SectionModel[]
  rules: readonly RuleModel[]
  stages?: StagesModel
  searchable: boolean
  can(action: Action): boolean
  /** Formulas that can be computed here, each after those that it reads. */
  formulas: readonly FieldModel[]
  /** Sub-tables with columns that can be computed here. */
  tables: readonly FieldModel[]
  schema: JsonObject
}

export type Action = 'read' | 'create' | 'update' | 'delete' | 'transition' | 'set-stage' | 'export' | 'import'
export type JsonObject = { [key: string]: unknown }

const computedTypes = new Set<string>(['serial', 'formula', 'lookup', 'rollup'])
export const defaultRows = 500

type Property = Limits & { 'x-field'?: JsonObject; type?: string; format?: string; items?: unknown }

const models = new WeakMap<object, FormModel>()

/** A form as widgets, states and designers read it. The same entry gives the same model. */
export function formModel(entry: FormEntry): FormModel {
  let m = models.get(entry)
  if (!m) {
    m = build(entry)
    models.set(entry, m)
  }
  return m
}

function build(entry: FormEntry): FormModel {
  const programs = (entry.programs ?? {}) as { [pointer: string]: unknown }
  const schema = (entry.schema ?? {}) as JsonObject
  const stages = stagesOf(entry, programs)
  const fields = fieldsOf(schema, (key, f) => complete(f, entry, key, programs, stages))
  const byKey = new Map(fields.map((f) => [f.key, f]))
  const actions = new Set<string>(entry.actions)
  return {
    key: entry.key,
    form: entry.form,
    title: entry.title as Text,
    description: entry.description as Text,
    icon: entry.icon,
    titleField: entry.titleField,
    owner: entry.owner,
    fields,
    field: (key) => byKey.get(key),
    sections: sectionsOf(entry, programs, fields, byKey),
    rules: rulesOf(entry, programs),
    stages,
    searchable: entry.searchable,
    can: (action) => actions.has(action),
    formulas: inOrder(fields),
    tables: fields.filter((f) => f.cells.length > 0),
    schema,
  }
}

/** The fields of a schema, or the columns of a sub-table's rows. */
function fieldsOf(schema: JsonObject, finish: (key: string, f: FieldModel) => void): FieldModel[] {
  const required = new Set((schema.required as string[] | undefined) ?? [])
  const properties = (schema.properties ?? {}) as { [key: string]: Property }
  const out: FieldModel[] = []
  for (const [key, p] of Object.entries(properties)) {
    if (key === '_id') continue
    const f = fieldOf(key, p, required.has(key))
    finish(key, f)
    out.push(f)
  }
  return out
}

function fieldOf(key: string, p: Property, required: boolean): FieldModel {
  const x = (p['x-field'] ?? {}) as JsonObject
  const type = (x.type as FieldType | undefined) ?? guess(p)
  const computed = computedTypes.has(type)
  const constant = x.default !== undefined && !isExpr(x.default) ? x.default : undefined
  return {
    key,
    type,
    as: type,
    title: (x.title as Text) ?? key,
    help: x.help as Text,
    placeholder: x.placeholder as Text,
    required: required && !computed,
    hidden: x.hidden === true,
    computed,
    access: 'write',
    writable: !computed && x.readOnly !== true,
    stage: false,
    unique: x.unique === true,
    options: (x.options as Option[] | undefined) ?? [],
    scale: (x.scale as number | undefined) ?? (p.type === 'integer' ? 0 : undefined),
    unit: x.unit as Text,
    currency: x.currency as string | undefined,
    format: x.format as string | undefined,
    columns: type === 'table' ? fieldsOf((p.items ?? {}) as JsonObject, () => undefined) : [],
    cells: [],
    maxRows: (x.maxRows as number | undefined) ?? defaultRows,
    maxSize: x.maxSize as number | undefined,
    accept: type === 'image' ? ['image/*'] : ((x.accept as string[] | undefined) ?? []),
    default: constant,
    via: x.via as string | undefined,
    limits: p,
  }
}

function isExpr(v: unknown): boolean {
  return typeof v === 'object' && v !== null && !Array.isArray(v) && 'expr' in v
}

/** The columns of a sub-table may be plain JSON Schema. */
function guess(p: Property): FieldType {
  if (p.type === 'number' || p.type === 'integer') return 'number'
  if (p.type === 'boolean') return 'switch'
  if (p.format === 'date') return 'date'
  if (p.format === 'date-time') return 'datetime'
  return p.format === 'email' ? 'email' : 'text'
}

/** What a field, or a column as `lines.product`, holds: the form that a relation points to, the type of a result. */
function held(f: FieldModel, entry: FormEntry, name: string): void {
  if (entry.targets && Object.hasOwn(entry.targets, name)) f.target = entry.targets[name] as Target
  const result = entry.results && Object.hasOwn(entry.results, name) ? entry.results[name] : undefined
  if (result) {
    f.as = result.type
    f.scale = result.scale ?? f.scale
    f.unit = (result.unit as Text) ?? f.unit
    f.currency = result.currency ?? f.currency
    f.options = (result.options as Option[] | undefined) ?? f.options
  } else if (f.computed && f.type !== 'serial') {
    f.as = 'text'
  }
}

/** Fills in what stands beside the schema in a form's entry. */
function complete(
  f: FieldModel,
  entry: FormEntry,
  key: string,
  programs: JsonObject,
  stages: StagesModel | undefined,
): void {
  const at = `/schema/properties/${key}/x-field`
  f.formula = readProgram(programs[`${at}/expr`])
  f.defaultBy = readProgram(programs[`${at}/default/expr`])
  const access = entry.access && Object.hasOwn(entry.access, key) ? entry.access[key] : undefined
  if (access) {
    f.access = access
    f.writable = false
  }
  held(f, entry, key)
  for (const c of f.columns) {
    c.formula = readProgram(programs[`/schema/properties/${key}/items/properties/${c.key}/x-field/expr`])
    held(c, entry, `${key}.${c.key}`)
  }
  f.cells = inOrder(f.columns)
  if (stages?.field === key) {
    f.stage = true
    if (f.options.length === 0)
      f.options = stages.states.map((s) => ({ value: s.key, title: s.title, color: s.color, hidden: s.hidden }))
  }
}

function stagesOf(entry: FormEntry, programs: JsonObject): StagesModel | undefined {
  const s = entry.stages as
    | {
        field: string
        initial: string
        since?: string
        due?: string
        states: (Partial<State> & { key: string })[]
        transitions: (Partial<Move> & { key: string; from: string[]; to: string })[]
      }
    | undefined
  if (!s) return undefined
  return {
    field: s.field,
    initial: s.initial,
    since: s.since,
    due: s.due,
    states: s.states.map((x) => ({ ...x, title: x.title ?? x.key, category: x.category ?? 'open' })),
    transitions: s.transitions.map((m, i) => ({
      key: m.key,
      title: m.title ?? m.key,
      from: m.from,
      to: m.to,
      require: m.require ?? [],
      guard: readProgram(programs[`/stages/transitions/${i}/guard/expr`]),
      refuse: m.refuse,
      allowed: m.allowed !== false,
      reason: m.reason,
    })),
  }
}

function sectionsOf(
  entry: FormEntry,
  programs: JsonObject,
  fields: FieldModel[],
  byKey: Map<string, FieldModel>,
): SectionModel[] {
  const placed = new Set<string>()
  const out = ((entry.layout ?? []) as { key: string; section?: Text; columns?: number; fields: string[] }[]).map(
    (s, i): SectionModel => {
      const own = s.fields.filter((k) => !placed.has(k)).flatMap((k) => byKey.get(k) ?? [])
      s.fields.forEach((k) => placed.add(k))
      return {
        key: s.key,
        title: s.section,
        columns: Math.min(Math.max(s.columns ?? 1, 1), 6),
        fields: own.filter((f) => !f.hidden),
        visible: readProgram(programs[`/layout/${i}/visible/expr`]),
      }
    },
  )
  const rest = fields.filter((f) => !placed.has(f.key) && !f.hidden)
  if (rest.length > 0) out.push({ key: '', title: undefined, columns: out.length > 0 ? 2 : 1, fields: rest })
  return out
}

function rulesOf(entry: FormEntry, programs: JsonObject): RuleModel[] {
  const rules = (entry.rules ?? []) as { key: string; require?: string[]; refuse?: Text; at?: string; warn?: boolean }[]
  return rules.map((r, i) => {
    const when = readProgram(programs[`/rules/${i}/when/expr`])
    const reads = new Set([...(r.require ?? []), ...(when?.deps ?? []).map((d) => d[0] ?? '')])
    return { key: r.key, when, reads, require: r.require ?? [], refuse: r.refuse, at: r.at, warn: r.warn === true }
  })
}

/** Formulas after those that they read; the server has refused cycles, so what is left over is left out. */
function inOrder(fields: readonly FieldModel[]): FieldModel[] {
  const todo = new Map(fields.filter((f) => f.formula).map((f) => [f.key, f]))
  const out: FieldModel[] = []
  const place = (f: FieldModel) => {
    todo.delete(f.key)
    for (const d of f.formula?.deps ?? []) {
      const before = todo.get(d[0] ?? '')
      if (before) place(before)
    }
    out.push(f)
  }
  for (const f of fields) if (todo.has(f.key)) place(f)
  return out
}
