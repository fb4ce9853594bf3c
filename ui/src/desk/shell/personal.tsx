import { useQueryClient } from '@tanstack/react-query'
import { Keyboard, Languages, LayoutTemplate, LogOut, Moon, Settings, Smartphone, Users } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, keys, type Me } from '@/shared/api'
import { languages, setLanguage, type Language } from '@/shared/i18n'
import type { MenuEntry } from '@/shared/overlay'
import { setTheme, useTheme, type ThemeChoice } from '@/shared/theme/theme'
import { toastError } from '@/shared/ui'
import { openShortcuts } from '../palette'

const glyph = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const
const names: Record<Language, string> = { 'zh-CN': '中文', en: 'English' }

/** What belongs to the workspace; for admins only. */
export function useWorkspaceMenu(me: Me): MenuEntry[] {
  const { t } = useTranslation('desk/shell')
  const navigate = useNavigate()
  const go = (to: string) => () => void navigate(to)
  if (!me.user.admin) return [{ kind: 'label', label: me.workspace.name }]
  return [
    { label: t('templates'), icon: <LayoutTemplate {...glyph} />, onSelect: go('/templates') },
    { label: t('people'), icon: <Users {...glyph} />, onSelect: go('/people') },
    { label: t('settings'), icon: <Settings {...glyph} />, onSelect: go('/settings') },
  ]
}

/** What belongs to the person: language, theme, keyboard, phone, signing out. */
export function useOwnMenu(me: Me): MenuEntry[] {
  const { t, i18n } = useTranslation('desk/shell')
  const client = useQueryClient()
  const navigate = useNavigate()
  const { choice } = useTheme()

  async function speak(language: Language) {
    await setLanguage(language)
    try {
      await api.PATCH('/api/v1/me', { body: { locale: language } })
      await client.invalidateQueries({ queryKey: keys.me })
    } catch (error) {
      toastError(error)
    }
  }

  async function leave() {
    try {
      await api.POST('/api/v1/auth/logout')
    } finally {
      await navigate('/login')
      client.clear()
    }
  }

  return [
    { kind: 'label', label: me.user.login ?? me.user.name },
    {
      kind: 'sub',
      label: t('language'),
      icon: <Languages {...glyph} />,
      items: languages.map((l) => ({
        kind: 'check',
        label: <span lang={l}>{names[l]}</span>,
        checked: i18n.language === l,
        onChange: () => void speak(l),
      })),
    },
    {
      kind: 'sub',
      label: t('theme.title'),
      icon: <Moon {...glyph} />,
      items: (['system', 'light', 'dark'] as ThemeChoice[]).map((c) => ({
        kind: 'check',
        label: t(`theme.${c}`),
        checked: choice === c,
        onChange: () => setTheme(c),
      })),
    },
    { label: t('shortcuts'), icon: <Keyboard {...glyph} />, keys: '?', onSelect: openShortcuts },
    { label: t('phone'), icon: <Smartphone {...glyph} />, onSelect: () => location.assign('/m') },
    { kind: 'line' },
    { label: t('signOut'), icon: <LogOut {...glyph} />, onSelect: () => void leave() },
  ]
}
