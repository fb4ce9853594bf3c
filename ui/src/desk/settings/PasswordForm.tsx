import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError, keys, must, setCsrf, type Problem } from '@/shared/api'
import { Button, Field, Input, toast, toastError } from '@/shared/ui'
import { problemAt } from '../setup/wish'
import s from './Settings.module.css'

/** Changing one's password; it ends every other session. */
export function PasswordForm() {
  const { t } = useTranslation('desk/settings')
  const client = useQueryClient()
  const [old, setOld] = useState('')
  const [fresh, setFresh] = useState('')
  const [problems, setProblems] = useState<Problem[]>([])
  const [busy, setBusy] = useState(false)

  async function save(e: FormEvent) {
    e.preventDefault()
    setBusy(true)
    setProblems([])
    try {
      const signed = await must(api.POST('/api/v1/me/password', { body: { old, password: fresh } }))
      if (signed) setCsrf(signed.csrf)
      await client.invalidateQueries({ queryKey: keys.me })
      setOld('')
      setFresh('')
      toast(t('password.saved'))
    } catch (error) {
      if (error instanceof ApiError && error.problems.length > 0) setProblems(error.problems)
      else toastError(error)
    } finally {
      setBusy(false)
    }
  }

  const other = problems.find((p) => p.pointer !== '/old' && p.pointer !== '/password')?.message
  return (
    <form className={s.section} onSubmit={save}>
      <h2>{t('password.title')}</h2>
      <Field label={t('password.old')} error={problemAt(problems, 'old') ?? other}>
        {(aria) => (
          <Input
            {...aria}
            type="password"
            autoComplete="current-password"
            required
            value={old}
            onChange={(e) => setOld(e.target.value)}
          />
        )}
      </Field>
      <Field label={t('password.new')} help={t('password.help')} error={problemAt(problems, 'password')}>
        {(aria) => (
          <Input
            {...aria}
            type="password"
            autoComplete="new-password"
            required
            minLength={10}
            value={fresh}
            onChange={(e) => setFresh(e.target.value)}
          />
        )}
      </Field>
      <div>
        <Button type="submit" busy={busy} disabled={!old || fresh.length < 10}>
          {t('password.save')}
        </Button>
      </div>
    </form>
  )
}
