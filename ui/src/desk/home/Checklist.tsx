import { CircleCheck, Circle, X } from 'lucide-react'
import { useQueries } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { appQuery, usePreference, useUsers, type AppEntry, type Me } from '@/shared/api'
import { useText, type Text } from '@/shared/i18n'
import { cx, IconButton } from '@/shared/ui'
import { menuOf } from '../shell/menu'
import { steps, type Progress } from './steps'
import s from './Home.module.css'

/** The short way of a new workspace to its first own record; goes when it is done or closed. */
export function Checklist({ me, apps }: { me: Me; apps: AppEntry[] }) {
  const { t } = useTranslation('desk/home')
  const text = useText()
  const [progress, setProgress] = usePreference<Progress>('checklist', {})
  const { data: users } = useUsers()
  const documents = useQueries({ queries: apps.filter((a) => a.version > 0).map((a) => appQuery(a.key)) })
  const app = documents.find((d) => d.data?.forms.some((f) => f.actions.includes('create')))?.data
  if (!me.user.admin || progress.closed || !app || !users) return null

  // The first form of the menu in which something can be entered; its own dashboard beside it.
  const order = menuOf(app)
  const form =
    order
      .map((m) => app.forms.find((f) => m.to.endsWith(`/forms/${f.key}`)))
      .find((f) => f?.actions.includes('create')) ?? app.forms[0]!
  const list = steps({
    app: app.key,
    form: form.key,
    dashboard: app.dashboards[0]?.key as string | undefined,
    progress,
    members: users.length,
  })
  const left = list.filter((x) => !x.done).length
  if (left === 0) return null
  return (
    <section className={s.checklist} aria-labelledby="checklist-title">
      <header>
        <h3 id="checklist-title">{t('checklist.title')}</h3>
        <span className="num">{t('checklist.left', { count: left })}</span>
        <IconButton
          size="small"
          label={t('checklist.close')}
          onClick={() => setProgress({ ...progress, closed: true })}
        >
          <X size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </header>
      <ol>
        {list.map((x) => {
          const title = t(`checklist.${x.key}`, { form: text(form.title as Text) })
          return (
            <li key={x.key} className={cx(x.done && s.stepDone)}>
              {x.done ? (
                <CircleCheck size={20} strokeWidth={1.75} aria-hidden />
              ) : (
                <Circle size={20} strokeWidth={1.75} aria-hidden />
              )}
              <span>
                {x.done ? (
                  <>
                    {title} <span className="visually-hidden">{t('checklist.done')}</span>
                  </>
                ) : x.to.startsWith('/m') ? (
                  <a href={x.to} onClick={() => setProgress({ ...progress, phone: true })}>
                    {title}
                  </a>
                ) : (
                  <Link to={x.to} onClick={() => x.mark && setProgress({ ...progress, [x.mark]: true })}>
                    {title}
                  </Link>
                )}
                <small>{t(`checklist.${x.key}Text`)}</small>
              </span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
