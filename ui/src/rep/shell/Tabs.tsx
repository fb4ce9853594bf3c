import { Inbox, Plus, Sun, User } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { useText } from '@/shared/i18n'
import { cx, Icon } from '@/shared/ui'
import { useUnread } from '../inbox/useUnread'
import { useCatalog } from '../model/catalog'
import { usePinned } from '../model/pinned'
import { formPath } from './nav'
import s from './Tabs.module.css'

/** Home, lists and boards have the bar; records, forms and what is below me have bars of their own. */
const isTop = (path: string) =>
  ['/', '/inbox', '/mine', '/all'].includes(path) || /^\/apps\/[^/]+\/(forms|dashboards)\/[^/]+$/.test(path)

const Create = lazy(() => import('./Create'))

/** The bar at the bottom: home, the pinned form, a new record, what waits, me. Pages below a tab have bars of their own. */
export function Tabs() {
  const [here] = useLocation()
  return isTop(here) ? <Bar here={here} /> : null
}

function Bar({ here }: { here: string }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const catalog = useCatalog()
  const pinned = usePinned(catalog)
  const unread = useUnread()
  const [creating, setCreating] = useState(false)
  const pinnedPath = pinned && formPath(pinned.form)

  const tab = (to: string, icon: ReactNode, label: string, count = 0) => (
    <Link
      href={to}
      replace={here !== '/'}
      className={cx(s.tab, here === to && s.here)}
      aria-current={here === to ? 'page' : undefined}
    >
      <span className={s.icon}>
        {icon}
        {count > 0 && <span className={cx(s.count, 'num')}>{count > 99 ? '99+' : count}</span>}
      </span>
      <span className={s.label}>{label}</span>
      {count > 0 && <span className="visually-hidden">{t('tabs.unread', { count })}</span>}
    </Link>
  )

  return (
    <nav className={s.tabs} aria-label={t('tabs.label')}>
      {tab('/', <Sun size={22} strokeWidth={1.75} aria-hidden />, t('tabs.home'))}
      {pinned && pinnedPath
        ? tab(pinnedPath, <Icon name={pinned.icon ?? 'table'} size={20} />, text(pinned.title))
        : tab('/all', <Icon name="layout-grid" size={20} />, t('tabs.all'))}
      <button type="button" className={s.plus} aria-label={t('tabs.create')} onClick={() => setCreating(true)}>
        <span>
          <Plus size={24} strokeWidth={2} aria-hidden />
        </span>
      </button>
      {tab('/inbox', <Inbox size={22} strokeWidth={1.75} aria-hidden />, t('tabs.inbox'), unread)}
      {tab('/mine', <User size={22} strokeWidth={1.75} aria-hidden />, t('tabs.mine'))}
      {creating && (
        <Suspense fallback={null}>
          <Create onClose={() => setCreating(false)} />
        </Suspense>
      )}
    </nav>
  )
}
