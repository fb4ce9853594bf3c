import type { Format } from '@/shared/format'
import type { Text } from '@/shared/i18n'
import type { FieldModel } from '@/shared/schema'

/** Field -> id -> name, as the server sends them beside records. */
export type Labels = { [field: string]: { [id: string]: string } }

export type CellContext = { text: (t: Text) => string; format: Format; labels?: Labels; yes: string; no: string }

/** A value as one line of text; '' where there is none. */
export function cellText(field: FieldModel, value: unknown, c: CellContext): string {
  if (value === undefined || value === null || value === '') return ''
  switch (field.as) {
    case 'number':
      return typeof value === 'number' ? c.format.number(value, field.scale) + unit(field, c) : String(value)
    case 'percent':
      return typeof value === 'number' ? c.format.percent(value, field.scale) : String(value)
    case 'currency':
      return typeof value === 'number' ? c.format.money(value, field.currency) : String(value)
    case 'select':
      return optionText(field, String(value), c)
    case 'multiselect':
      return Array.isArray(value) ? value.map((v) => optionText(field, String(v), c)).join(' · ') : String(value)
    case 'date':
      return c.format.dayNear(String(value))
    case 'datetime':
      return c.format.ago(String(value))
    case 'switch':
      return value === true ? c.yes : c.no
    case 'user':
    case 'department':
    case 'relation':
      return names(c.labels?.[field.key], value)
    case 'file':
    case 'image':
    case 'table':
      return Array.isArray(value) ? String(value.length) : ''
    default:
      return String(value)
  }
}

function unit(field: FieldModel, c: CellContext): string {
  const u = c.text(field.unit)
  return u ? ` ${u}` : ''
}

function names(labels: { [id: string]: string } | undefined, value: unknown): string {
  const ids = Array.isArray(value) ? value : [value]
  return ids.flatMap((id) => labels?.[String(id)] ?? []).join(' · ')
}

function optionText(field: FieldModel, value: string, c: CellContext): string {
  const option = field.options.find((o) => o.value === value)
  return option ? c.text(option.title ?? option.value) : value
}
