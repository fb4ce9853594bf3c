import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useLocation, useNavigate, useParams } from 'react-router'
import { ApiError, onSignedOut, useMe } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { LiveProvider } from '@/shared/live/useLive'
import { Button, Failed, Skeleton } from '@/shared/ui'
import { StudioContext, useAppEntry, useLibrary } from './context'
import { Frame } from './frame/Frame'
import { NewApp } from './frame/NewApp'
import { pages, tabs, type Tab } from './frame/tabs'
import { apiRemote, localBackup } from './model/remote'
import type { Definition, FormDef } from './model/types'
import { Workbench } from './model/workbench'

/** The editor of an app: it has the window to itself. */
export function Studio() {
  const { app = '' } = useParams()
  const me = useMe()
  const location = useLocation()
  const navigate = useNavigate()
  const here = location.pathname + location.search
  useEffect(() => onSignedOut(() => void navigate(`/login?next=${encodeURIComponent(here)}`)), [navigate, here])
  if (me.error) {
    if (me.error instanceof ApiError && me.error.status === 401)
      return <Navigate to={`/login?next=${encodeURIComponent(here)}`} replace />
    return <Failed error={me.error} retry={() => void me.refetch()} />
  }
  if (!me.data) return <Skeleton rows={8} />
  return (
    <LiveProvider>{app === 'new' ? <NewApp /> : <Opened key={app} app={app} user={me.data.user.id} />}</LiveProvider>
  )
}

function Opened({ app, user }: { app: string; user: string }) {
  const { t } = useTranslation('studio')
  const navigate = useNavigate()
  const entry = useAppEntry(app)
  const [bench] = useState(() => new Workbench(apiRemote(app), localBackup(app, user)))
  const [value] = useState(() => ({ app, bench }))
  useEffect(() => {
    const leave = (e: BeforeUnloadEvent) => {
      if (!bench.unsaved) return
      void bench.flush()
      e.preventDefault() // it is on its way; what does not arrive is on this device
    }
    window.addEventListener('beforeunload', leave)
    return () => {
      window.removeEventListener('beforeunload', leave)
      void bench.flush()
    }
  }, [bench])
  if (entry.error) return <Failed error={entry.error} retry={() => void entry.refetch()} />
  if (!entry.isSuccess) return <Skeleton rows={8} />
  if (!entry.data || !entry.data.admin)
    return (
      <Failed
        error={new ApiError(entry.data ? 403 : 404)}
        action={<Button onClick={() => void navigate('/')}>{t('toHome')}</Button>}
      />
    )
  return (
    <StudioContext value={value}>
      <Page />
    </StudioContext>
  )
}

const listed = ['view', 'dashboard', 'automation', 'role', 'optionset'] as const

const lastForm = (app: string) => `formwork.studio.last.${app}`

/** The page that the address names; without one the form that was open last, or the first. */
function Page() {
  const { app = '', kind = '', key } = useParams()
  const { t } = useTranslation('studio')
  const text = useText()
  const library = useLibrary()
  const entry = useAppEntry(app)
  const forms = library.list<FormDef>('form')
  const tab = (tabs as readonly string[]).includes(kind) ? (kind as Tab) : undefined
  const remembered = sessionStorage.getItem(lastForm(app)) ?? ''
  const form =
    (tab === 'form' || tab === 'stages') && key
      ? key
      : ((forms.find((f) => f.key === remembered) ?? forms[0])?.key ?? '')
  useEffect(() => {
    if (form) sessionStorage.setItem(lastForm(app), form)
  }, [app, form])
  const title = text(entry.data?.title as Parameters<typeof text>[0])
  useEffect(() => {
    window.document.title = `${t('title', { app: title })} · Formwork`
  }, [t, title])

  if (!library.ready) return <Skeleton rows={10} />
  if (!tab) return <Navigate to={`/apps/${app}/edit/form${form ? `/${form}` : ''}`} replace />
  if ((tab === 'form' || tab === 'stages') && !key && form)
    return <Navigate to={`/apps/${app}/edit/${tab}/${form}`} replace />
  if (tab === 'app' && !key) return <Navigate to={`/apps/${app}/edit/app/${app}`} replace />
  // a place with a list opens its first: of the form one comes from where there is one
  if (!key && (listed as readonly string[]).includes(tab)) {
    const items = library.list<Definition>(tab as (typeof listed)[number])
    const first = items.find((x) => 'form' in x && x.form === form) ?? items[0]
    if (first) return <Navigate to={`/apps/${app}/edit/${tab}/${first.key}`} replace />
  }
  const Shown = pages[tab]
  return (
    <Frame tab={tab} kind={tab === 'stages' ? 'form' : tab} itemKey={key ?? ''} form={form} library={library}>
      <Shown key={`${tab}/${key ?? ''}`} itemKey={key ?? ''} form={form} library={library} />
    </Frame>
  )
}
