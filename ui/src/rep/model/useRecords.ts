import { useInfiniteQuery } from '@tanstack/react-query'
import { api, keys, must, splitForm, type Schemas } from '@/shared/api'

type Ask = Omit<Schemas['Query'], 'cursor' | 'deleted'>

/** Records page by page, with the names of what they point to. */
export function useRecords(form: string, ask: Ask, enabled = true) {
  return useInfiniteQuery({
    queryKey: keys.page(form, ask),
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      must(
        api.POST('/api/v1/apps/{app}/forms/{form}/query', {
          params: { path: splitForm(form) },
          body: { ...ask, titles: true, ...(pageParam ? { cursor: pageParam } : { count: true }) },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.cursor,
  })
}
