import { useQueries } from '@tanstack/react-query'
import { ChevronsUpDown, House, Inbox, Menu as Bars, PanelLeftClose, PanelLeftOpen, Search } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, useLocation } from 'react-router'
import { appQuery, useApps, type Me } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Menu } from '@/shared/overlay'
import { Avatar, cx, Icon, IconButton, Kbd } from '@/shared/ui'
import { openPalette } from '../palette'
import { menuOf } from './menu'
import { Unread } from './Unread'
import { useOwnMenu, useWorkspaceMenu } from './personal'
import s from './SideBar.module.css'

type Props = { me: Me; open: boolean; onOpenChange: (open: boolean) => void }

const stored = 'formwork.sidebar'

/** Where one can go: search, inbox, then the apps with their forms and dashboards. Collapses to icons. */
export function SideBar({ me, open, onOpenChange }: Props) {
  const { t } = useTranslation('desk/shell')
  const [narrow, setNarrow] = useState(localStorage.getItem(stored) === 'narrow')
  const workspace = useWorkspaceMenu(me)
  const own = useOwnMenu(me)
  const close = () => onOpenChange(false)
  const collapse = (v: boolean) => {
    localStorage.setItem(stored, v ? 'narrow' : 'wide')
    setNarrow(v)
  }
  return (
    <>
      <IconButton
        className={cx(s.burger, 'no-print')}
        label={t('menu')}
        aria-expanded={open}
        onClick={() => onOpenChange(!open)}
      >
        <Bars size={20} strokeWidth={1.75} aria-hidden />
      </IconButton>
      {open && <button type="button" className={s.shade} aria-label={t('closeMenu')} onClick={close} />}
      <nav className={cx(s.bar, narrow && s.narrow, open && s.open, 'no-print')} aria-label={t('menu')}>
        <Menu
          trigger={
            <button type="button" className={s.workspace} title={me.workspace.name}>
              <Avatar name={me.workspace.name} size={24} square />
              <span className={cx(s.label, 'ellipsis')}>{me.workspace.name}</span>
              <ChevronsUpDown size={14} aria-hidden className={s.label} />
            </button>
          }
          items={workspace}
        />
        <button type="button" className={s.item} onClick={openPalette} title={t('search')}>
          <Search size={16} strokeWidth={1.75} aria-hidden />
          <span className={s.label}>{t('search')}</span>
          <span className={s.end}>
            <Kbd keys="mod+k" />
          </span>
        </button>
        <NavLink to="/" end className={s.item} onClick={close} title={t('home')}>
          <House size={16} strokeWidth={1.75} aria-hidden />
          <span className={s.label}>{t('home')}</span>
        </NavLink>
        <NavLink to="/inbox" className={s.item} onClick={close} title={t('inbox')}>
          <Inbox size={16} strokeWidth={1.75} aria-hidden />
          <span className={s.label}>{t('inbox')}</span>
          <span className={s.end}>
            <Unread />
          </span>
        </NavLink>
        <div className={s.apps}>
          <Apps onGo={close} />
        </div>
        <div className={s.foot}>
          <Menu
            trigger={
              <button type="button" className={s.item} title={me.user.name}>
                <Avatar name={me.user.name} id={me.user.id} size={20} />
                <span className={cx(s.label, 'ellipsis')}>{me.user.name}</span>
                {me.user.admin && <span className={cx(s.end, s.role)}>{t('admin')}</span>}
              </button>
            }
            items={own}
          />
          <IconButton
            className={s.collapse}
            size="small"
            label={narrow ? t('expand') : t('collapse')}
            onClick={() => collapse(!narrow)}
          >
            {narrow ? (
              <PanelLeftOpen size={16} strokeWidth={1.75} aria-hidden />
            ) : (
              <PanelLeftClose size={16} strokeWidth={1.75} aria-hidden />
            )}
          </IconButton>
        </div>
      </nav>
    </>
  )
}

function Apps({ onGo }: { onGo: () => void }) {
  const { t } = useTranslation('desk/shell')
  const text = useText()
  const location = useLocation()
  const apps = useApps()
  const documents = useQueries({ queries: (apps.data ?? []).filter((a) => a.version > 0).map((a) => appQuery(a.key)) })
  if (apps.data?.length === 0) return <p className={s.hint}>{t('noApps')}</p>
  return documents.map(({ data: app }) => {
    if (!app) return null
    return (
      <section key={app.key} aria-label={text(app.title)}>
        <h2 className={s.heading}>
          <span className={s.label}>{text(app.title)}</span>
        </h2>
        {menuOf(app).map((m) => (
          <NavLink
            key={m.to}
            to={m.to}
            className={() =>
              cx(s.item, (location.pathname === m.to || location.pathname.startsWith(`${m.to}/`)) && 'active')
            }
            onClick={onGo}
            title={text(m.title)}
          >
            <Icon name={m.icon} />
            <span className={cx(s.label, 'ellipsis')}>{text(m.title)}</span>
          </NavLink>
        ))}
      </section>
    )
  })
}
