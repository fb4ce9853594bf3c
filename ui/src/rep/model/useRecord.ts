import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api, keys, must, splitForm, type RecordDocument } from '@/shared/api'

/** A record with names, and what the caller may do with it. A list that was read shows it before it comes. */
export function useRecord(form: string, id: string) {
  const client = useQueryClient()
  return useQuery<RecordDocument>({
    queryKey: keys.record(form, id),
    queryFn: ({ signal }) =>
      must(
        api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}', {
          params: { path: { ...splitForm(form), id }, query: { detail: 'true' } },
          signal,
        }),
      ),
    placeholderData: () => listed(client, form, id),
  })
}

type Pages = { pages?: { items: RecordDocument[]; labels?: RecordDocument['labels'] }[] }

/** The record as some list read it: a part of its fields. */
function listed(client: QueryClient, form: string, id: string): RecordDocument | undefined {
  for (const [, data] of client.getQueriesData<Pages>({ queryKey: ['records', form, 'page'] })) {
    for (const page of data?.pages ?? []) {
      const found = page.items.find((r) => r.id === id)
      if (found) return { ...found, labels: page.labels }
    }
  }
  return undefined
}
