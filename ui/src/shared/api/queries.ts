import { QueryClient, useQuery } from '@tanstack/react-query'
import { api, must, setCsrf } from './client'
import { keys } from './keys'
import { ApiError } from './problem'
import type { components } from './schema'

export type Schemas = components['schemas']
export type AppEntry = Schemas['AppEntry']
export type AppDocument = Schemas['App']
export type FormEntry = Schemas['FormEntry']
export type RecordDocument = Schemas['Record']
export type User = Schemas['User']
export type Department = Schemas['Department']
export type Me = Schemas['Me']

/** Makes the cache: what the server refused is not asked again, what did not arrive is. */
export const newQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (count, error) => (error instanceof ApiError ? error.offline && count < 2 : count < 1),
        refetchOnWindowFocus: false,
      },
    },
  })

/** How the caller is fetched, for hooks and for prefetching alike. */
export const meQuery = {
  queryKey: keys.me,
  staleTime: 5 * 60_000,
  queryFn: async () => {
    const me = await must(api.GET('/api/v1/me'))
    setCsrf(me.csrf)
    return me
  },
}

/** Who is signed in; the error is a 401 `ApiError` when nobody is. */
export const useMe = () => useQuery(meQuery)

/** How the list of apps is fetched. */
export const appsQuery = {
  queryKey: keys.apps,
  staleTime: 5 * 60_000,
  queryFn: async () => (await must(api.GET('/api/v1/apps'))).items,
}

/** Apps in which the caller may do anything, in the order of the menu. */
export const useApps = () => useQuery(appsQuery)

/** How an app is fetched, for hooks and for prefetching alike. */
export const appQuery = (app: string) => ({
  queryKey: keys.app(app),
  staleTime: 5 * 60_000,
  queryFn: () => must(api.GET('/api/v1/apps/{app}', { params: { path: { app } } })),
})

/** Everything that is needed to show an app: forms, views, dashboards, as the caller may see them. */
export const useApp = (app: string) => useQuery({ ...appQuery(app), enabled: app !== '' })

/** Splits `app.form`. */
export function splitForm(name: string): { app: string; form: string } {
  const dot = name.indexOf('.')
  return { app: name.slice(0, dot), form: name.slice(dot + 1) }
}

/** A form by its full name `app.form`, from its app's document. */
export function useFormEntry(name: string) {
  const { app } = splitForm(name)
  return useQuery({ ...appQuery(app), enabled: app !== '', select: (a) => a.forms.find((f) => f.form === name) })
}

/** How the users are fetched. */
export const usersQuery = {
  queryKey: keys.users,
  staleTime: 5 * 60_000,
  queryFn: async () => (await must(api.GET('/api/v1/users'))).items,
}

/** All users whose name one may know, by name. */
export const useUsers = () => useQuery(usersQuery)

/** How the departments are fetched. */
export const departmentsQuery = {
  queryKey: keys.departments,
  staleTime: 5 * 60_000,
  queryFn: async () => (await must(api.GET('/api/v1/departments'))).items,
}

/** The tree of departments, parents before children. */
export const useDepartments = () => useQuery(departmentsQuery)
