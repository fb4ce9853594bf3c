import type { QueryClient, QueryKey } from '@tanstack/react-query'
import { setCsrf, type Me } from '../api'
import { deviceStore, type Store } from './store'

export type Kept = { id: string; key: QueryKey; data: unknown; at: number }

const store = deviceStore<Kept>('cache')
const life = 14 * 86_400_000
const most = 250
/** What is needed to work without the server: who one is, definitions, what was looked at last. */
const wanted = new Set(['me', 'apps', 'app', 'users', 'departments', 'records', 'page', 'notifications', 'favourites'])

export const isKept = (key: QueryKey) => wanted.has(String(key[0])) && key[2] !== 'figures'

/** Puts what this device remembers into the cache, old, so that it shows at once and is asked for again. */
export async function restoreCache(client: QueryClient, from: Store<Kept> = store, now = Date.now()) {
  const all = await from.all().catch(() => [])
  const { live, dead } = sift(all, now)
  for (const k of live) client.setQueryData(k.key, k.data, { updatedAt: 1 })
  const me = client.getQueryData<Me>(['me'])
  if (me) setCsrf(me.csrf)
  if (dead.length > 0) void from.remove(...dead.map((k) => k.id))
}

/** What is still worth keeping, and what is not: too old, or more than the device should hold. */
export function sift(all: Kept[], now: number): { live: Kept[]; dead: Kept[] } {
  const byAge = [...all].sort((a, b) => b.at - a.at)
  const live: Kept[] = []
  const dead: Kept[] = []
  for (const k of byAge) {
    const definition = k.key[0] !== 'records'
    ;(now - k.at < life && (definition || live.length < most) ? live : dead).push(k)
  }
  return { live, dead }
}

/** Remembers answers as they come. Returns how to stop. */
export function keepCache(client: QueryClient, to: Store<Kept> = store): () => void {
  const waiting = new Map<string, Kept>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    for (const k of waiting.values()) void to.put(k).catch(() => undefined)
    waiting.clear()
  }
  const stop = client.getQueryCache().subscribe((e) => {
    if (e.type !== 'updated' || e.action.type !== 'success' || e.action.manual || !isKept(e.query.queryKey)) return
    const { queryHash: id, queryKey: key } = e.query
    waiting.set(id, { id, key, data: firstPage(e.query.state.data), at: Date.now() })
    // At once, together with what comes in the same moment: the page may be gone in the next.
    timer ??= setTimeout(flush)
  })
  addEventListener('pagehide', flush)
  return () => {
    clearTimeout(timer)
    removeEventListener('pagehide', flush)
    flush()
    stop()
  }
}

/** Of a list that was read page by page the first page is kept: the rest would be old in parts. */
function firstPage(data: unknown): unknown {
  const d = data as { pages?: unknown[]; pageParams?: unknown[] } | undefined
  if (!Array.isArray(d?.pages) || !Array.isArray(d.pageParams)) return data
  return { pages: d.pages.slice(0, 1), pageParams: d.pageParams.slice(0, 1) }
}

/** Forgets everything that was read: somebody else may use the device next. What is unsent stays. */
export async function forgetCache(from: Store<Kept> = store) {
  const all = await from.all().catch(() => [])
  await from.remove(...all.map((k) => k.id)).catch(() => undefined)
}
