import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { api, ApiError, keys, must, setCsrf } from '@/shared/api'
import { Button, Field, Input } from '@/shared/ui'
import { LanguageSwitch } from '../shell/LanguageSwitch'
import s from './signin.module.css'

/** Signing in, and back to where one wanted to go. */
export function SignIn() {
  const { t } = useTranslation('desk/signin')
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()

  async function submit(e: FormEvent<HTMLFormElement>) {
    e.preventDefault()
    const form = new FormData(e.currentTarget)
    setBusy(true)
    setError(undefined)
    try {
      const body = { login: String(form.get('login')), password: String(form.get('password')) }
      const signed = await must(api.POST('/api/v1/auth/login', { body }))
      client.clear()
      setCsrf(signed.csrf)
      await client.invalidateQueries({ queryKey: keys.me })
      const next = search.get('next') ?? '/'
      // Only addresses of ours: `//host` and `/\host` would lead elsewhere.
      if (/^\/m(\/|$)/.test(next)) location.assign(next)
      else await navigate(/^\/(?![/\\])/.test(next) ? next : '/', { replace: true })
    } catch (failure) {
      setError(failure instanceof ApiError && !failure.offline ? failure.message : t('away'))
      setBusy(false)
    }
  }

  return (
    <main className={s.page}>
      <form className={s.card} onSubmit={submit} aria-labelledby="signin-title">
        <img src="/icon.svg" width={40} height={40} alt="" />
        <h1 id="signin-title">{t('title')}</h1>
        <Field label={t('login')}>
          {(aria) => (
            <Input {...aria} name="login" autoComplete="username" required autoCapitalize="none" spellCheck={false} />
          )}
        </Field>
        <Field label={t('password')} error={error}>
          {(aria) => <Input {...aria} name="password" type="password" autoComplete="current-password" required />}
        </Field>
        <Button type="submit" tone="primary" busy={busy} wide>
          {t('submit')}
        </Button>
        <p className={s.note}>{t('forgot')}</p>
      </form>
      <LanguageSwitch />
    </main>
  )
}
