import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, must } from '@/shared/api'
import type { JsonObject } from '@/shared/schema'

export type Sample = { record: { id: string; data: JsonObject } | undefined; count: number; next: () => void }

type SampleRecord = { id: string; data: JsonObject }

/** The records of a form that were changed last. */
export function useSampleList(app: string, form: string, published: boolean): SampleRecord[] {
  const page = useQuery({
    queryKey: ['studio', app, 'sample', form],
    enabled: published,
    retry: false,
    queryFn: async () => {
      const body = { sort: ['-updatedAt'], limit: 20 }
      return (await must(api.POST('/api/v1/apps/{app}/forms/{form}/query', { params: { path: { app, form } }, body })))
        .items
    },
  })
  return (page.data ?? []) as unknown as SampleRecord[]
}

/** A real record of the form, to see the design and its formulas with; another one on demand. */
export function useSample(app: string, form: string, published: boolean): Sample {
  const [n, setN] = useState(0)
  const list = useSampleList(app, form, published)
  const record = list[n % Math.max(list.length, 1)]
  return { record, count: list.length, next: () => setN(n + 1) }
}
