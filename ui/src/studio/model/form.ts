import type { FieldType } from '@/shared/schema'
import type { Text } from '@/shared/i18n'
import { renameIn } from './names'
import { moved, patched, replaced, some } from './json'
import { hyphenKey, unlike } from './keys'
import type { FormDef, Property, Rule, Section, Stages, XField } from './types'

/**
 * Edits of a form definition. Each takes a definition and gives the next one; what it does not touch stays the same
 * object, so that screens and the history of edits cost little.
 */

/** Where a field stands: a section by its key ('' for fields that no section names) and the place in it. */
export type Place = { section: string; index: number }

export const properties = (d: FormDef) => d.schema.properties
export const fieldKeys = (d: FormDef): string[] => Object.keys(d.schema.properties)
export const xField = (d: FormDef, key: string): XField | undefined => d.schema.properties[key]?.['x-field']
export const typeOf = (d: FormDef, key: string): FieldType | undefined => xField(d, key)?.type
export const isRequired = (d: FormDef, key: string) => d.schema.required?.includes(key) ?? false

/** The sections as a reader sees them, hidden fields too; what no section names comes last, under ''. */
export function outline(d: FormDef): { key: string; section: Text; fields: string[] }[] {
  const placed = new Set<string>()
  const out = (d.layout ?? []).map((s) => {
    const fields = s.fields.filter((k) => d.schema.properties[k] && !placed.has(k))
    fields.forEach((k) => placed.add(k))
    return { key: s.key, section: s.section, fields }
  })
  const rest = fieldKeys(d).filter((k) => !placed.has(k))
  if (rest.length > 0 || out.length === 0) out.push({ key: '', section: '', fields: rest })
  return out
}

export function placeOf(d: FormDef, key: string): Place {
  for (const s of outline(d)) {
    const index = s.fields.indexOf(key)
    if (index >= 0) return { section: s.key, index }
  }
  return { section: '', index: 0 }
}

const withProperties = (d: FormDef, p: { [key: string]: Property }): FormDef => ({
  ...d,
  schema: { ...d.schema, properties: p },
})

/** Takes a key out of every section. */
const unplace = (d: FormDef, key: string): FormDef =>
  d.layout?.some((s) => s.fields.includes(key))
    ? { ...d, layout: d.layout.map((s) => ({ ...s, fields: s.fields.filter((k) => k !== key) })) }
    : d

/** Puts a key into a section; under '' the order of the properties is the order. */
function place(d: FormDef, key: string, to: Place): FormDef {
  if (d.layout?.some((s) => s.key === to.section)) {
    const layout = d.layout.map((s) =>
      s.key === to.section ? { ...s, fields: [...s.fields.slice(0, to.index), key, ...s.fields.slice(to.index)] } : s,
    )
    return { ...d, layout }
  }
  const rest = (outline(d).find((s) => s.key === '')?.fields ?? []).filter((k) => k !== key)
  const before = rest[to.index]
  const entries = Object.entries(d.schema.properties).filter(([k]) => k !== key)
  const own = d.schema.properties[key]
  if (!own) return d
  const i = before === undefined ? entries.length : entries.findIndex(([k]) => k === before)
  entries.splice(i, 0, [key, own])
  return withProperties(d, Object.fromEntries(entries))
}

export function addField(d: FormDef, key: string, property: Property, to?: Place): FormDef {
  const next = withProperties(d, { ...d.schema.properties, [key]: property })
  const last = d.layout?.at(-1)
  const where = to ?? (last ? { section: last.key, index: last.fields.length } : undefined)
  const placed = where ? place(next, key, where) : next
  return !d.titleField && property['x-field']?.type === 'text' && fieldKeys(d).length === 0
    ? { ...placed, titleField: key }
    : placed
}

/** Moves a field; `to.index` is its place once it has left the old one. */
export function moveField(d: FormDef, key: string, to: Place): FormDef {
  const from = placeOf(d, key)
  if (from.section === to.section && from.index === to.index) return d
  return place(unplace(d, key), key, to)
}

/** One step up or down, into the next section at the ends. Gives the same form where there is no way. */
export function stepField(d: FormDef, key: string, by: -1 | 1): FormDef {
  const all = outline(d)
  const { section, index } = placeOf(d, key)
  const i = all.findIndex((s) => s.key === section)
  const here = all[i]
  if (!here) return d
  if (index + by >= 0 && index + by < here.fields.length) return moveField(d, key, { section, index: index + by })
  const next = all[i + by]
  return next ? moveField(d, key, { section: next.key, index: by < 0 ? next.fields.length : 0 }) : d
}

export const updateProperty = (d: FormDef, key: string, patch: { [K in keyof Property]?: Property[K] }): FormDef => {
  const p = d.schema.properties[key]
  return p ? withProperties(d, { ...d.schema.properties, [key]: patched(p, patch) }) : d
}

export const updateField = (d: FormDef, key: string, patch: { [K in keyof XField]?: XField[K] }): FormDef => {
  const x = xField(d, key)
  return x ? updateProperty(d, key, { 'x-field': patched(x, patch) }) : d
}

export function setRequired(d: FormDef, key: string, required: boolean): FormDef {
  const rest = (d.schema.required ?? []).filter((k) => k !== key)
  return { ...d, schema: patched(d.schema, { required: some(required ? [...rest, key] : rest) }) }
}

/** Removes a field and what names it without an expression. Expressions stay: publishing says where they are. */
export function removeField(d: FormDef, key: string): FormDef {
  const { [key]: gone, ...rest } = d.schema.properties
  if (!gone) return d
  const without = (list: string[] | undefined) => some((list ?? []).filter((k) => k !== key))
  const next = setRequired(withProperties(unplace(d, key), rest), key, false)
  const rules = d.rules
    ?.map((r): Rule => patched(r, { require: without(r.require), at: r.at === key ? undefined : r.at }))
    .filter((r) => r.require || r.refuse)
  const stages: Stages | undefined =
    d.stages?.field === key
      ? undefined
      : d.stages && {
          ...d.stages,
          transitions: d.stages.transitions.map((t) => patched(t, { require: without(t.require) })),
        }
  return patched(next, {
    titleField: d.titleField === key ? undefined : d.titleField,
    rules: some(rules),
    stages,
    unique: some(
      d.unique?.map((u) => ({ ...u, fields: u.fields.filter((k) => k !== key) })).filter((u) => u.fields.length > 0),
    ),
    indexes: some(
      d.indexes
        ?.map((x) =>
          patched(x, { fields: x.fields.filter((k) => k.replace(/^-/, '') !== key), include: without(x.include) }),
        )
        .filter((x) => x.fields.length > 0),
    ),
  })
}

/** Another field like it, right behind it. */
export function duplicateField(d: FormDef, key: string): { form: FormDef; key: string } {
  const p = d.schema.properties[key]
  const next = unlike(key.replace(/\d+$/, '') || key, new Set(fieldKeys(d)))
  if (!p) return { form: d, key }
  const { section, index } = placeOf(d, key)
  const copy = structuredClone(p)
  if (copy['x-field']) delete copy['x-field'].unique
  return { form: addField(d, next, copy, { section, index: index + 1 }), key: next }
}

/** Gives a field that was never published another key, everywhere in this form. */
export function renameField(d: FormDef, from: string, to: string): FormDef {
  if (from === to || !d.schema.properties[from] || d.schema.properties[to]) return d
  const key = (k: string) => (k === from ? to : k)
  const keys = (list: string[] | undefined) => list?.map(key)
  const expr = <T extends { expr: string } | undefined>(e: T): T => (e ? { ...e, expr: renameIn(e.expr, from, to) } : e)
  const field = (p: Property): Property => {
    const x = p['x-field']
    if (!x) return p
    const own: { [K in keyof XField]?: XField[K] } = {}
    if (x.expr) own.expr = renameIn(x.expr, from, to)
    if (x.via === from) own.via = to
    const def = x.default
    if (typeof def === 'object' && def && !Array.isArray(def) && typeof def.expr === 'string')
      own.default = { expr: renameIn(def.expr, from, to) }
    return Object.keys(own).length > 0 ? { ...p, 'x-field': patched(x, own) } : p
  }
  const entries = Object.entries(d.schema.properties).map(([k, p]) => [key(k), field(p)] as const)
  return patched(
    { ...d, schema: patched(d.schema, { properties: Object.fromEntries(entries), required: keys(d.schema.required) }) },
    {
      titleField: d.titleField && key(d.titleField),
      layout: d.layout?.map((s) => patched(s, { fields: s.fields.map(key), visible: expr(s.visible) })),
      rules: d.rules?.map((r) => patched(r, { when: expr(r.when), require: keys(r.require), at: r.at && key(r.at) })),
      stages: d.stages && {
        ...d.stages,
        field: key(d.stages.field),
        transitions: d.stages.transitions.map((t) => patched(t, { require: keys(t.require), guard: expr(t.guard) })),
      },
      unique: d.unique?.map((u) => ({ ...u, fields: u.fields.map(key) })),
      indexes: d.indexes?.map((x) =>
        patched(x, {
          fields: x.fields.map((k) => (k.startsWith('-') ? `-${key(k.slice(1))}` : key(k))),
          include: keys(x.include),
        }),
      ),
    },
  )
}

/** A new section at the end, or behind another. The first one takes in every field that there is. */
export function addSection(d: FormDef, section: Text, behind?: string): { form: FormDef; key: string } {
  const layout = d.layout ?? []
  const key = hyphenKey(section, 'section', new Set(layout.map((s) => s.key)))
  const one: Section = { key, section, columns: 2, fields: layout.length === 0 ? fieldKeys(d) : [] }
  const i = behind === undefined ? layout.length : layout.findIndex((s) => s.key === behind) + 1
  return { form: { ...d, layout: [...layout.slice(0, i), one, ...layout.slice(i)] }, key }
}

export const updateSection = (d: FormDef, key: string, patch: { [K in keyof Section]?: Section[K] }): FormDef => ({
  ...d,
  layout: d.layout?.map((s) => (s.key === key ? patched(s, patch) : s)),
})

/** Removes a section; its fields go to the one before it, or the one after it. */
export function removeSection(d: FormDef, key: string): FormDef {
  const layout = d.layout ?? []
  const i = layout.findIndex((s) => s.key === key)
  const gone = layout[i]
  if (!gone) return d
  const rest = layout.filter((s) => s !== gone)
  const heir = Math.max(i - 1, 0)
  const next = rest.map((s, j) =>
    j === heir ? { ...s, fields: i > 0 ? [...s.fields, ...gone.fields] : [...gone.fields, ...s.fields] } : s,
  )
  return patched(d, { layout: some(next) })
}

export function moveSection(d: FormDef, key: string, by: -1 | 1): FormDef {
  const layout = d.layout ?? []
  const i = layout.findIndex((s) => s.key === key)
  return i < 0 || !layout[i + by] ? d : { ...d, layout: moved(layout, i, i + by) }
}

export function addRule(d: FormDef, rule: Omit<Rule, 'key'>): { form: FormDef; key: string } {
  const key = unlike('rule', new Set(d.rules?.map((r) => r.key)), '-')
  return { form: { ...d, rules: [...(d.rules ?? []), { key, ...rule }] }, key }
}

export function updateRule(d: FormDef, key: string, patch: { [K in keyof Rule]?: Rule[K] }): FormDef {
  const i = d.rules?.findIndex((r) => r.key === key) ?? -1
  const r = d.rules?.[i]
  return r ? { ...d, rules: replaced(d.rules ?? [], i, patched(r, patch)) } : d
}

export const removeRule = (d: FormDef, key: string): FormDef =>
  patched(d, { rules: some(d.rules?.filter((r) => r.key !== key)) })

/** A form with nothing in it but the field that names a record. */
export const newForm = (key: string, title: Text, name: Text, section: Text): FormDef => ({
  kind: 'form',
  key,
  title,
  titleField: 'name',
  icon: 'table',
  schema: {
    type: 'object',
    required: ['name'],
    properties: { name: { maxLength: 120, 'x-field': { type: 'text', title: name, search: true } } },
  },
  layout: [{ key: 'basics', section, columns: 2, fields: ['name'] }],
})
