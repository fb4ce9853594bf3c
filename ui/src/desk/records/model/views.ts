import type { AppDocument, FormEntry } from '@/shared/api'
import type { Text } from '@/shared/i18n'
import { formModel } from '@/shared/schema'
import type { Wire } from './filter'
import type { Fn } from './fields'

export const viewTypes = ['table', 'kanban', 'calendar', 'gallery', 'list'] as const
export type ViewType = (typeof viewTypes)[number]

/** A way to look at a form: one of the app's definition, one that somebody saved, or plainly everything. */
export type ListView = {
  id: string
  source: 'definition' | 'saved' | 'all'
  title: Text
  description?: Text
  type: ViewType
  fields: string[]
  filter?: Wire
  sort: string[]
  groupBy?: string
  summaries: { field: string; fn: Fn }[]
  /** Fields by which people usually narrow it. */
  scoped: string[]
  widths?: Record<string, number>
  shared?: boolean
  /** The reader may change and remove it. */
  editable?: boolean
}

/** A saved view as the API keeps it. */
export type SavedView = {
  id: string
  title: string
  type?: string
  fields?: string[]
  widths?: Record<string, number>
  filter?: Wire
  sort?: string[]
  groupBy?: string
  summaries?: { field: string; fn: string }[]
  shared?: boolean
  by?: string
  mine?: boolean
  editable?: boolean
}

/** The id of the view that shows everything. */
export const allId = 'all'

const asType = (t: string | undefined): ViewType => (viewTypes.includes(t as ViewType) ? (t as ViewType) : 'table')

/** The views of a form: those of its definition, then saved ones; one of everything where none is without a filter. */
export function viewsOf(app: AppDocument, entry: FormEntry, saved: readonly SavedView[]): ListView[] {
  const defined = app.views
    .filter((v) => v.form === entry.key || v.form === entry.form)
    .map((v): ListView => ({
      id: v.key,
      source: 'definition',
      title: v.title as Text,
      description: v.description as Text,
      type: asType(v.type),
      fields: v.fields ?? plainFields(entry),
      filter: v.filter,
      sort: v.sort ?? [],
      groupBy: v.groupBy,
      summaries: v.summaries ?? [],
      scoped: v.scoped ?? [],
    }))
  const kept = saved.map((v): ListView => ({
    id: v.id,
    source: 'saved',
    title: v.title,
    type: asType(v.type),
    fields: v.fields ?? plainFields(entry),
    filter: v.filter,
    sort: v.sort ?? [],
    groupBy: v.groupBy,
    summaries: (v.summaries ?? []) as ListView['summaries'],
    scoped: [],
    widths: v.widths,
    shared: v.shared,
    editable: v.editable ?? true,
  }))
  return [...defined, ...kept]
}

/** Everything, for a reader who comes with a filter of their own or a form without views. */
export function everything(app: AppDocument, entry: FormEntry): ListView {
  const like = app.views.find(
    (v) => (v.form === entry.key || v.form === entry.form) && (v.type ?? 'table') === 'table' && !v.filter,
  )
  return {
    id: allId,
    source: 'all',
    title: undefined,
    type: 'table',
    fields: like?.fields ?? plainFields(entry),
    sort: like?.sort ?? ['-updatedAt'],
    summaries: like?.summaries ?? [],
    scoped: like?.scoped ?? [],
  }
}

const bulky = new Set(['table', 'file', 'image', 'longtext'])

/** The fields of a form that has no view: the first eight that are short, title first, and when it changed. */
export function plainFields(entry: FormEntry): string[] {
  const model = formModel(entry)
  const laid = model.sections.flatMap((s) => s.fields.map((f) => f.key))
  const title = model.titleField
  const short = laid.filter((k) => {
    const f = model.field(k)
    return f && !f.hidden && !bulky.has(f.as) && k !== title
  })
  return [...(title ? [title] : []), ...short.slice(0, 8), 'updatedAt']
}

/** The order of tabs: as the person put them, new ones after. Ids of views that are gone are left out. */
export function inOrder<T extends { id: string }>(views: readonly T[], order: readonly string[] | undefined): T[] {
  if (!order) return [...views]
  const place = (v: T) => {
    const i = order.indexOf(v.id)
    return i < 0 ? order.length : i
  }
  return views
    .map((v, i) => ({ v, i }))
    .sort((a, b) => place(a.v) - place(b.v) || a.i - b.i)
    .map((x) => x.v)
}
