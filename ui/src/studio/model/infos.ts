import type { FormInfo } from '../context'
import { formNamed } from '../context'
import { numberTypes } from './fieldTypes'
import type { Text } from '@/shared/i18n'
import type { Option, Property, Stages } from './types'

/** A field as conditions, pickers and completion need it. */
export type FieldInfo = {
  key: string
  title: string
  type: string
  /** The type of its values: for computed fields that of the result. */
  as: string
  options: readonly Option[]
  /** Of a relation: the form it points to. */
  target?: string
  columns?: FieldInfo[]
  hidden?: boolean
}

export type InfoContext = {
  app: string
  forms: readonly FormInfo[]
  optionSet: (key: string) => readonly Option[]
  text: (t: Text) => string
}

type Source = { properties: { [key: string]: Property }; stages?: Stages }

function resultOf(
  p: Property,
  source: Source,
  c: InfoContext,
  depth: number,
): { as: string; options: readonly Option[]; target?: string } {
  const x = p['x-field']
  const type = x?.type ?? 'text'
  switch (type) {
    case 'formula':
      return { as: x?.result ?? (x?.scale !== undefined || x?.currency ? 'number' : 'text'), options: [] }
    case 'rollup':
      return { as: 'number', options: [] }
    case 'lookup': {
      const via = x?.via ? source.properties[x.via]?.['x-field'] : undefined
      const form = formNamed(c.forms, c.app, via?.form)
      const to = x?.field ? form?.properties[x.field] : undefined
      if (!form || !to || depth > 4) return { as: 'text', options: [] }
      return resultOf(to, form, c, depth + 1)
    }
    case 'relation':
      return { as: 'relation', options: [], target: x?.form }
    default:
      return { as: type, options: x?.options ?? (x?.optionSet ? c.optionSet(x.optionSet) : []) }
  }
}

/** The fields of a form with what their values are. */
export function fieldInfos(source: Source, c: InfoContext): FieldInfo[] {
  const one = ([key, p]: [string, Property]): FieldInfo => {
    const x = p['x-field']
    const r = resultOf(p, source, c, 0)
    const stage = source.stages?.field === key
    return {
      key,
      title: c.text(x?.title) || key,
      type: x?.type ?? 'text',
      ...r,
      options: stage ? source.stages!.states.map((s) => ({ value: s.key, title: s.title, color: s.color })) : r.options,
      hidden: x?.hidden,
      ...(x?.type === 'table' ? { columns: Object.entries(p.items?.properties ?? {}).map(one) } : {}),
    }
  }
  return Object.entries(source.properties).map(one)
}

const sortable: ReadonlySet<string> = new Set([
  'text',
  'select',
  'phone',
  'email',
  'url',
  'serial',
  'date',
  'datetime',
  'switch',
  ...numberTypes,
])

/** Whether lists can be ordered by it. */
export const sorts = (f: FieldInfo) => sortable.has(f.as)
/** Whether it can be asked for at all. */
export const asks = (f: FieldInfo) => !['table', 'file', 'image'].includes(f.as)
/** Whether figures can be computed over it. */
export const adds = (f: FieldInfo) => numberTypes.has(f.as)
export const isDate = (f: FieldInfo) => f.as === 'date' || f.as === 'datetime'
