import type { QueryClient } from '@tanstack/react-query'
import { appQuery, appsQuery, meQuery } from '@/shared/api'
import { loadTexts } from '@/shared/i18n'
import { pageAt, preload } from './pages'

/**
 * Asks at once for everything that the address is known to need: the page's chunk, its texts, who is reading, and the
 * app. Waiting for each before asking for the next would cost a poor network a second.
 */
export function startEarly(client: QueryClient, path: string) {
  if (path.startsWith('/m/login')) return
  const { page, app } = pageAt(path)
  preload(page)
  loadTexts(page === 'create' || page === 'edit' ? ['rep', 'shared/widgets', 'shared/form'] : ['rep'])
  void client.prefetchQuery(meQuery)
  void client.prefetchQuery(appsQuery)
  if (app) void client.prefetchQuery(appQuery(app))
}
