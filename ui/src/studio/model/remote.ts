import { api, ApiError } from '@/shared/api'
import type { Backup, Remote } from './workbench'
import type { Definition } from './types'

const tag = (r: Response) => (r.headers.get('ETag') ?? '').replace(/^W\//, '')

/** The definitions of an app over the API. */
export function apiRemote(app: string): Remote {
  const url = '/api/v1/apps/{app}/definitions/{kind}/{key}' as const
  return {
    async read(kind, key) {
      try {
        const { data, response } = await api.GET(url, { params: { path: { app, kind, key } } })
        return {
          value: data as unknown as Definition,
          etag: tag(response),
          draft: response.headers.get('X-Formwork-Draft') === 'true',
        }
      } catch (e) {
        if (e instanceof ApiError && e.status === 404) return undefined
        throw e
      }
    },
    async write(kind, key, value, etag) {
      const { response } = await api.PUT(url, {
        params: { path: { app, kind, key }, header: etag ? { 'If-Match': etag } : {} },
        body: value as never,
      })
      return tag(response)
    },
    async remove(kind, key) {
      await api.DELETE(url, { params: { path: { app, kind, key } } })
    },
  }
}

/** Unsaved definitions in this browser's storage, for one app and one person. */
export function localBackup(app: string, user: string): Backup {
  const at = (name: string) => `formwork.studio.${user}.${app}.${name}`
  return {
    get(name) {
      try {
        const s = localStorage.getItem(at(name))
        return s ? (JSON.parse(s) as { value: Definition; base: Definition | null }) : undefined
      } catch {
        return undefined
      }
    },
    set(name, value, base) {
      try {
        localStorage.setItem(at(name), JSON.stringify({ value, base: base ?? null }))
      } catch {
        // no room: the draft is on its way to the server all the same
      }
    },
    drop: (name) => localStorage.removeItem(at(name)),
  }
}
