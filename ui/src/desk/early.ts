import type { QueryClient } from '@tanstack/react-query'
import { appQuery, appsQuery, meQuery, type AppEntry } from '@/shared/api'
import { loadTexts } from '@/shared/i18n'
import { preloadIcons } from '@/shared/ui'
import type { newDeskRouter } from './router'

/**
 * What every page of somebody who is signed in needs before it can be drawn, asked for at once: so that it is drawn once,
 * and not in pieces as one after the other comes.
 */
export async function startEarly(client: QueryClient, path: string, texts: string[] = []) {
  if (path === '/login' || path === '/setup') return
  const app = /^\/apps\/([^/]+)/.exec(path)?.[1]
  const apps = client
    .fetchQuery(appsQuery)
    .then((list) => Promise.all(usable(list).map((a) => client.prefetchQuery(appQuery(a.key)))))
    .catch(() => undefined) // the pages say so
  await Promise.all([
    client.prefetchQuery(meQuery),
    app && client.prefetchQuery(appQuery(app)),
    apps,
    loadTexts(['desk/shell', ...texts]),
    preloadIcons(),
  ])
}

/** Those that come with the document (earlyEach in server/api); the first draw waits for no others. */
const usable = (list: readonly AppEntry[]) => list.filter((a) => a.version > 0).slice(0, 16)

/** Once the router has the first page. */
export const firstPage = (router: ReturnType<typeof newDeskRouter>) =>
  new Promise<void>((resolve) => {
    if (router.state.initialized) return resolve()
    const stop = router.subscribe((state) => {
      if (!state.initialized) return
      stop()
      resolve()
    })
  })
