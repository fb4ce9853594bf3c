import type { QueryClient } from '@tanstack/react-query'
import { appQuery, appsQuery, meQuery } from '@/shared/api'

/** What every page of somebody who is signed in needs before it can be drawn, asked for at once. */
export async function startEarly(client: QueryClient, path: string) {
  if (path === '/login' || path === '/setup') return
  const app = /^\/apps\/([^/]+)/.exec(path)?.[1]
  const asked = [client.prefetchQuery(meQuery), client.prefetchQuery(appsQuery)]
  if (app) asked.push(client.prefetchQuery(appQuery(app)))
  await Promise.all(asked)
}
