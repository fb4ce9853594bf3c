import type { FormEntry, Schemas } from '@/shared/api'
import type { Text } from '@/shared/i18n'

export type Preview = Schemas['ImportPreview']
export type Mapping = Schemas['ImportMapping']
export type Column = NonNullable<Mapping['columns']>[number]
export type Match = NonNullable<Column['match']>
export type TableColumn = Preview['table']['columns'][number]
export type ColumnReport = Preview['columns'][number]

/** What an import fills. */
export type Target = { kind: 'form'; form: FormEntry } | { kind: 'users' } | { kind: 'departments' }

/** A field that a column may go into. */
export type TargetField = {
  key: string
  title: Text
  type: string
  required?: boolean
  unique?: boolean
  options?: { value: string; title?: Text; color?: string }[]
  /** The form that a relation points to. */
  form?: string
}

/** Where an import of a target is asked for. */
export const endpointOf = (t: Target): string =>
  t.kind === 'form'
    ? `/api/v1/apps/${t.form.form.split('.')[0]}/forms/${t.form.key}/import`
    : `/api/v1/${t.kind}/import`

/** A name of the target for keys of caches and drafts; the `form` or `target` of its jobs. */
export const nameOf = (t: Target): string => (t.kind === 'form' ? t.form.form : t.kind)

/** Types whose values no cell of a table can hold, or that are computed. */
const closed = new Set(['table', 'file', 'image', 'formula', 'lookup', 'rollup', 'serial'])

/** The fields of a target that may be filled, in the order of the form. */
export function fieldsOf(t: Target, word: (key: string) => string): TargetField[] {
  if (t.kind !== 'form') {
    const types: Record<string, string> = {
      department: 'department',
      parent: 'department',
      leader: 'user',
      order: 'number',
    }
    const keys =
      t.kind === 'users'
        ? ['name', 'login', 'email', 'phone', 'department', 'locale', 'timezone']
        : ['name', 'parent', 'leader', 'order']
    return keys.map((key) => ({
      key,
      title: word(key),
      type: types[key] ?? 'text',
      ...(key === 'name' ? { required: true } : {}),
    }))
  }
  const { schema, access, stages, targets } = t.form
  return Object.entries(schema.properties).flatMap(([key, p]): TargetField[] => {
    const x = p['x-field']
    if (closed.has(x.type) || x.live || access?.[key]) return []
    const options =
      stages?.field === key ? stages.states.map((s) => ({ value: s.key, title: s.title, color: s.color })) : x.options
    return [
      {
        key,
        title: x.title ?? p.title ?? key,
        type: x.type,
        ...(schema.required?.includes(key) ? { required: true } : {}),
        ...(x.unique ? { unique: true } : {}),
        ...(options ? { options } : {}),
        ...(targets?.[key] ? { form: targets[key].form } : {}),
      },
    ]
  })
}
