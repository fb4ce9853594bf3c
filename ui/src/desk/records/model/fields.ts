import type { FormEntry } from '@/shared/api'
import type { Text } from '@/shared/i18n'
import { formModel, type FieldModel, type FieldType, type Option } from '@/shared/schema'

/** A field, a path through a relation, or a column of the envelope, as lists show, filter, sort and sum it. */
export type ListField = {
  /** What queries call it. */
  key: string
  /** Titles along the path; those of the envelope are keys of this feature's texts. */
  titles: Text[]
  envelope?: boolean
  as: FieldType
  options: readonly Option[]
  model?: FieldModel
  /** The form whose records it holds. */
  target?: string
  /** A test may name it. */
  askable: boolean
  sortable: boolean
  /** Records carry a value to show: paths are only asked for. */
  shown: boolean
}

export type Fn = 'count' | 'sum' | 'avg' | 'min' | 'max' | 'distinct'

const sorts = new Set<FieldType>([
  'text',
  'select',
  'phone',
  'email',
  'url',
  'serial',
  'number',
  'percent',
  'currency',
  'date',
  'datetime',
  'switch',
])
const silent = new Set<FieldType>(['table', 'file', 'image'])
const numeric = new Set<FieldType>(['number', 'percent', 'currency'])
const lists = new Set<FieldType>(['multiselect', 'file', 'image', 'table'])

export const isNumeric = (f: ListField) => numeric.has(f.as)
export const isDate = (f: ListField) => f.as === 'date' || f.as === 'datetime'
export const isPlace = (f: ListField) => f.as === 'user' || f.as === 'department' || f.as === 'relation'

const envelope: [string, FieldType][] = [
  ['createdAt', 'datetime'],
  ['createdBy', 'user'],
  ['updatedAt', 'datetime'],
  ['updatedBy', 'user'],
]

const own = new WeakMap<FormEntry, Map<string, ListField>>()

/** All fields of a form that a list may show, in the form's order, the envelope after them. */
export function listFields(entry: FormEntry): Map<string, ListField> {
  const had = own.get(entry)
  if (had) return had
  const out = new Map<string, ListField>()
  const model = formModel(entry)
  for (const f of model.fields) if (!f.hidden) out.set(f.key, fromModel(entry, f))
  for (const [key, as] of envelope) {
    out.set(key, {
      key,
      titles: [`envelope.${key}`],
      envelope: true,
      as,
      options: [],
      askable: true,
      sortable: as === 'datetime',
      shown: true,
    })
  }
  own.set(entry, out)
  return out
}

function fromModel(entry: FormEntry, f: FieldModel): ListField {
  const live = entry.schema.properties[f.key]?.['x-field']?.live === true
  const askable = !live && f.access !== 'masked' && !silent.has(f.as)
  return {
    key: f.key,
    titles: [f.title],
    as: f.as,
    options: f.options,
    model: f,
    target: f.target?.form,
    askable,
    sortable: askable && sorts.has(f.as),
    shown: true,
  }
}

/**
 * A field by what a query or a view calls it, along paths too: `account.level`, `owner.department`. `forms` finds the
 * entries of other forms; what it does not know leads nowhere.
 */
export function findField(
  path: string,
  entry: FormEntry,
  forms: (name: string) => FormEntry | undefined,
): ListField | undefined {
  const [head = '', ...rest] = path.split('.')
  const first = listFields(entry).get(head)
  if (!first || rest.length === 0) return first
  const next = onward(first, rest.join('.'), forms)
  return (
    next && {
      ...next,
      key: path,
      titles: [...first.titles, ...next.titles],
      envelope: false,
      sortable: false,
      shown: false,
    }
  )
}

function onward(from: ListField, rest: string, forms: (name: string) => FormEntry | undefined): ListField | undefined {
  if (from.as === 'relation') {
    const to = from.target === undefined ? undefined : forms(from.target)
    return to && findField(rest, to, forms)
  }
  const [head, ...more] = rest.split('.')
  const step = (key: string, as: FieldType): ListField => ({
    key,
    titles: [`path.${key}`],
    as,
    options: [],
    askable: true,
    sortable: false,
    shown: false,
  })
  if (head === 'name' && more.length === 0) return step('name', 'text')
  if ((from.as === 'user' && head === 'department') || (from.as === 'department' && head === 'parent')) {
    const unit = step(head, 'department')
    if (more.length === 0) return unit
    const next = onward(unit, more.join('.'), forms)
    return next && { ...next, titles: [...unit.titles, ...next.titles] }
  }
  return undefined
}

/** What a summary under the column may compute. */
export function functionsOf(f: ListField): Fn[] {
  if (!f.askable || !f.shown) return []
  if (isNumeric(f)) return ['sum', 'avg', 'min', 'max', 'count', 'distinct']
  if (isDate(f)) return ['min', 'max', 'count']
  return lists.has(f.as) ? ['count'] : ['count', 'distinct']
}

/** How wide a column is before anybody drags it. */
export function widthOf(f: ListField): number {
  if (isNumeric(f)) return f.as === 'currency' || f.model?.currency ? 144 : 112
  switch (f.as) {
    case 'longtext':
      return 240
    case 'relation':
      return 200
    case 'date':
      return 140
    case 'datetime':
      return 144
    case 'switch':
      return 80
    case 'select':
    case 'user':
      return 112
    case 'department':
    case 'phone':
    case 'serial':
      return 144
    case 'text':
    case 'multiselect':
    case 'email':
    case 'url':
      return 176
    default:
      return 144
  }
}

/** The value of a record under a field; paths have none. */
export function valueOf(record: { data: Record<string, unknown> }, f: ListField): unknown {
  return f.envelope
    ? (record as unknown as Record<string, unknown>)[f.key]
    : Object.hasOwn(record.data, f.key)
      ? record.data[f.key]
      : undefined
}
