import { useQueries } from '@tanstack/react-query'
import { appQuery, useApps, type AppDocument, type FormEntry, type Schemas } from '@/shared/api'

export type View = Schemas['View']
export type Dashboard = Schemas['Dashboard']
export type PageEntry = Schemas['PageEntry']

export type Catalog = {
  /** Everything that was asked for has come, or was kept from before. */
  ready: boolean
  error?: unknown
  apps: readonly AppDocument[]
  form(name: string): FormEntry | undefined
  /** The app's own order, menus first. */
  forms: readonly FormEntry[]
  views(form: string): readonly View[]
  dashboards: readonly { app: AppDocument; dashboard: Dashboard }[]
  /** Screens of blocks; the first for a phone is its home. */
  pages: readonly PageEntry[]
}

const none: Catalog = {
  ready: false,
  apps: [],
  form: () => undefined,
  forms: [],
  views: () => [],
  dashboards: [],
  pages: [],
}

/** Every app that the caller may use, as one. */
export function useCatalog(): Catalog {
  const apps = useApps()
  const keys = (apps.data ?? []).map((a) => a.key)
  const documents = useQueries({ queries: keys.map(appQuery), combine })
  if (!apps.data) return apps.error ? { ...none, error: apps.error } : none
  return documents
}

type Result = { data?: AppDocument; error: unknown }

/** TanStack Query keeps what this returns while the results stay the same. */
function combine(results: Result[]): Catalog {
  const apps = results.flatMap((r) => r.data ?? []).sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
  const error = results.find((r) => r.error && !r.data)?.error
  return { ...catalogOf(apps), ready: results.every((r) => r.data !== undefined), ...(error ? { error } : {}) }
}

export function catalogOf(apps: readonly AppDocument[]): Catalog {
  const byName = new Map(apps.flatMap((a) => a.forms.map((f) => [f.form, f] as const)))
  return {
    ready: true,
    apps,
    forms: apps.flatMap(formsInOrder),
    form: (name) => byName.get(name),
    views: (form) => {
      const app = apps.find((a) => form.startsWith(`${a.key}.`))
      const own = (app?.views ?? []).filter((v) => fullName(app!.key, v.form) === form)
      return [...own.filter(isMine), ...own.filter((v) => !isMine(v))]
    },
    pages: apps.flatMap((a) => a.pages ?? []),
    dashboards: apps.flatMap((app) => app.dashboards.map((dashboard) => ({ app, dashboard }))),
  }
}

/** A view that shows everybody their own; on a phone that comes first. */
export const isMine = (v: View) => JSON.stringify(v.filter ?? {}).includes('"user.id"')

const fullName = (app: string, form: string) => (form.includes('.') ? form : `${app}.${form}`)

function formsInOrder(app: AppDocument): FormEntry[] {
  const first = (app.menu ?? []).flatMap((m) => app.forms.find((f) => m.form && f.key === m.form) ?? [])
  return [...first, ...app.forms.filter((f) => !first.includes(f))]
}

/** The form that most others point to: what an organisation's work turns around. */
export function hubOf(catalog: Catalog): FormEntry | undefined {
  const pointed = new Map<string, number>()
  for (const f of catalog.forms) {
    const targets = new Set(Object.values(f.targets ?? {}).map((t) => t.form))
    for (const t of targets) if (t !== f.form) pointed.set(t, (pointed.get(t) ?? 0) + 1)
  }
  let best: FormEntry | undefined
  let most = 0
  for (const f of catalog.forms) {
    const n = pointed.get(f.form) ?? 0
    if (n > most && f.actions.includes('read')) [best, most] = [f, n]
  }
  return best ?? catalog.forms.find((f) => f.actions.includes('read'))
}

/** Relation fields of other forms that point to `form`, where the caller may add records. */
export function pointingTo(catalog: Catalog, form: string): { entry: FormEntry; field: string }[] {
  return catalog.forms.flatMap((entry) => {
    if (entry.form === form || !entry.actions.includes('create')) return []
    const field = Object.entries(entry.targets ?? {}).find(([key, t]) => t.form === form && isOwn(entry, key))?.[0]
    return field ? [{ entry, field }] : []
  })
}

/** A relation that people fill in, not a lookup of one. */
const isOwn = (entry: FormEntry, key: string) => entry.schema.properties[key]?.['x-field'].type === 'relation'
