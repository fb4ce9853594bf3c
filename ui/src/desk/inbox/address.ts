import { splitForm, type Schemas } from '@/shared/api'

/** The page that a notification leads to. */
export function addressOf(link: Schemas['Notification']['link']): string | undefined {
  if (!link) return undefined
  if (link.form) {
    const { app, form } = splitForm(link.form)
    return `/apps/${app}/forms/${form}${link.id ? `/${link.id}` : ''}`
  }
  if (link.dashboard) {
    const { app, form } = splitForm(link.dashboard)
    return `/apps/${app}/dashboards/${form}`
  }
  return undefined
}
