import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError, must } from '@/shared/api'
import { Button, Field, Input, toast } from '@/shared/ui'
import { Sheet } from '../shell/Sheet'
import s from './PasswordSheet.module.css'

/** A new password; other devices are signed out by it. */
export default function PasswordSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('rep')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()

  async function submit(e: FormEvent<HTMLFormElement>) {
    e.preventDefault()
    const form = new FormData(e.currentTarget)
    setBusy(true)
    setError(undefined)
    try {
      const body = { old: String(form.get('old')), password: String(form.get('password')) }
      await must(api.POST('/api/v1/me/password', { body }))
      toast(t('password.done'))
      onClose()
    } catch (failure) {
      setError(failure instanceof ApiError && !failure.offline ? failure.message : t('signin.away'))
      setBusy(false)
    }
  }

  return (
    <Sheet title={t('password.title')} onClose={onClose}>
      <form className={s.form} onSubmit={(e) => void submit(e)}>
        <Field label={t('password.old')}>
          {(aria) => (
            <Input {...aria} className={s.input} name="old" type="password" autoComplete="current-password" required />
          )}
        </Field>
        <Field label={t('password.new')} help={t('password.help')} error={error}>
          {(aria) => (
            <Input
              {...aria}
              className={s.input}
              name="password"
              type="password"
              autoComplete="new-password"
              minLength={10}
              required
            />
          )}
        </Field>
        <Button type="submit" size="large" tone="primary" wide busy={busy}>
          {t('password.title')}
        </Button>
      </form>
    </Sheet>
  )
}
