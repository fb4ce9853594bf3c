import type { AppDocument } from '@/shared/api'
import type { Text } from '@/shared/i18n'

export type MenuItem = { to: string; title: Text; icon: string }

/** The app's menu as its definition orders it; what it leaves out comes after: forms, then dashboards. */
export function menuOf(app: AppDocument): MenuItem[] {
  const forms = new Map(
    app.forms.map((f) => [
      f.key,
      { to: `/apps/${app.key}/forms/${f.key}`, title: f.title as Text, icon: f.icon ?? 'table' },
    ]),
  )
  const boards = new Map(
    app.dashboards.map((d) => [
      String(d.key),
      { to: `/apps/${app.key}/dashboards/${String(d.key)}`, title: d.title as Text, icon: 'layout-dashboard' },
    ]),
  )
  const out: MenuItem[] = []
  const take = (from: Map<string, MenuItem>, key: unknown) => {
    const item = from.get(String(key))
    if (item) out.push(item)
    from.delete(String(key))
  }
  for (const m of app.menu ?? []) {
    if (m.form) take(forms, m.form)
    else if (m.dashboard) take(boards, m.dashboard)
  }
  return [...out, ...forms.values(), ...boards.values()]
}
