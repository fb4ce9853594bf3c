import type { QueryClient } from '@tanstack/react-query'
import type { LoaderFunctionArgs } from 'react-router'
import { api, departmentsQuery, keys, must, usersQuery, type Schemas } from '@/shared/api'
import { loadTexts } from '@/shared/i18n'
import { askOf } from './period'

/** How the figures of a dashboard are fetched, for the page and ahead of it alike. */
export const figuresQuery = (name: string, ask: Record<string, string>) => ({
  queryKey: keys.dashboard(name, ask),
  queryFn: ({ signal }: { signal: AbortSignal }): Promise<Schemas['DashboardData']> =>
    must(api.GET('/api/v1/dashboards/{dashboard}/data', { params: { path: { dashboard: name }, query: ask }, signal })),
})

/** So long the page waits for its figures before it shows the places where they will stand. */
const patience = 250

/** Asks for the figures as soon as the address is known: drawn once, and complete where they come soon. */
export const loadDashboard =
  (client: QueryClient) =>
  async ({ params: { app = '', dashboard = '' }, request }: LoaderFunctionArgs) => {
    const ask = askOf(new URL(request.url).searchParams)
    const drawn = Promise.all([
      client.prefetchQuery(figuresQuery(`${app}.${dashboard}`, ask)),
      client.prefetchQuery(departmentsQuery), // the filter stands beside the period
      client.prefetchQuery(usersQuery),
    ])
    const enough = new Promise<void>((resolve) => setTimeout(resolve, patience))
    await Promise.all([Promise.race([drawn, enough]), loadTexts(['desk/dashboards'])])
    return null
  }
