import { api, must, type RecordDocument } from '@/shared/api'
import type { Wire } from '../model/filter'
import type { Load, PageOf } from './feed'

/** What a list asks for. */
export type Ask = {
  filter?: Wire
  search?: string
  sort?: string[]
  fields?: string[]
  deleted?: boolean
}

/** Reads pages of records, with names for the ids in them. The first page of all says how many there are. */
export function loader(app: string, form: string, ask: Ask): Load {
  return ({ cursor, limit, signal }) =>
    must(
      api.POST('/api/v1/apps/{app}/forms/{form}/query', {
        params: { path: { app, form } },
        body: { ...ask, cursor, limit, titles: true, count: cursor === undefined },
        signal,
      }),
    ) as Promise<PageOf>
}

export type Measure = { as: string; fn: 'count' | 'sum' | 'avg' | 'min' | 'max' | 'distinct'; field?: string }
export type Figures = Record<string, number | string | boolean | null>

/** Figures over what a list finds, a row per group. */
export async function aggregate(
  app: string,
  form: string,
  ask: {
    filter?: Wire
    search?: string
    groupBy?: (string | { field: string; unit?: 'day' | 'month' })[]
    measures: Measure[]
  },
): Promise<Figures[]> {
  const answer = await must(
    api.POST('/api/v1/apps/{app}/forms/{form}/aggregate', { params: { path: { app, form } }, body: ask }),
  )
  return answer.rows as Figures[]
}

/** One record as it is now. */
export const readRecord = (app: string, form: string, id: string): Promise<RecordDocument> =>
  must(
    api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}', {
      params: { path: { app, form, id }, query: { detail: 'true' } },
    }),
  )
