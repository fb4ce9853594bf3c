import type { QueryClient } from '@tanstack/react-query'
import { createBrowserRouter, type RouteObject } from 'react-router'
import { NotFound, Shell } from './shell'
import { PageFailed } from './shell/PageFailed'

/**
 * Every desktop page, a lazy chunk each. A record's address is that of its list plus its id, so that cutting the address
 * leads up.
 */
const pagesOf = (client: QueryClient): RouteObject[] => [
  { index: true, lazy: async () => ({ Component: (await import('./home')).Home }) },
  { path: 'templates', lazy: async () => ({ Component: (await import('./templates')).Gallery }) },
  { path: 'people', lazy: async () => ({ Component: (await import('./people')).People }) },
  { path: 'people/import', lazy: async () => ({ Component: (await import('./imports')).PeopleImportPage }) },
  { path: 'settings', lazy: async () => ({ Component: (await import('./settings')).Settings }) },
  { path: 'inbox', lazy: async () => ({ Component: (await import('./inbox')).Inbox }) },
  { path: 'apps/:app', lazy: async () => ({ Component: (await import('./home')).AppHome }) },
  { path: 'apps/:app/forms/:form', lazy: async () => ({ Component: (await import('./records')).RecordList }) },
  { path: 'apps/:app/forms/:form/new', lazy: async () => ({ Component: (await import('./record')).NewRecord }) },
  { path: 'apps/:app/forms/:form/bin', lazy: async () => ({ Component: (await import('./records')).RecycleBin }) },
  { path: 'apps/:app/forms/:form/import', lazy: async () => ({ Component: (await import('./imports')).ImportPage }) },
  { path: 'apps/:app/forms/:form/:id', lazy: async () => ({ Component: (await import('./record')).RecordPage }) },
  {
    path: 'apps/:app/dashboards/:dashboard',
    shouldRevalidate: () => false, // the page follows its address by itself
    lazy: async () => {
      const { DashboardPage, loadDashboard } = await import('./dashboards')
      return { Component: DashboardPage, loader: loadDashboard(client) }
    },
  },
  { path: 'apps/:app/roles', lazy: async () => ({ Component: (await import('../studio')).RolesPage }) },
]

/** While the first page's chunk is on its way; it takes a moment only. */
const Nothing = () => null

export const newDeskRouter = (client: QueryClient) =>
  createBrowserRouter([
    { path: '/login', HydrateFallback: Nothing, lazy: async () => ({ Component: (await import('./signin')).SignIn }) },
    { path: '/setup', HydrateFallback: Nothing, lazy: async () => ({ Component: (await import('./setup')).Setup }) },
    // The editor has the window to itself.
    {
      path: '/apps/:app/edit/:kind?/:key?',
      lazy: async () => ({ Component: (await import('../studio')).Studio }),
      ErrorBoundary: PageFailed,
      HydrateFallback: Nothing,
    },
    {
      path: '/',
      Component: Shell,
      ErrorBoundary: PageFailed,
      HydrateFallback: Nothing,
      children: [...pagesOf(client), { path: '*', Component: NotFound }],
    },
  ])
