/** Keys of cached queries, the broadest part first, so that live events can drop what they touch. */
export const keys = {
  me: ['me'] as const,
  apps: ['apps'] as const,
  app: (app: string) => ['app', app] as const,
  users: ['users'] as const,
  departments: ['departments'] as const,
  /** Everything about records of `app.form`. */
  form: (form: string) => ['records', form] as const,
  record: (form: string, id: string) => ['records', form, 'one', id] as const,
  page: (form: string, ask: unknown) => ['records', form, 'page', ask] as const,
  figures: (form: string, ask: unknown) => ['records', form, 'figures', ask] as const,
  history: (form: string, id: string) => ['records', form, 'history', id] as const,
  timeline: (form: string, id: string) => ['records', form, 'timeline', id] as const,
  related: (form: string, id: string) => ['records', form, 'related', id] as const,
  dashboard: (name: string, ask?: unknown) => ['dashboard', name, ask] as const,
  jobs: ['jobs'] as const,
  notifications: ['notifications'] as const,
  templates: ['templates'] as const,
  preferences: ['preferences'] as const,
  favourites: ['favourites'] as const,
}
