import type { QueryClient } from '@tanstack/react-query'
import { appQuery, appsQuery, meQuery } from '@/shared/api'
import { loadTexts } from '@/shared/i18n'
import { pageAt, preload } from './pages'

/**
 * Asks at once for everything that the address is known to need: the page's chunk, its texts, who is reading, and the
 * app. Waiting for each before asking for the next would cost a poor network a second. Settles when all of it is there.
 */
export async function startEarly(client: QueryClient, path: string): Promise<void> {
  if (path.startsWith('/m/login')) return
  const { page, app } = pageAt(path)
  const form = page === 'create' || page === 'edit'
  const asked = [
    preload(page),
    loadTexts(form ? ['rep', 'shared/widgets', 'shared/form'] : ['rep']),
    client.prefetchQuery(meQuery),
    app && client.prefetchQuery(appQuery(app)),
    !form && client.prefetchQuery(appsQuery),
  ]
  if (form) afterwards(() => void rest(client))
  await Promise.all(asked)
}

/** A form needs its own app alone; the others come when there is time, for when there is no network. */
async function rest(client: QueryClient) {
  const apps = await client.fetchQuery(appsQuery).catch(() => [])
  for (const a of apps) await client.prefetchQuery(appQuery(a.key))
}

const afterwards = (run: () => void) =>
  setTimeout(() => ('requestIdleCallback' in globalThis ? requestIdleCallback(run, { timeout: 5000 }) : run()), 2000)
