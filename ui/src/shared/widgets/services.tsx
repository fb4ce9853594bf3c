import { createContext, useContext } from 'react'
import { api, ApiError, must, splitForm, type Department, type User } from '../api'
import type { Evaluate } from '../form'
import type { FileRef, Target } from '../schema'
import { sendFile } from './upload'

/** A record that can be chosen. */
export type Hit = { id: string; title: string; note?: string }

export type UploadOptions = { onProgress: (share: number) => void; signal: AbortSignal }

/**
 * The data that widgets need. The default asks the server; the phone's offline store, and tests, give their own.
 * Everything may reject: widgets say so and offer to try again.
 */
export type FormServices = {
  /** Records of a relation's target that fit what was typed; the latest ones for ''. */
  search(target: Target, query: string, signal: AbortSignal): Promise<Hit[]>
  /** Names of records; those that the caller may not read are left out. At most 200 at once. */
  titles(target: Pick<Target, 'form' | 'titleField'>, ids: string[]): Promise<{ [id: string]: string }>
  users(): Promise<User[]>
  departments(): Promise<Department[]>
  upload(file: File, options: UploadOptions): Promise<FileRef>
  /** Where the bytes of a file are. */
  fileUrl(file: FileRef, place?: { form: string; id?: string }): string
  evaluate: Evaluate
  /** The page of a record; without one names are no links. */
  hrefOf?(form: string, id: string): string | undefined
  /** Goes to a record without a reload. */
  open?(form: string, id: string): void
  /** Makes a record while one is being chosen; gives nothing when the person gave up. */
  create?(target: Target, name: string): Promise<Hit | undefined>
}

const at = (form: string) => ({ params: { path: splitForm(form) } })

/** What a record is called: its title field, else its id. */
function named(target: Pick<Target, 'titleField'>, r: { id: string; data: { [key: string]: unknown } }): string {
  const v = target.titleField ? r.data[target.titleField] : undefined
  return typeof v === 'string' && v !== '' ? v : typeof v === 'number' ? String(v) : `#${r.id.slice(-6)}`
}

/** The services of the server. */
export const apiServices: FormServices = {
  async search(target, query, signal) {
    const q = query.trim()
    const fields = target.titleField ? [target.titleField] : undefined
    const ask = { limit: 20, sort: ['-updatedAt'], fields, ...(q && { search: q }) }
    const page = await must(
      api.POST('/api/v1/apps/{app}/forms/{form}/query', { ...at(target.form), body: ask, signal }),
    )
    return page.items.map((r) => ({ id: r.id, title: named(target, r) }))
  },
  async titles(target, ids) {
    const ask = {
      filter: { field: 'id', op: 'in' as const, value: ids },
      fields: target.titleField ? [target.titleField] : [],
      limit: ids.length,
    }
    try {
      const page = await must(api.POST('/api/v1/apps/{app}/forms/{form}/query', { ...at(target.form), body: ask }))
      return Object.fromEntries(page.items.map((r) => [r.id, named(target, r)]))
    } catch (e) {
      // a form that is not for the caller, or is gone, has no names for them
      if (e instanceof ApiError && (e.status === 404 || e.status === 403)) return {}
      throw e
    }
  },
  users: async () => (await must(api.GET('/api/v1/users'))).items,
  departments: async () => (await must(api.GET('/api/v1/departments'))).items,
  upload: sendFile,
  fileUrl: (file, place) => {
    const where = place?.id ? `?${new URLSearchParams({ form: place.form, record: place.id }).toString()}` : ''
    return `/api/v1/files/${file.id}${where}`
  },
  evaluate: async (form, ask) =>
    (await must(api.POST('/api/v1/apps/{app}/forms/{form}/evaluate', { ...at(form), body: ask }))).data,
}

export const ServicesContext = createContext<FormServices>(apiServices)

export const useServices = () => useContext(ServicesContext)
