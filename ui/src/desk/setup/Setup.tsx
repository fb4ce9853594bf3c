import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useNavigate, useSearchParams } from 'react-router'
import { api, ApiError, keys, must, setCsrf, type Problem } from '@/shared/api'
import { currentLanguage, setLanguage, type Language } from '@/shared/i18n'
import { Button, Failed, toastError } from '@/shared/ui'
import { AdminStep } from './AdminStep'
import { WorkspaceStep } from './WorkspaceStep'
import { firstWish, stepOf, type Wish } from './wish'
import s from './Setup.module.css'

const steps = ['workspace', 'admin'] as const

/** The first run: names the workspace, makes its first admin and leads to the templates. */
export function Setup() {
  const { t } = useTranslation('desk/setup')
  const [search] = useSearchParams()
  const token = search.get('token') ?? undefined
  const navigate = useNavigate()
  const client = useQueryClient()
  const [step, setStep] = useState(0)
  const [wish, setWish] = useState<Wish>(() => firstWish(currentLanguage()))
  const [problems, setProblems] = useState<Problem[]>([])
  const [busy, setBusy] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  const state = useQuery({
    queryKey: ['setup', token],
    queryFn: () => must(api.GET('/api/v1/setup', { params: { query: { token } } })),
  })

  useEffect(() => {
    document.title = `${t('title')} · Formwork`
    heading.current?.focus()
  }, [step, t])

  if (state.error) return <Failed error={state.error} retry={() => void state.refetch()} />
  if (!state.data) return null
  if (!state.data.needed) return <Navigate to="/" replace />
  if (!state.data.allowed) return <NotAllowed />

  const change = (part: Partial<Wish>) => {
    setWish({ ...wish, ...part })
    setProblems([])
    if (part.locale) void setLanguage(part.locale as Language)
  }

  async function finish() {
    setBusy(true)
    try {
      const signed = await must(api.POST('/api/v1/setup', { params: { query: { token } }, body: wish }))
      setCsrf(signed.csrf)
      await client.invalidateQueries({ queryKey: keys.me })
      await navigate('/templates?welcome', { replace: true })
    } catch (error) {
      setBusy(false)
      if (!(error instanceof ApiError) || error.problems.length === 0) return toastError(error, t('away'))
      setProblems(error.problems)
      setStep(stepOf(error.problems))
    }
  }

  const name = steps[step]!
  return (
    <main className={s.page}>
      <div className={s.intro}>
        <img src="/icon.svg" width={40} height={40} alt="" />
        <p className={s.hello}>{t('hello')}</p>
        <p>{t('promise')}</p>
      </div>
      <form
        className={s.card}
        noValidate
        onSubmit={(e) => {
          e.preventDefault()
          if (step < steps.length - 1) setStep(step + 1)
          else void finish()
        }}
      >
        <p className={s.progress}>{t('progress', { step: step + 1, of: steps.length + 1 })}</p>
        <h1 ref={heading} tabIndex={-1}>
          {t(`${name}.title`)}
        </h1>
        <p className={s.lead}>{t(`${name}.lead`)}</p>
        {name === 'workspace' ? (
          <WorkspaceStep wish={wish} change={change} problems={problems} />
        ) : (
          <AdminStep wish={wish} change={change} problems={problems} />
        )}
        <div className={s.buttons}>
          {step > 0 && (
            <Button onClick={() => setStep(step - 1)} disabled={busy}>
              {t('back')}
            </Button>
          )}
          <Button
            type="submit"
            tone="primary"
            busy={busy}
            disabled={name === 'admin' && (!wish.login || wish.password.length < 10)}
          >
            {t(`${name}.next`)}
          </Button>
        </div>
      </form>
    </main>
  )
}

/** The workspace waits, but this browser has not proved that it may set it up. */
function NotAllowed() {
  const { t } = useTranslation('desk/setup')
  return (
    <main className={s.page}>
      <div className={s.card}>
        <h1>{t('link.title')}</h1>
        <p>{t('link.text')}</p>
        <pre className={s.sample}>open this link once to set the workspace up url=http://…/setup?token=…</pre>
        <p className={s.lead}>{t('link.restart')}</p>
      </div>
    </main>
  )
}
