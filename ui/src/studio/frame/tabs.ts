import { lazy, type ComponentType } from 'react'
import type { Library } from '../context'

/** The parts of an app that have an editor, in the order of the tabs; the first six have a tab of their own. */
export const tabs = [
  'form',
  'stages',
  'view',
  'dashboard',
  'automation',
  'role',
  'optionset',
  'app',
  'calendar',
] as const
export type Tab = (typeof tabs)[number]

/** What every editor gets: the key of what it edits, the form one comes from, and everything else of the app. */
export type PageProps = { itemKey: string; form: string; library: Library }

export const pages: { [T in Tab]: ComponentType<PageProps> } = {
  form: lazy(async () => ({ default: (await import('../forms/FormPage')).FormPage })),
  stages: lazy(async () => ({ default: (await import('../stages/StagesPage')).StagesPage })),
  view: lazy(async () => ({ default: (await import('../views/ViewsPage')).ViewsPage })),
  dashboard: lazy(async () => ({ default: (await import('../dashboards/DashboardsPage')).DashboardsPage })),
  automation: lazy(async () => ({ default: (await import('../automations/AutomationsPage')).AutomationsPage })),
  role: lazy(async () => ({ default: (await import('../roles/RolesEditor')).RolesEditor })),
  optionset: lazy(async () => ({ default: (await import('../optionsets/OptionSetsPage')).OptionSetsPage })),
  app: lazy(async () => ({ default: (await import('../app/AppPage')).AppPage })),
  calendar: lazy(async () => ({ default: (await import('../json/CalendarPage')).CalendarPage })),
}
