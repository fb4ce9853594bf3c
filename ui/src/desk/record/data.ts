import { queryOptions } from '@tanstack/react-query'
import { api, keys, must, splitForm } from '@/shared/api'

const at = (form: string, id: string) => ({ ...splitForm(form), id })

/** A record with the names of what it holds and what the caller may do with it. */
export const recordQuery = (form: string, id: string) =>
  queryOptions({
    queryKey: keys.record(form, id),
    queryFn: ({ signal }) =>
      must(
        api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}', {
          params: { path: at(form, id), query: { detail: 'true' } },
          signal,
        }),
      ),
  })

/** Which forms point here, and how many records. */
export const relatedQuery = (form: string, id: string) =>
  queryOptions({
    queryKey: keys.related(form, id),
    queryFn: async ({ signal }) =>
      (
        await must(
          api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}/related', { params: { path: at(form, id) }, signal }),
        )
      ).items,
  })

/** Writes changed fields, if nobody else saved since `rev`. */
export const patchRecord = (form: string, id: string, rev: number, data: { [field: string]: unknown }, key: string) =>
  must(
    api.PATCH('/api/v1/apps/{app}/forms/{form}/records/{id}', {
      params: { path: at(form, id), header: { 'If-Match': `"${rev}"`, 'Idempotency-Key': key } },
      body: { data },
    }),
  )

/** Moves a record to another stage, filling in fields on the way. */
export const moveRecord = (
  form: string,
  id: string,
  rev: number,
  to: string,
  data: { [field: string]: unknown },
  comment: string,
  key: string,
) =>
  must(
    api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/transition', {
      params: { path: at(form, id), header: { 'If-Match': `"${rev}"`, 'Idempotency-Key': key } },
      body: { to, ...(comment ? { comment } : {}), ...(Object.keys(data).length > 0 ? { data } : {}) },
    }),
  )

/** How long the record has been in which stage. */
export const stagesQuery = (form: string, id: string) =>
  queryOptions({
    queryKey: [...keys.record(form, id), 'stages'],
    queryFn: ({ signal }) =>
      must(api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}/stages', { params: { path: at(form, id) }, signal })),
  })
