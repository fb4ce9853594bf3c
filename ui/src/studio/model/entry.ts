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
    const v = x?.default
    if (typeof v === 'object' && v && !Array.isArray(v) && typeof v.expr === 'string')
      yield [`/schema/properties/${key}/x-field/default/expr`, v.expr]
  }
  for (const [i, s] of (d.layout ?? []).entries()) if (s.visible) yield [`/layout/${i}/visible/expr`, s.visible.expr]
  for (const [i, r] of (d.rules ?? []).entries()) yield [`/rules/${i}/when/expr`, r.when.expr]
}

/**
 * A form being edited as the renderer takes it. Expressions are checked by the server: those that it knows, by their
 * text, are computed here; the others stay quiet until it has seen them.
 */
export function entryOf(d: FormDef, c: InfoContext, known: FormEntry | undefined): FormEntry {
  const bySource = new Map(Object.values(known?.programs ?? {}).map((p) => [(p as unknown as { src: string }).src, p]))
  const programs: Programs = {}
  for (const [pointer, text] of expressions(d)) {
    const p = bySource.get(text)
    if (p) programs[pointer] = p
  }
  const infos = new Map(fieldInfos({ properties: d.schema.properties, stages: d.stages }, c).map((f) => [f.key, f]))
  const properties: { [key: string]: Property } = {}
  const results: { [key: string]: unknown } = {}
  const targets: { [key: string]: unknown } = {}
  for (const [key, p] of Object.entries(d.schema.properties)) {
    const x = p['x-field']
    const info = infos.get(key)
    properties[key] = x?.optionSet ? { ...p, 'x-field': { ...x, options: [...(info?.options ?? [])] } } : p
    if (x && ['formula', 'lookup', 'rollup'].includes(x.type))
      results[key] = known?.results?.[key] ?? {
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
