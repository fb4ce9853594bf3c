import { useQueries } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { appQuery, useApps, useMe } from '@/shared/api'
import { setLanguage, useText, type Text } from '@/shared/i18n'
import { setTheme, useTheme } from '@/shared/theme/theme'
import { openShortcuts } from './open'

/** Something the palette can do: go somewhere, or run. */
export type Command = {
  key: string
  title: string
  icon?: string
  note?: string
  words?: string[]
  to?: string
  run?: () => void
}

/** Every form, view, dashboard and page the caller can go to, and a few things to do, in groups. */
export function useCommands(): { key: string; title: string; items: Command[] }[] {
  const { t, i18n } = useTranslation('desk/palette')
  const text = useText()
  const { data: me } = useMe()
  const { data: apps } = useApps()
  const { shown } = useTheme()
  const documents = useQueries({ queries: (apps ?? []).filter((a) => a.version > 0).map((a) => appQuery(a.key)) })

  const places: Command[] = []
  const create: Command[] = []
  for (const { data: app } of documents) {
    if (!app) continue
    const note = text(app.title)
    for (const f of app.forms) {
      const at = `/apps/${app.key}/forms/${f.key}`
      const title = text(f.title as Text)
      places.push({ key: at, title, icon: f.icon ?? 'table', note, words: [note, f.key], to: at })
      if (f.actions.includes('create'))
        create.push({
          key: `new ${at}`,
          title: t('create', { form: title }),
          icon: f.icon ?? 'table',
          note,
          words: ['new', 'xinjian'],
          to: `${at}/new`,
        })
    }
    for (const v of app.views) {
      const form = app.forms.find((f) => f.key === v.form || f.form === v.form)
      if (form)
        places.push({
          key: `view ${app.key} ${String(v.key)}`,
          title: text(v.title as Text),
          icon: 'list',
          note: text(form.title as Text),
          words: [text(form.title as Text)],
          to: `/apps/${app.key}/forms/${form.key}?view=${String(v.key)}`,
        })
    }
    for (const d of app.dashboards) {
      places.push({
        key: `dashboard ${app.key} ${String(d.key)}`,
        title: text(d.title as Text),
        icon: 'layout-dashboard',
        note,
        to: `/apps/${app.key}/dashboards/${String(d.key)}`,
      })
    }
    if (app.admin)
      places.push({
        key: `edit ${app.key}`,
        title: t('edit', { app: note }),
        icon: 'wrench',
        words: ['edit', 'studio'],
        to: `/apps/${app.key}/edit`,
      })
  }

  const pages: Command[] = [
    { key: 'home', title: t('home'), icon: 'house', to: '/' },
    { key: 'inbox', title: t('inbox'), icon: 'inbox', to: '/inbox' },
  ]
  if (me?.user.admin)
    pages.push(
      { key: 'templates', title: t('templates'), icon: 'layout-grid', to: '/templates' },
      { key: 'people', title: t('people'), icon: 'users', to: '/people' },
      { key: 'settings', title: t('settings'), icon: 'settings', to: '/settings' },
    )
  const other = i18n.language === 'en' ? 'zh-CN' : 'en'
  const acts: Command[] = [
    {
      key: 'theme',
      title: shown === 'dark' ? t('light') : t('dark'),
      icon: 'sun',
      words: ['theme', 'dark', 'light'],
      run: () => setTheme(shown === 'dark' ? 'light' : 'dark'),
    },
    {
      key: 'language',
      title: t('language'),
      icon: 'globe',
      words: ['language', 'english', '中文'],
      run: () => void setLanguage(other),
    },
    { key: 'shortcuts', title: t('shortcuts'), icon: 'list-checks', run: openShortcuts },
  ]
  return [
    { key: 'places', title: t('places'), items: places },
    { key: 'create', title: t('createGroup'), items: create },
    { key: 'pages', title: t('pages'), items: pages },
    { key: 'acts', title: t('acts'), items: acts },
  ].filter((g) => g.items.length > 0)
}
