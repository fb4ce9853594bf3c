import type { Text } from '@/shared/i18n'
import { isObject, type Json } from './json'
import { tokens } from './names'
import type { Definition } from './types'

/** A definition that names a field, and where. */
export type Use = { kind: string; key: string; title: Text; pointers: string[] }

const path = (s: string, field: string) => s.replace(/^-/, '').split('.').includes(field)
const reads = (expr: string, field: string) =>
  tokens(expr).some((t) => (t.kind === 'name' || t.kind === 'member') && t.text === field)

function find(v: Json, field: string, at: string, out: string[], inExpr: boolean) {
  if (typeof v === 'string') {
    if (inExpr ? reads(v, field) : path(v, field)) out.push(at)
  } else if (Array.isArray(v)) v.forEach((x, i) => find(x, field, `${at}/${i}`, out, false))
  else if (isObject(v))
    for (const [k, x] of Object.entries(v)) {
      if (texts.has(k)) continue
      find(x, field, `${at}/${k}`, out, k === 'expr')
    }
}

/** Members that hold what people read, or what is no field. */
const texts = new Set([
  'title',
  'titles',
  'description',
  'help',
  'placeholder',
  'section',
  'refuse',
  'kind',
  'key',
  'type',
  'icon',
  'color',
  'options',
  'value',
  'to',
  'from',
  'as',
  'form',
  'op',
  'fn',
  'unit',
  'roles',
])

/** Which definitions of the app name a field of a form: itself, its views, cards, rights, forms that point to it. */
export function usesOf(app: string, form: string, field: string, all: readonly Definition[]): Use[] {
  const names = new Set([form, `${app}.${form}`])
  const out: Use[] = []
  const add = (d: Definition, pointers: string[]) => {
    if (pointers.length > 0) out.push({ kind: d.kind, key: d.key, title: d.title, pointers })
  }
  for (const d of all) {
    const pointers: string[] = []
    const value = d as unknown as { [key: string]: Json }
    if (d.kind === 'form') {
      const properties = d.schema.properties
      if (d.key === form) {
        for (const [key, p] of Object.entries(properties)) {
          const x = p['x-field']
          if (key === field || !x) continue
          if (x.via === field || (x.expr && reads(x.expr, field))) pointers.push(`/schema/properties/${key}`)
          else if (isObject(x.default as Json) && reads(String((x.default as { expr?: string }).expr ?? ''), field))
            pointers.push(`/schema/properties/${key}`)
        }
        for (const part of ['rules', 'unique', 'stages'] as const)
          if (value[part]) find(value[part], field, `/${part}`, pointers, false)
        for (const [i, s] of (d.layout ?? []).entries())
          if (s.visible && reads(s.visible.expr, field)) pointers.push(`/layout/${i}/visible`)
        if (d.titleField === field) pointers.push('/titleField')
      } else {
        for (const [key, p] of Object.entries(properties)) {
          const x = p['x-field']
          const through = x?.via ? properties[x.via]?.['x-field']?.form : undefined
          if (x?.type === 'lookup' && x.field === field && through && names.has(through))
            pointers.push(`/schema/properties/${key}`)
          if (x?.type === 'rollup' && x.form && names.has(x.form)) {
            const inside: string[] = []
            find(
              { link: x.link ?? null, field: x.field ?? null, filter: (x.filter ?? null) as Json },
              field,
              '',
              inside,
              false,
            )
            if (inside.length > 0) pointers.push(`/schema/properties/${key}`)
          }
        }
      }
    } else if (d.kind === 'view' && names.has(d.form)) find(value, field, '', pointers, false)
    else if (d.kind === 'dashboard')
      d.cards.forEach((c, i) => names.has(c.form) && find(c as unknown as Json, field, `/cards/${i}`, pointers, false))
    else if (d.kind === 'role')
      d.forms?.forEach((f, i) => names.has(f.form) && find(f as unknown as Json, field, `/forms/${i}`, pointers, false))
    else if (d.kind === 'automation' && d.form && names.has(d.form)) find(value, field, '', pointers, false)
    add(d, pointers)
  }
  return out
}
