import { Suspense, useEffect, useState, type ReactNode } from 'react'
import { Redirect, Route, Router, Switch } from 'wouter'
import { ApiError, onSignedOut, useMe } from '@/shared/api'
import { LiveProvider } from '@/shared/live/useLive'
import { useOutboxSender } from '@/shared/offline'
import { Failed, Skeleton, Toasts } from '@/shared/ui'
import {
  Board,
  Browse,
  Drafts,
  EditRecord,
  Home,
  Inbox,
  List,
  Mine,
  NewRecord,
  NotFound,
  RecordPage,
  Search,
  Unsent,
} from './pages'
import { watchInstall } from './shell/install'
import { aroundNav } from './shell/nav'
import { Tabs } from './shell/Tabs'
import { useOwnLanguage } from './shell/ownLanguage'
import { watchUpdates } from './shell/update'
import { SignIn } from './signin/SignIn'

watchInstall()
watchUpdates()

/** The phone's app: everything below /m. */
export function Phone() {
  return (
    <Router base="/m" aroundNav={aroundNav}>
      <Switch>
        <Route path="/login">
          <SignIn />
        </Route>
        <Route>
          <Gate>
            <Suspense fallback={<Skeleton rows={8} />}>
              <Switch>
                <Route path="/" component={Home} />
                <Route path="/inbox" component={Inbox} />
                <Route path="/mine" component={Mine} />
                <Route path="/unsent" component={Unsent} />
                <Route path="/drafts" component={Drafts} />
                <Route path="/all" component={Browse} />
                <Route path="/search" component={Search} />
                <Route path="/apps/:app/dashboards/:key">{(p) => <Board name={`${p.app}.${p.key}`} />}</Route>
                <Route path="/apps/:app/forms/:form">
                  {(p) => <List key={`${p.app}.${p.form}`} form={`${p.app}.${p.form}`} />}
                </Route>
                <Route path="/apps/:app/forms/:form/new">
                  {(p) => <NewRecord key={`${p.app}.${p.form}`} form={`${p.app}.${p.form}`} />}
                </Route>
                <Route path="/apps/:app/forms/:form/:id">
                  {(p) => <RecordPage key={p.id} form={`${p.app}.${p.form}`} id={p.id} />}
                </Route>
                <Route path="/apps/:app/forms/:form/:id/edit">
                  {(p) => <EditRecord key={p.id} form={`${p.app}.${p.form}`} id={p.id} />}
                </Route>
                <Route component={NotFound} />
              </Switch>
            </Suspense>
          </Gate>
        </Route>
      </Switch>
      <Toasts />
    </Router>
  )
}

/** Lets in who is signed in, and who was when the server was last heard. */
function Gate({ children }: { children: ReactNode }) {
  const me = useMe()
  const [out, setOut] = useState(false)
  useOwnLanguage(me.data?.user.locale)
  useEffect(() => onSignedOut(() => setOut(true)), [])

  const refused = me.error instanceof ApiError && me.error.status === 401
  if (out || refused) return <Redirect to={`/login?next=${encodeURIComponent(location.pathname + location.search)}`} />
  if (!me.data) {
    if (me.error) return <Failed error={me.error} retry={() => void me.refetch()} />
    return <Skeleton rows={8} />
  }
  return (
    <LiveProvider>
      <Sender user={me.data.user.id} />
      {children}
      <Tabs />
    </LiveProvider>
  )
}

function Sender({ user }: { user: string }) {
  useOutboxSender(user)
  return null
}
