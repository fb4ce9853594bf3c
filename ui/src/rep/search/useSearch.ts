import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, must } from '@/shared/api'

/** Records that hold the words, over every form that the caller may search, form by form. */
export function useSearchEverywhere(words: string) {
  return useQuery({
    queryKey: ['search', words],
    enabled: words !== '',
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await must(api.GET('/api/v1/search', { params: { query: { q: words.slice(0, 200), limit: '6' } }, signal })))
        .groups,
  })
}
