import { useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import {
  api,
  appQuery,
  keys,
  must,
  splitForm,
  useApps,
  useDepartments,
  useMe,
  useUsers,
  type AppDocument,
  type FormEntry,
  type RecordDocument,
} from '@/shared/api'
import type { Env } from '../data/env'
import { findField, listFields, type ListField } from '../model/fields'
import { me, mine, type Node } from '../model/filter'
import type { Scope } from './scope'

/** Everything that conditions about a form need, with the names of what the given ones mention. */
export function useScopeOf(app: AppDocument, entry: FormEntry, env: Env, mentioned: readonly Node[]): Scope {
  const apps = useApps()
  const documents = useQueries({
    queries: (apps.data ?? []).filter((a) => a.version > 0).map((a) => appQuery(a.key)),
    combine: (all) => all.flatMap((q) => q.data?.forms ?? []),
  })
  const users = useUsers()
  const departments = useDepartments()
  const reader = useMe()
  const forms = useMemo(() => new Map([...documents, ...app.forms].map((f) => [f.form, f])), [documents, app.forms])
  const form = useCallback((name: string) => forms.get(name), [forms])
  const find = useCallback((path: string) => findField(path, entry, form), [entry, form])
  const fields = useMemo(() => [...listFields(entry).values()].filter((f) => f.askable), [entry])
  const related = useRelated(mentioned, find, form)

  return useMemo(() => {
    const people = new Map(users.data?.map((u) => [u.id, u.name]))
    const units = new Map(departments.data?.map((d) => [d.id, d.name]))
    const name = (f: ListField | undefined, id: string) =>
      (f?.as === 'user' ? people.get(id) : f?.as === 'department' ? units.get(id) : undefined) ??
      people.get(id) ??
      units.get(id) ??
      related.get(id) ??
      '…'
    return {
      env,
      fields,
      find,
      form,
      users: users.data ?? [],
      departments: departments.data ?? [],
      me: reader.data?.user.id ?? '',
      name,
    }
  }, [env, fields, find, form, users.data, departments.data, reader.data, related])
}

/** Titles of the records that conditions name. */
function useRelated(
  nodes: readonly Node[],
  find: (path: string) => ListField | undefined,
  form: (name: string) => FormEntry | undefined,
): Map<string, string> {
  const wanted = useMemo(() => {
    const out = new Map<string, string>()
    const visit = (n: Node) => {
      if (n.kind === 'group') return n.items.forEach(visit)
      const target = find(n.field)?.target
      const values = Array.isArray(n.value) ? n.value : [n.value]
      if (target)
        for (const v of values)
          if (typeof v === 'string' && v !== me && v !== mine && /^[0-9a-f]{24}$/.test(v)) out.set(v, target)
    }
    nodes.forEach(visit)
    return [...out].slice(0, 50)
  }, [nodes, find])
  return useQueries({
    queries: wanted.map(([id, name]) => {
      const at = splitForm(name)
      return {
        queryKey: keys.record(name, id),
        staleTime: 60_000,
        queryFn: () =>
          must(api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}', { params: { path: { ...at, id } } })),
      }
    }),
    combine: (all) => {
      const out = new Map<string, string>()
      all.forEach((q, i) => {
        const [id, name] = wanted[i] ?? ['', '']
        const title = q.data && titleFrom(q.data, form(name))
        if (title) out.set(id, title)
      })
      return out
    },
  })
}

function titleFrom(record: RecordDocument, entry: FormEntry | undefined): string | undefined {
  const v = entry?.titleField ? record.data[entry.titleField] : undefined
  return v === undefined || v === null ? undefined : String(v)
}

export type Found = { id: string; title: string }

/** Records of a form whose title or searchable fields hold the words. */
export function useSearchRecords(name: string, words: string, entry: FormEntry | undefined, enabled = true) {
  const at = splitForm(name)
  const title = entry?.titleField
  return useQuery({
    queryKey: keys.page(name, { pick: words }),
    enabled: enabled && name !== '',
    queryFn: async ({ signal }): Promise<Found[]> => {
      const search = words.trim() && entry?.searchable !== false ? words.trim() : undefined
      const page = await must(
        api.POST('/api/v1/apps/{app}/forms/{form}/query', {
          params: { path: at },
          body: { search, limit: 30, ...(title ? { fields: [title] } : {}), sort: ['-updatedAt'] },
          signal,
        }),
      )
      return page.items.map((r) => ({ id: r.id, title: titleFrom(r, entry) ?? r.id }))
    },
  })
}
