import { useQueryClient } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, must, type Schemas } from '@/shared/api'
import { useText, type Text } from '@/shared/i18n'
import { Button, cx, Icon, toast, toastError } from '@/shared/ui'
import s from './Gallery.module.css'

const told = ['form', 'view', 'dashboard', 'page', 'automation', 'role']

/** How many definitions of each kind the apps have together, of the kinds that people know. */
function countsOf(contents: Schemas['Template']['contents']): [string, number][] {
  const sum = (kind: string) => contents.reduce((n, app) => n + (app.counts[kind] ?? 0), 0)
  return told.map((kind): [string, number] => [kind, sum(kind)]).filter(([, n]) => n > 0)
}

/** A template: what is in it, how it looks, and one button that installs it, with or without demonstration data. */
export function TemplateCard({ template }: { template: Schemas['Template'] }) {
  const { t, i18n } = useTranslation('desk/templates')
  const text = useText()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [demo, setDemo] = useState(template.demo)
  const [busy, setBusy] = useState(false)
  const name = useId()
  const title = text(template.title as Text)

  async function install() {
    setBusy(true)
    try {
      await must(
        api.POST('/api/v1/templates/{key}/install', { params: { path: { key: template.key } }, body: { demo } }),
      )
      await client.invalidateQueries()
      toast(t('installed', { title }))
      await navigate('/')
    } catch (error) {
      toastError(error, t('away'))
      setBusy(false)
    }
  }

  const options = [
    { value: true, title: t('demo.with'), text: t('demo.withText') },
    { value: false, title: t('demo.without'), text: t('demo.withoutText') },
  ]
  // board.en.png is for those who read English; one without a language is for everybody else
  const inOwn = (name: string) => name.split('.').at(-2) === i18n.language
  const picture = template.pictures?.find(inOwn) ?? template.pictures?.find((name) => name.split('.').length === 2)
  return (
    <article className={s.card}>
      <div className={s.words}>
        <h3>{title}</h3>
        <p className={s.description}>{text(template.description as Text)}</p>
        <ul className={s.contents}>
          {template.contents.map((app) => (
            <li key={app.app}>
              <Icon name={app.icon} />
              <strong>{text(app.title)}</strong>
              <span>{app.forms.map((f) => text(f)).join(t('comma'))}</span>
            </li>
          ))}
        </ul>
        <p className={s.counts}>
          {countsOf(template.contents)
            .map(([kind, count]) => t(`count.${kind}`, { count }))
            .join(t('comma'))}
        </p>
        {template.installed ? (
          <p className={s.done}>
            <CircleCheck size={16} strokeWidth={1.75} aria-hidden /> {t('already', { version: template.installed })}
          </p>
        ) : (
          <>
            {template.demo && (
              <fieldset className={s.choices} disabled={busy}>
                <legend className="visually-hidden">{t('demo.title')}</legend>
                {options.map((o) => (
                  <label key={String(o.value)} className={cx(s.choice, demo === o.value && s.chosen)}>
                    <input
                      type="radio"
                      name={name}
                      checked={demo === o.value}
                      onChange={() => setDemo(o.value)}
                      aria-label={o.title}
                    />
                    <span>
                      <strong>{o.title}</strong>
                      <span>{o.text}</span>
                    </span>
                  </label>
                ))}
              </fieldset>
            )}
            <div className={s.go}>
              <Button tone="primary" size="large" busy={busy} onClick={() => void install()}>
                {busy ? t('installing') : t('install', { title })}
              </Button>
              <span>{t('changeable')}</span>
            </div>
          </>
        )}
      </div>
      {picture && (
        <div className={s.picture}>
          <img
            src={`/api/v1/templates/${template.key}/pictures/${picture}`}
            alt={t('picture', { title })}
            loading="lazy"
          />
        </div>
      )}
    </article>
  )
}
