import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError, keys, must, useMe, type Me, type Problem } from '@/shared/api'
import { Button, Failed, Field, Input, Select, Skeleton, toast, toastError } from '@/shared/ui'
import { PageHeader } from '../shell'
import { currencies, problemAt, zoneName, zones } from '../setup/wish'
import { PasswordForm } from './PasswordForm'
import s from './Settings.module.css'

/** The workspace's name, language, time zone and currency for admins; one's own password for everybody. */
export function Settings() {
  const { t } = useTranslation('desk/settings')
  const me = useMe()
  if (me.error) return <Failed error={me.error} />
  if (!me.data) return <Skeleton />
  return (
    <>
      <PageHeader title={t('title')} />
      <div className={s.page}>
        {me.data.user.admin && <WorkspaceForm key={me.data.workspace.rev} me={me.data} />}
        <PasswordForm />
      </div>
    </>
  )
}

function WorkspaceForm({ me }: { me: Me }) {
  const { t, i18n } = useTranslation('desk/settings')
  const client = useQueryClient()
  const [w, setW] = useState({
    name: me.workspace.name,
    locale: me.workspace.locale,
    timezone: me.workspace.timezone,
    currency: me.workspace.currency,
  })
  const [problems, setProblems] = useState<Problem[]>([])
  const [busy, setBusy] = useState(false)
  const money = new Intl.DisplayNames(i18n.language, { type: 'currency' })

  async function save(e: FormEvent) {
    e.preventDefault()
    setBusy(true)
    setProblems([])
    try {
      await must(api.PATCH('/api/v1/workspace', { body: { ...w, rev: me.workspace.rev } }))
      await client.invalidateQueries({ queryKey: keys.me })
      toast(t('saved'))
    } catch (error) {
      if (error instanceof ApiError && error.problems.some((p) => p.pointer)) setProblems(error.problems)
      else toastError(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className={s.section} onSubmit={save}>
      <h2>{t('workspace')}</h2>
      <Field label={t('name')} required error={problemAt(problems, 'name')}>
        {(aria) => (
          <Input
            {...aria}
            value={w.name}
            maxLength={80}
            required
            onChange={(e) => setW({ ...w, name: e.target.value })}
          />
        )}
      </Field>
      <Field label={t('language')} help={t('languageHelp')} error={problemAt(problems, 'locale')}>
        {(aria) => (
          <Select {...aria} value={w.locale} onChange={(e) => setW({ ...w, locale: e.target.value })}>
            <option value="zh-CN">简体中文</option>
            <option value="en">English</option>
          </Select>
        )}
      </Field>
      <Field label={t('timezone')} help={t('timezoneHelp')} error={problemAt(problems, 'timezone')}>
        {(aria) => (
          <Select {...aria} value={w.timezone} onChange={(e) => setW({ ...w, timezone: e.target.value })}>
            {zones(w.timezone).map((z) => (
              <option key={z} value={z}>
                {zoneName(z)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('currency')} error={problemAt(problems, 'currency')}>
        {(aria) => (
          <Select {...aria} value={w.currency} onChange={(e) => setW({ ...w, currency: e.target.value })}>
            {[...new Set([...currencies, w.currency])].map((c) => (
              <option key={c} value={c}>
                {c} · {money.of(c)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div>
        <Button type="submit" tone="primary" busy={busy}>
          {t('save')}
        </Button>
      </div>
    </form>
  )
}
