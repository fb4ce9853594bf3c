import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, must, type Schemas } from '@/shared/api'
import { toastError } from '@/shared/ui'

export const favouritesQuery = {
  queryKey: ['favourites'],
  queryFn: async () => (await must(api.GET('/api/v1/me/favourites'))).items,
}

/** Whether a record is marked, and marking it; shown at once, taken back when the server says no. */
export function useFavourite(form: string, id: string) {
  const { t } = useTranslation('rep')
  const client = useQueryClient()
  const { data } = useQuery(favouritesQuery)
  const on = data?.some((f) => f.form === form && f.id === id) ?? false
  const params = { params: { path: { form, id } } }
  const change = useMutation({
    mutationFn: async (mark: boolean) => {
      if (mark) await must(api.PUT('/api/v1/me/favourites/{form}/{id}', params))
      else await must(api.DELETE('/api/v1/me/favourites/{form}/{id}', params))
    },
    onMutate: (mark) => {
      client.setQueryData<Schemas['Favourite'][]>(favouritesQuery.queryKey, (old = []) => {
        const rest = old.filter((f) => f.form !== form || f.id !== id)
        return mark ? [{ form, id, title: '', at: new Date().toISOString() }, ...rest] : rest
      })
    },
    onError: (e) => toastError(e, t('away')),
    onSettled: () => client.invalidateQueries({ queryKey: favouritesQuery.queryKey }),
  })
  return { on, toggle: () => change.mutate(!on) }
}
