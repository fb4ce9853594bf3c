import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useSearch } from 'wouter'
import { api, ApiError, keys, must, setCsrf } from '@/shared/api'
import { currentLanguage, languages, setLanguage } from '@/shared/i18n'
import { forgetCache } from '@/shared/offline'
import { Button, Field, Input } from '@/shared/ui'
import s from './SignIn.module.css'

/** Signing in on the phone, and back to where one wanted to go. */
export function SignIn() {
  const { t } = useTranslation('rep')
  const search = useSearch()
  const [, navigate] = useLocation()
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
      await forgetCache()
      setCsrf(signed.csrf)
      await client.invalidateQueries({ queryKey: keys.me })
      const next = new URLSearchParams(search).get('next') ?? ''
      navigate(/^\/m(\/|\?|$)/.test(next) ? next.slice(2) || '/' : '/', { replace: true })
    } catch (failure) {
      setError(failure instanceof ApiError && !failure.offline ? failure.message : t('signin.away'))
      setBusy(false)
    }
  }

  return (
    <main className={s.page}>
      <form className={s.form} onSubmit={submit} aria-labelledby="signin-title">
        <img src="/icon.svg" width={48} height={48} alt="" />
        <h1 id="signin-title">{t('signin.title')}</h1>
        <Field label={t('signin.login')}>
          {(aria) => (
            <Input
              {...aria}
              className={s.input}
              name="login"
              autoComplete="username"
              required
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
        <Field label={t('signin.password')} error={error}>
          {(aria) => (
            <Input
              {...aria}
              className={s.input}
              name="password"
              type="password"
              autoComplete="current-password"
              required
            />
          )}
        </Field>
        <Button type="submit" tone="primary" size="large" busy={busy} wide>
          {t('signin.submit')}
        </Button>
        <p className={s.note}>{t('signin.forgot')}</p>
      </form>
      <p className={s.languages}>
        {languages.map((l) => (
          <button
            key={l}
            type="button"
            lang={l}
            aria-pressed={l === currentLanguage()}
            onClick={() => void setLanguage(l)}
          >
            {l === 'en' ? 'English' : '中文'}
          </button>
        ))}
      </p>
    </main>
  )
}
