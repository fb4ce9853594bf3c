import type { QueryClient } from '@tanstack/react-query'
import { ApiError, type RecordDocument } from '@/shared/api'
import { isLocalFile, keepFile, localFileUrl } from '@/shared/offline'
import { apiServices, type FormServices, type Hit } from '@/shared/widgets'

let client: QueryClient | undefined

/** The cache that pickers fall back on when the server is away. */
export const rememberWith = (c: QueryClient) => void (client = c)

const away = (e: unknown) => e instanceof ApiError && e.offline

/** The server's services, with what this device remembers when it is away. */
export const phoneServices: FormServices = {
  ...apiServices,
  async search(target, query, signal) {
    try {
      return await apiServices.search(target, query, signal)
    } catch (e) {
      if (!away(e)) throw e
      return remembered(target.form, target.titleField, query)
    }
  },
  async titles(target, ids) {
    try {
      return await apiServices.titles(target, ids)
    } catch (e) {
      if (!away(e)) throw e
      const known = new Map(remembered(target.form, target.titleField, '', Infinity).map((h) => [h.id, h.title]))
      return Object.fromEntries(ids.flatMap((id) => (known.has(id) ? [[id, known.get(id)!]] : [])))
    }
  },
  async upload(file, options) {
    try {
      return await apiServices.upload(file, options)
    } catch (e) {
      if (!away(e)) throw e
      return keepFile(file)
    }
  },
  fileUrl: (file, place) => (isLocalFile(file.id) ? localFileUrl(file.id) : apiServices.fileUrl(file, place)),
}

type Cached = { pages?: { items: RecordDocument[] }[] } | RecordDocument | undefined

/** Records of a form that were read before, by what their title holds. */
export function remembered(form: string, titleField: string | undefined, query: string, most = 20): Hit[] {
  const found = new Map<string, string>()
  for (const [, data] of client?.getQueriesData<Cached>({ queryKey: ['records', form] }) ?? []) {
    const items =
      data && 'pages' in data ? (data.pages ?? []).flatMap((p) => p.items) : data && 'id' in data ? [data] : []
    for (const r of items as RecordDocument[]) {
      const title = titleField ? r.data?.[titleField] : undefined
      if (typeof title === 'string' && title !== '') found.set(r.id, title)
    }
  }
  const words = query.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return [...found]
    .map(([id, title]) => ({ id, title }))
    .filter((h) => words.every((w) => h.title.toLocaleLowerCase().includes(w)))
    .slice(0, most)
}
