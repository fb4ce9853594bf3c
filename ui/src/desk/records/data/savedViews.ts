import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, idempotencyKey, keys, must, type Schemas } from '@/shared/api'
import type { SavedView } from '../model/views'

export type ViewDraft = Schemas['ViewCreate']
export type ViewPatch = Schemas['ViewPatch']

const place = (form: string) => [...keys.form(form), 'views']

/** Views that people saved for a form: their own and those shared. */
export function useSavedViews(app: string, form: string) {
  const name = `${app}.${form}`
  return useQuery({
    queryKey: place(name),
    staleTime: 5 * 60_000,
    queryFn: async (): Promise<SavedView[]> =>
      (await must(api.GET('/api/v1/apps/{app}/forms/{form}/views', { params: { path: { app, form } } }))).items,
  })
}

/** Creating, changing and removing saved views; the list of them follows at once. */
export function useViewWrites(app: string, form: string) {
  const client = useQueryClient()
  const key = place(`${app}.${form}`)
  const path = { app, form }
  const set = (f: (v: SavedView[]) => SavedView[]) => client.setQueryData<SavedView[]>(key, (v) => f(v ?? []))
  return {
    create: async (draft: ViewDraft) => {
      const view = await must(
        api.POST('/api/v1/apps/{app}/forms/{form}/views', {
          params: { path, header: { 'Idempotency-Key': idempotencyKey() } },
          body: draft,
        }),
      )
      set((all) => [...all, view])
      return view
    },
    patch: async (view: string, change: ViewPatch) => {
      const now = await must(
        api.PATCH('/api/v1/apps/{app}/forms/{form}/views/{view}', {
          params: { path: { ...path, view } },
          body: change,
        }),
      )
      set((all) => all.map((v) => (v.id === view ? now : v)))
      return now
    },
    remove: async (view: string) => {
      await api.DELETE('/api/v1/apps/{app}/forms/{form}/views/{view}', { params: { path: { ...path, view } } })
      set((all) => all.filter((v) => v.id !== view))
    },
  }
}
