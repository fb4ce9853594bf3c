import { useCallback } from 'react'
import { useLocation, type AroundNavHandler } from 'wouter'

type Mark = { depth?: number } | null

/** How many pages of ours lie behind this one in the browser's history. */
const depth = () => (history.state as Mark)?.depth ?? 0

/** Counts our own steps, so that "back" knows whether there is a page of ours behind; a new page starts at its top. */
export const aroundNav: AroundNavHandler = (navigate, to, options) => {
  const next = options?.replace ? depth() : depth() + 1
  navigate(to, { ...options, state: { ...(options?.state as object | undefined), depth: next } })
  if (!options?.replace) window.scrollTo(0, 0)
}

/** Goes back to where one came from, or up to `parent` where the page was opened by its address. */
export function useBack(parent: string) {
  const [, navigate] = useLocation()
  return useCallback(() => {
    if (depth() > 0) history.back()
    else navigate(parent, { replace: true })
  }, [navigate, parent])
}

/** Addresses are those of the desktop below /m, so that a link can be opened on either. */
export function formPath(form: string): string {
  const dot = form.indexOf('.')
  return `/apps/${form.slice(0, dot)}/forms/${form.slice(dot + 1)}`
}

export const recordPath = (form: string, id: string) => `${formPath(form)}/${id}`

/** The form for a new record, with values it starts with. */
export function newPath(form: string, preset?: { [field: string]: string }, extra?: { [name: string]: string }) {
  const q = new URLSearchParams(extra)
  for (const [field, value] of Object.entries(preset ?? {})) q.set(`set.${field}`, value)
  const s = q.toString()
  return `${formPath(form)}/new${s ? `?${s}` : ''}`
}

/** Values that the address gives to a new record. */
export function presetOf(search: string): { [field: string]: string } {
  const out: { [field: string]: string } = {}
  for (const [name, value] of new URLSearchParams(search)) if (name.startsWith('set.')) out[name.slice(4)] = value
  return out
}

/** Where a dashboard, a view or a record that something names is shown on the phone. */
export function linkPath(link: { form?: string; id?: string; view?: string; page?: string; dashboard?: string }) {
  if (link.form && link.id) return recordPath(link.form, link.id)
  if (link.form) return formPath(link.form)
  if (link.dashboard) {
    const [app, key] = link.dashboard.split('.')
    return `/apps/${app}/dashboards/${key}`
  }
  return undefined
}
