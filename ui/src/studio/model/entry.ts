import type { FormEntry } from '@/shared/api'
import { formNamed } from '../context'
import type { InfoContext } from './infos'
import { fieldInfos } from './infos'
import type { FormDef, Property } from './types'

type Programs = NonNullable<FormEntry['programs']>

/** Pointers of the expressions of a form, in the way in which its entry names its programs. */
function* expressions(d: FormDef): Generator<[pointer: string, text: string]> {
  for (const [key, p] of Object.entries(d.schema.properties)) {
    const x = p['x-field']
    if (x?.expr) yield [`/schema/properties/${key}/x-field/expr`, x.expr]
    for (const [column, c] of Object.entries(p.items?.properties ?? {}))
      if (c['x-field']?.expr)
        yield [`/schema/properties/${key}/items/properties/${column}/x-field/expr`, c['x-field'].expr]
    const v = x?.default
    if (typeof v === 'object' && v && !Array.isArray(v) && typeof v.expr === 'string')
      yield [`/schema/properties/${key}/x-field/default/expr`, v.expr]
  }
  for (const [i, s] of (d.layout ?? []).entries()) if (s.visible) yield [`/layout/${i}/visible/expr`, s.visible.expr]
  for (const [i, r] of (d.rules ?? []).entries()) yield [`/rules/${i}/when/expr`, r.when.expr]
}

/**
 * A form being edited as the renderer takes it. Expressions are checked and compiled by the server: those that one of the
 * `known` entries holds, by their text, are computed here; the others stay quiet until it has seen them. The first entry
 * that knows something counts: the drafts as they were saved last, then what is published.
 */
export function entryOf(d: FormDef, c: InfoContext, ...known: (FormEntry | undefined)[]): FormEntry {
  const programs: Programs = {}
  for (const [pointer, text] of expressions(d)) {
    const p = programOf(pointer, text, known)
    if (p) programs[pointer] = p
  }
  const resultOf = (name: string) => known.find((k) => k?.results && Object.hasOwn(k.results, name))?.results?.[name]
  const infos = new Map(fieldInfos({ properties: d.schema.properties, stages: d.stages }, c).map((f) => [f.key, f]))
  const properties: { [key: string]: Property } = {}
  const results: { [key: string]: unknown } = {}
  const targets: { [key: string]: unknown } = {}
  for (const [key, p] of Object.entries(d.schema.properties)) {
    const x = p['x-field']
    const info = infos.get(key)
    properties[key] = x?.optionSet ? { ...p, 'x-field': { ...x, options: [...(info?.options ?? [])] } } : p
    for (const column of Object.keys(p.items?.properties ?? {})) {
      const result = resultOf(`${key}.${column}`)
      if (result) results[`${key}.${column}`] = result
    }
    if (x && ['formula', 'lookup', 'rollup'].includes(x.type))
      results[key] = resultOf(key) ?? {
        type: info?.as ?? 'text',
        scale: x.scale,
        unit: x.unit,
        currency: x.currency,
        options: info?.options,
      }
    const form = formNamed(c.forms, c.app, info?.target)
    if (form)
      targets[key] = {
        form: form.name,
        title: form.title,
        titleField: form.titleField,
        readable: true,
        creatable: false,
      }
  }
  return {
    key: d.key,
    form: `${c.app}.${d.key}`,
    title: d.title ?? d.key,
    description: d.description,
    icon: d.icon,
    titleField: d.titleField,
    owner: 'createdBy',
    schema: { ...d.schema, properties },
    layout: d.layout,
    rules: d.rules,
    stages: d.stages,
    actions: ['read', 'create', 'update', 'delete', 'transition', 'set-stage', 'export', 'import'],
    searchable: true,
    results,
    targets,
    programs,
  } as unknown as FormEntry
}

/** The compiled form of an expression: where it stands, else wherever the same text does. */
function programOf(pointer: string, text: string, known: readonly (FormEntry | undefined)[]) {
  const says = (p: unknown) => (p as { src?: string } | undefined)?.src === text
  for (const k of known) {
    const programs = k?.programs ?? {}
    if (says(programs[pointer])) return programs[pointer]
    const same = Object.values(programs).find(says)
    if (same) return same
  }
  return undefined
}
