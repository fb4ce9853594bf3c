import { CloudUpload, Download, FilePen, KeyRound, LayoutGrid, LogOut, MonitorSmartphone, Pin } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, must, useDepartments, useMe } from '@/shared/api'
import { languages, setLanguage, useText, type Language } from '@/shared/i18n'
import { forgetCache, useOutbox } from '@/shared/offline'
import { setTheme, useTheme, type ThemeChoice } from '@/shared/theme/theme'
import { Avatar, Segmented, toastError } from '@/shared/ui'
import { useCatalog } from '../model/catalog'
import { usePinned } from '../model/pinned'
import { useInstall } from '../shell/install'
import { Page } from '../shell/Page'
import { Group, Row } from '../shell/Rows'
import { useDraftList } from './useDrafts'
import s from './Mine.module.css'

const PinSheet = lazy(() => import('./PinSheet'))
const PasswordSheet = lazy(() => import('./PasswordSheet'))
const SignOut = lazy(() => import('./SignOut'))
const names: Record<Language, string> = { 'zh-CN': '中文', en: 'English' }

/** Who I am, what of mine waits, how the app looks, and the way out. */
export default function Mine() {
  const { t, i18n } = useTranslation('rep')
  const text = useText()
  const me = useMe().data
  const client = useQueryClient()
  const departments = useDepartments().data
  const theme = useTheme()
  const catalog = useCatalog()
  const pinned = usePinned(catalog)
  const unsent = useOutbox().length
  const drafts = useDraftList().length
  const install = useInstall()
  const [open, setOpen] = useState<'pin' | 'password' | 'out'>()
  const icon = { size: 20, strokeWidth: 1.75, 'aria-hidden': true } as const
  const department = departments?.find((d) => d.id === me?.user.department)?.name

  /** The choice is the person's, so that other devices and messages follow it; here it holds at once. */
  async function choose(language: Language) {
    await setLanguage(language)
    try {
      await must(api.PATCH('/api/v1/me', { body: { locale: language } }))
      await client.invalidateQueries({ queryKey: ['me'] })
    } catch (e) {
      toastError(e, t('away'))
    }
  }

  return (
    <Page title={t('tabs.mine')}>
      {me && (
        <div className={s.me}>
          <Avatar name={me.user.name} id={me.user.id} size={40} />
          <span>
            <strong>{me.user.name}</strong>
            <small>{[department, me.workspace.name].filter(Boolean).join(' · ')}</small>
          </span>
        </div>
      )}
      <Group>
        <Row icon={<CloudUpload {...icon} />} label={t('mine.unsent')} value={unsent || undefined} href="/unsent" />
        <Row icon={<FilePen {...icon} />} label={t('mine.drafts')} value={drafts || undefined} href="/drafts" />
        <Row icon={<LayoutGrid {...icon} />} label={t('mine.all')} href="/all" />
      </Group>
      <Group title={t('mine.look')}>
        <div className={s.setting}>
          <span>{t('mine.language')}</span>
          <Segmented
            label={t('mine.language')}
            value={i18n.language as Language}
            options={languages.map((l) => ({ value: l, label: <span lang={l}>{names[l]}</span> }))}
            onChange={(l) => void choose(l)}
          />
        </div>
        <div className={s.setting}>
          <span>{t('mine.theme')}</span>
          <Segmented<ThemeChoice>
            label={t('mine.theme')}
            value={theme.choice}
            options={(['system', 'light', 'dark'] as const).map((v) => ({ value: v, label: t(`mine.${v}`) }))}
            onChange={setTheme}
          />
        </div>
        {pinned && (
          <Row
            icon={<Pin {...icon} />}
            label={t('mine.pin')}
            value={text(pinned.title)}
            onClick={() => setOpen('pin')}
          />
        )}
      </Group>
      <Group>
        {install.possible && (
          <Row icon={<Download {...icon} />} label={t('mine.install')} onClick={() => void install.ask()} />
        )}
        <Row icon={<MonitorSmartphone {...icon} />} label={t('mine.desktop')} onClick={() => location.assign('/')} />
        <Row icon={<KeyRound {...icon} />} label={t('password.title')} onClick={() => setOpen('password')} />
        <Row icon={<LogOut {...icon} />} label={t('mine.out')} onClick={() => setOpen('out')} />
      </Group>
      <Suspense fallback={null}>
        {open === 'pin' && <PinSheet chosen={pinned?.form} onClose={() => setOpen(undefined)} />}
        {open === 'password' && <PasswordSheet onClose={() => setOpen(undefined)} />}
        {open === 'out' && (
          <SignOut
            unsent={unsent}
            onClose={() => setOpen(undefined)}
            onOut={async () => {
              client.clear()
              await forgetCache()
            }}
          />
        )}
      </Suspense>
    </Page>
  )
}
