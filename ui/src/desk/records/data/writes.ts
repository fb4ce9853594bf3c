import { api, idempotencyKey, must, splitForm, type RecordDocument } from '@/shared/api'

type Data = { [field: string]: unknown }

const at = (form: string, id: string) => ({ ...splitForm(form), id })

/** Writes changed fields, if nobody else saved since `rev`. */
export const patchRecord = (form: string, id: string, rev: number, data: Data): Promise<RecordDocument> =>
  must(
    api.PATCH('/api/v1/apps/{app}/forms/{form}/records/{id}', {
      params: { path: at(form, id), header: { 'If-Match': `"${rev}"`, 'Idempotency-Key': idempotencyKey() } },
      body: { data },
    }),
  )

/** Moves a record to another stage. */
export const transition = (
  form: string,
  id: string,
  rev: number | undefined,
  to: string,
  data?: Data,
): Promise<RecordDocument> =>
  must(
    api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/transition', {
      params: {
        path: at(form, id),
        header: { ...(rev === undefined ? {} : { 'If-Match': `"${rev}"` }), 'Idempotency-Key': idempotencyKey() },
      },
      body: { to, ...(data && Object.keys(data).length > 0 ? { data } : {}) },
    }),
  )

export const removeRecord = (form: string, id: string) =>
  api.DELETE('/api/v1/apps/{app}/forms/{form}/records/{id}', {
    params: { path: at(form, id), header: { 'Idempotency-Key': idempotencyKey() } },
  })

export const restoreRecord = (form: string, id: string): Promise<RecordDocument> =>
  must(
    api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/restore', {
      params: { path: at(form, id), header: { 'Idempotency-Key': idempotencyKey() } },
    }),
  )
