import { Suspense, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, Outlet, useLocation, useNavigate } from 'react-router'
import { ApiError, onSignedOut, splitForm, useMe } from '@/shared/api'
import { LiveProvider } from '@/shared/live/useLive'
import { Failed, Skeleton } from '@/shared/ui'
import { apiServices, WidgetProvider } from '@/shared/widgets'
import { PaletteHost } from '../palette'
import { useOwnLanguage } from './ownLanguage'
import { Offline } from './Offline'
import { SideBar } from './SideBar'
import s from './Shell.module.css'

/** The frame of every page of somebody who is signed in; leads others to sign in, or to set the workspace up. */
export function Shell() {
  const me = useMe()
  const location = useLocation()
  const navigate = useNavigate()
  const { t } = useTranslation('desk/shell')
  const [open, setOpen] = useState(false)
  const here = location.pathname + location.search
  useOwnLanguage(me.data?.user.locale)
  const services = useMemo(() => {
    const hrefOf = (form: string, id: string) => `/apps/${splitForm(form).app}/forms/${splitForm(form).form}/${id}`
    return { ...apiServices, hrefOf, open: (form: string, id: string) => void navigate(hrefOf(form, id)) }
  }, [navigate])
  useEffect(() => onSignedOut(() => void navigate(`/login?next=${encodeURIComponent(here)}`)), [navigate, here])

  if (me.error) {
    if (me.error instanceof ApiError && me.error.status === 401) return <Unknown next={here} />
    return <Failed error={me.error} retry={() => void me.refetch()} />
  }
  if (!me.data) return <Skeleton rows={8} />
  return (
    <LiveProvider>
      <a className={s.skip} href="#main">
        {t('skip')}
      </a>
      <div className={s.shell}>
        <SideBar me={me.data} open={open} onOpenChange={setOpen} />
        <main id="main" className={s.main} tabIndex={-1}>
          <Offline />
          <Suspense fallback={<Skeleton rows={10} />}>
            <WidgetProvider services={services} density="desktop">
              <Outlet />
            </WidgetProvider>
          </Suspense>
        </main>
      </div>
      {/* Its texts come after the page's. */}
      <Suspense fallback={null}>
        <PaletteHost />
      </Suspense>
    </LiveProvider>
  )
}

/** Nobody is signed in: to the first run while the workspace waits for it, to signing in otherwise. */
function Unknown({ next }: { next: string }) {
  const [to, setTo] = useState<string>()
  useEffect(() => {
    void fetch('/api/v1/setup')
      .then((r) => r.json() as Promise<{ needed?: boolean }>)
      .then(
        (state) => setTo(state.needed ? '/setup' : `/login?next=${encodeURIComponent(next)}`),
        () => setTo(`/login?next=${encodeURIComponent(next)}`),
      )
  }, [next])
  return to ? <Navigate to={to} replace /> : null
}
