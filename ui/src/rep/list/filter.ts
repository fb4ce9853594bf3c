import type { Schemas } from '@/shared/api'
import type { FieldModel, FormModel } from '@/shared/schema'

export type Filter = Schemas['Filter']

/** What was chosen in the sheet: options, periods, "me", on or off; by field. */
export type Chosen = { [field: string]: Choice }
export type Choice =
  { op: 'in'; values: string[] } | { op: 'me' } | { op: 'within'; period: string } | { op: 'is'; on: boolean }

export const periods = [
  'today',
  'this-week',
  'last-week',
  'this-month',
  'last-month',
  'next-week',
  'next-month',
  'this-year',
] as const

/** Fields that people narrow a list by on a phone: people, options, dates, switches. */
export function filterFields(model: FormModel, scoped: readonly string[] = []): FieldModel[] {
  const able = model.fields.filter(
    (f) => !f.hidden && ['select', 'user', 'date', 'datetime', 'switch', 'multiselect'].includes(f.as),
  )
  const first = scoped.flatMap((k) => able.find((f) => f.key === k) ?? [])
  const stage = able.filter((f) => f.stage && !first.includes(f))
  const rest = able.filter((f) => !first.includes(f) && !stage.includes(f))
  return [...first, ...stage, ...rest].slice(0, 8)
}

/** The view's filter, what was chosen, and what the address brought, all of them. */
export function filterOf(
  model: FormModel,
  view: Filter | undefined,
  chosen: Chosen,
  given?: string | null,
): Filter | undefined {
  const parts: Filter[] = []
  if (view && Object.keys(view).length > 0) parts.push(view)
  for (const [field, c] of Object.entries(chosen)) parts.push(leafOf(model, field, c))
  if (given) {
    try {
      parts.push(JSON.parse(given) as Filter)
    } catch {
      // an address that was cut short narrows nothing
    }
  }
  if (parts.length < 2) return parts[0]
  return { and: parts } as Filter
}

function leafOf(model: FormModel, field: string, c: Choice): Filter {
  switch (c.op) {
    case 'in':
      return { field, op: model.field(field)?.as === 'multiselect' ? 'hasAny' : 'in', value: c.values } as Filter
    case 'me':
      return { field, op: 'eq', value: { expr: 'user.id' } } as Filter
    case 'within':
      return { field, op: 'within', value: c.period } as Filter
    case 'is':
      return { field, op: c.on ? 'eq' : 'ne', value: true } as Filter
  }
}
