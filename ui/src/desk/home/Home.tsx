import { useQueries } from '@tanstack/react-query'
import { LayoutTemplate } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { appQuery, useApps, useMe } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { useText } from '@/shared/i18n'
import { Button, Empty, Failed, Icon, Skeleton } from '@/shared/ui'
import { useRecent } from '../palette'
import { PageHeader } from '../shell'
import { menuOf } from '../shell/menu'
import { Checklist } from './Checklist'
import { Favourites } from './Favourites'
import { MyPage } from './MyPage'
import s from './Home.module.css'

/** Where one begins: the next steps of a new workspace, what was open last, and the apps. */
export function Home() {
  const { t } = useTranslation('desk/home')
  const format = useFormat()
  const { data: me } = useMe()
  const apps = useApps()
  const navigate = useNavigate()
  if (apps.error) return <Failed error={apps.error} retry={() => void apps.refetch()} />
  if (!apps.data || !me) return <Skeleton rows={8} />
  return (
    <>
      <PageHeader title={t('title')} />
      <div className={s.page}>
        <div className={s.greeting}>
          <h2>{t('greeting', { name: me.user.name })}</h2>
          <p>{format.day(format.today(), 'full')}</p>
        </div>
        {apps.data.length === 0 ? (
          <Empty
            icon={<LayoutTemplate size={24} strokeWidth={1.75} />}
            title={me.user.admin ? t('none.admin') : t('none.member')}
            action={
              me.user.admin && (
                <Button tone="primary" onClick={() => void navigate('/templates')}>
                  {t('none.action')}
                </Button>
              )
            }
          >
            {me.user.admin ? t('none.adminText') : t('none.memberText')}
          </Empty>
        ) : (
          <>
            <Checklist me={me} apps={apps.data} />
            <MyPage />
            <Favourites />
            <Recents />
            <Apps />
          </>
        )}
      </div>
    </>
  )
}

function Recents() {
  const { t } = useTranslation('desk/home')
  const format = useFormat()
  const recent = useRecent()
  if (recent.length === 0) return null
  return (
    <section className={s.section} aria-labelledby="recent-title">
      <h3 id="recent-title">{t('recent')}</h3>
      <ul className={s.recent}>
        {recent.slice(0, 8).map((r) => (
          <li key={r.to}>
            <Link to={r.to}>
              <Icon name={r.icon} />
              <span className="ellipsis">{r.title}</span>
              <span className={s.note}>{r.note}</span>
              <time className={s.time} dateTime={new Date(r.at).toISOString()}>
                {format.ago(new Date(r.at).toISOString())}
              </time>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Apps() {
  const { t } = useTranslation('desk/home')
  const text = useText()
  const { data: apps = [] } = useApps()
  const documents = useQueries({ queries: apps.filter((a) => a.version > 0).map((a) => appQuery(a.key)) })
  return (
    <section className={s.section} aria-labelledby="apps-title">
      <h3 id="apps-title">{t('apps')}</h3>
      <div className={s.apps}>
        {documents.map(({ data: app }) => {
          if (!app) return null
          return (
            <article key={app.key} className={s.app}>
              <h4>
                <Icon name={app.icon} /> {text(app.title)}
              </h4>
              <p>{text(app.description)}</p>
              <ul>
                {menuOf(app).map((m) => (
                  <li key={m.to}>
                    <Link to={m.to}>
                      <Icon name={m.icon} /> {text(m.title)}
                    </Link>
                  </li>
                ))}
              </ul>
            </article>
          )
        })}
      </div>
    </section>
  )
}
