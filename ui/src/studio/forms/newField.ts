import type { FieldType } from '@/shared/schema'
import { typeInfo } from '../model/fieldTypes'
import { addField, fieldKeys, type Place } from '../model/form'
import { unlike } from '../model/keys'
import { bothLanguages, typeTitle } from '../model/starts'
import type { FormDef, Property, XField } from '../model/types'

/** A new field of a type, named by it until somebody gives it a better name. */
export function fieldOfType(type: FieldType, currency: string): Property {
  const { x, ...more } = typeInfo(type)?.start ?? {}
  const settings: XField = { type, title: typeTitle(type), ...x }
  if (type === 'currency') settings.currency = currency
  if (type === 'select' || type === 'multiselect')
    settings.options = [1, 2, 3].map((n) => ({
      value: `option-${n}`,
      title: bothLanguages('option', n),
      color: ['blue', 'green', 'orange'][n - 1],
    }))
  const property: Property = { ...more, 'x-field': settings }
  if (type === 'table')
    property.items = {
      type: 'object',
      properties: { name: { 'x-field': { type: 'text', title: bothLanguages('name') } } },
    }
  return property
}

export function withNewField(
  d: FormDef,
  type: FieldType,
  currency: string,
  to?: Place,
): { form: FormDef; key: string } {
  const key = unlike(type, new Set(fieldKeys(d)))
  return { form: addField(d, key, fieldOfType(type, currency), to), key }
}
