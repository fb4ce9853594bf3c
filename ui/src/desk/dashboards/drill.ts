import { splitForm } from '@/shared/api'

export type Filter = { [member: string]: unknown }

/**
 * The address of the list of exactly the records behind a figure. `from` names the dashboard that the list can lead back
 * to..
 */
export function listAddress(form: string, filter: Filter | null | undefined, from: string): string {
  const { app, form: key } = splitForm(form)
  const params = new URLSearchParams()
  if (filter && Object.keys(filter).length > 0) params.set('filter', JSON.stringify(filter))
  params.set('from', from)
  return `/apps/${app}/forms/${key}?${params.toString()}`
}
