import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, use, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { api, appQuery, must, useApp, useApps, type FormEntry, type Problem } from '@/shared/api'
import type { Text } from '@/shared/i18n'
import { diff, type Change } from './model/diff'
import { equal } from './model/json'
import { nameOf, type Doc, type Workbench } from './model/workbench'
import type { Definition, FormDef, Kind, Property } from './model/types'

export type Studio = { app: string; bench: Workbench }

export const StudioContext = createContext<Studio | undefined>(undefined)

export function useStudio(): Studio {
  const v = use(StudioContext)
  if (!v) throw new Error('outside of the studio')
  return v
}

/** The app among those that the caller may enter, also while it was never published. */
export function useAppEntry(app: string) {
  const apps = useApps()
  return { ...apps, data: apps.data?.find((a) => a.key === app) }
}

/** The app as it is published; nothing while it never was. */
export function usePublished(app: string) {
  const entry = useAppEntry(app)
  return useApp(entry.data?.version ? app : '')
}

/** Draws again with every edit. */
export function useBench(): Workbench {
  const { bench } = useStudio()
  useSyncExternalStore(bench.follow, () => bench.version)
  return bench
}

/** A definition as it is being edited; undefined while it is read. */
export function useDoc(kind: Kind, key: string): { doc: Doc | undefined; error: unknown; retry: () => void } {
  const { bench } = useStudio()
  const doc = useSyncExternalStore(bench.follow, () => bench.get(kind, key))
  const [state, setState] = useState<{ error?: unknown; n: number }>({ n: 0 })
  useEffect(() => {
    if (!key) return
    let on = true
    bench.load(kind, key).catch((error: unknown) => on && setState((s) => ({ ...s, error })))
    return () => void (on = false)
  }, [bench, kind, key, state.n])
  return { doc, error: doc ? undefined : state.error, retry: () => setState((s) => ({ n: s.n + 1 })) }
}

const studioKeys = (app: string) => ({
  names: ['studio', app, 'names'] as const,
  version: (v: number) => ['studio', app, 'version', v] as const,
  preview: (n: number) => ['studio', app, 'preview', n] as const,
  lint: (n: number) => ['studio', app, 'lint', n] as const,
})

export type Entry = { kind: Kind; key: string; draft: boolean }

export type Library = {
  ready: boolean
  entries: Entry[]
  /** As it is being edited, or as it is published. */
  value: (kind: Kind, key: string) => Definition | undefined
  list: <T extends Definition>(kind: T['kind']) => T[]
  published: (kind: Kind, key: string) => Definition | undefined
  publishedNames: string[]
  version: number
  refresh: () => Promise<void>
}

/** Everything that the app is made of: drafts over what is published. */
export function useLibrary(): Library {
  const { app } = useStudio()
  const bench = useBench()
  const client = useQueryClient()
  const entry = useAppEntry(app)
  const version = usePublished(app).data?.version ?? 0
  const keys = studioKeys(app)
  const names = useQuery({
    queryKey: keys.names,
    queryFn: async () =>
      (await must(api.GET('/api/v1/apps/{app}/definitions', { params: { path: { app } } }))).items as Entry[],
  })
  const published = useQuery({
    queryKey: keys.version(version),
    enabled: version > 0,
    staleTime: Infinity,
    placeholderData: (old: { [name: string]: Definition } | undefined) => old,
    queryFn: async () =>
      (
        await must(
          api.GET('/api/v1/apps/{app}/versions/{version}', { params: { path: { app, version: String(version) } } }),
        )
      ).definitions as unknown as { [name: string]: Definition },
  })
  const drafts = names.data
  useEffect(() => {
    for (const n of drafts ?? []) if (n.draft) bench.load(n.kind, n.key).catch(() => undefined)
  }, [drafts, bench])

  const benchVersion = bench.version
  return useMemo(() => {
    const was = published.data ?? {}
    const byName = new Map((names.data ?? []).map((n) => [nameOf(n.kind, n.key), { ...n, draft: n.draft ?? false }]))
    for (const d of bench.all()) {
      const value = was[nameOf(d.kind, d.key)]
      byName.set(nameOf(d.kind, d.key), { kind: d.kind, key: d.key, draft: !value || !equal(value, d.history.present) })
    }
    const value = (kind: Kind, key: string) =>
      bench.value(kind, key) ?? (byName.has(nameOf(kind, key)) ? was[nameOf(kind, key)] : undefined)
    const entries = [...byName.values()]
    return {
      ready: names.isSuccess && (entry.data?.version === 0 || published.isSuccess),
      entries,
      value,
      list: <T extends Definition>(kind: T['kind']) =>
        entries.filter((e) => e.kind === kind).flatMap((e) => (value(e.kind, e.key) as T | undefined) ?? []),
      published: (kind: Kind, key: string) => was[nameOf(kind, key)],
      publishedNames: Object.keys(was),
      version,
      refresh: async () => {
        await client.invalidateQueries({ queryKey: ['studio', app, 'names'] })
      },
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the workbench changes inside; its version tells
  }, [
    names.data,
    names.isSuccess,
    published.data,
    published.isSuccess,
    entry.data?.version,
    version,
    bench,
    benchVersion,
    client,
    app,
  ])
}

/** What publishing would change. */
export function useChanges(library: Library): { kind: Kind; key: string; title: Text; changes: Change[] }[] {
  return useMemo(() => {
    const out = library.entries
      .filter((e) => e.draft)
      .map((e) => {
        const now = library.value(e.kind, e.key)
        const changes = now ? diff(library.published(e.kind, e.key), now) : []
        return { kind: e.kind, key: e.key, title: now?.title, changes }
      })
      .filter((e) => e.changes.length > 0)
    const there = new Set(library.entries.map((e) => nameOf(e.kind, e.key)))
    for (const name of library.publishedNames) {
      if (there.has(name)) continue
      const [kind, key] = name.split('/') as [Kind, string]
      const was = library.published(kind, key)
      out.push({ kind, key, title: was?.title, changes: diff(was, undefined) })
    }
    return out
  }, [library])
}

/** How many saves there were, told once they pause. */
function useSettled(): number {
  const bench = useBench()
  const [asked, setAsked] = useState(bench.saves)
  useEffect(() => {
    if (asked === bench.saves) return
    const t = setTimeout(() => setAsked(bench.saves), 300)
    return () => clearTimeout(t)
  }, [asked, bench.saves])
  return asked
}

/** The forms as the drafts would make them, with compiled expressions, asked again shortly after every save. */
export function usePreview(): FormEntry[] | undefined {
  const { app } = useStudio()
  const asked = useSettled()
  return useQuery({
    queryKey: studioKeys(app).preview(asked),
    placeholderData: (old: FormEntry[] | undefined) => old,
    retry: false,
    queryFn: async () => (await must(api.GET('/api/v1/apps/{app}/preview', { params: { path: { app } } }))).forms,
  }).data
}

/** What publishing would complain about, asked again shortly after every save. */
export function useLint(): { problems: Problem[]; checking: boolean } {
  const { app } = useStudio()
  const bench = useBench()
  const asked = useSettled()
  const lint = useQuery({
    queryKey: studioKeys(app).lint(asked),
    placeholderData: (old: Problem[] | undefined) => old,
    queryFn: async () =>
      (await must(api.GET('/api/v1/apps/{app}/lint', { params: { path: { app } } }))).problems as Problem[],
  })
  return { problems: lint.data ?? [], checking: lint.isFetching || asked !== bench.saves }
}

/** A form as far as others refer to it. */
export type FormInfo = {
  name: string
  key: string
  app: string
  title: Text
  appTitle: Text
  titleField?: string
  properties: { [key: string]: Property }
  stages?: FormDef['stages']
}

/** The forms of this app as they are being edited, then those of the other apps. */
export function useForms(library: Library): FormInfo[] {
  const { app } = useStudio()
  const apps = useApps()
  const others = useQueries({
    queries: (apps.data ?? []).filter((a) => a.key !== app && a.version > 0).map((a) => appQuery(a.key)),
  })
  const own = library.list<FormDef>('form')
  const appTitle = apps.data?.find((a) => a.key === app)?.title as Text
  return [
    ...own.map((f) => ({
      name: `${app}.${f.key}`,
      key: f.key,
      app,
      title: f.title,
      appTitle,
      titleField: f.titleField,
      properties: f.schema.properties,
      stages: f.stages,
    })),
    ...others.flatMap(({ data: a }) =>
      (a?.forms ?? []).map((f) => ({
        name: f.form,
        key: f.key,
        app: a?.key ?? '',
        title: f.title as Text,
        appTitle: a?.title as Text,
        titleField: f.titleField,
        properties: (f.schema as unknown as { properties: { [key: string]: Property } }).properties,
        stages: f.stages as FormDef['stages'],
      })),
    ),
  ]
}

/** Finds a form by the name that a definition of this app uses: `form`, or `app.form`. */
export const formNamed = (forms: readonly FormInfo[], app: string, name: string | undefined): FormInfo | undefined =>
  name ? forms.find((f) => f.name === (name.includes('.') ? name : `${app}.${name}`)) : undefined
