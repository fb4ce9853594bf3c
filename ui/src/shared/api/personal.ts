import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, must } from './client'
import { keys } from './keys'

/** Everything that a person set for themselves, wherever they sign in. */
export function usePreferences() {
  return useQuery({
    queryKey: keys.preferences,
    staleTime: 5 * 60_000,
    queryFn: () => must(api.GET('/api/v1/me/preferences')),
  })
}

/** One preference and how to set it; shown at once, kept by the server. */
export function usePreference<T>(name: string, otherwise: T): [T, (value: T) => void] {
  const client = useQueryClient()
  const { data } = usePreferences()
  const save = useMutation({
    mutationFn: (value: T) => must(api.PATCH('/api/v1/me/preferences', { body: { [name]: value } })),
    onMutate: (value) => {
      client.setQueryData(keys.preferences, (old: Record<string, unknown> | undefined) => ({ ...old, [name]: value }))
    },
    onError: () => client.invalidateQueries({ queryKey: keys.preferences }),
  })
  return [(data?.[name] as T | undefined) ?? otherwise, save.mutate]
}

/** Records that the reader keeps at hand, the latest first. */
export function useFavourites() {
  return useQuery({
    queryKey: keys.favourites,
    staleTime: 5 * 60_000,
    queryFn: async () => (await must(api.GET('/api/v1/me/favourites'))).items,
  })
}

/** Whether a record is a favourite, and how to change that. */
export function useFavourite(form: string, id: string): { on: boolean; toggle: () => void } {
  const client = useQueryClient()
  const { data = [] } = useFavourites()
  const on = data.some((f) => f.form === form && f.id === id)
  const change = useMutation({
    mutationFn: async () => {
      const params = { path: { form, id } }
      if (on) await must(api.DELETE('/api/v1/me/favourites/{form}/{id}', { params }))
      else await must(api.PUT('/api/v1/me/favourites/{form}/{id}', { params }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.favourites }),
  })
  return { on, toggle: () => change.mutate() }
}
