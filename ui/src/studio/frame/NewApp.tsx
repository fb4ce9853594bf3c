import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, ApiError, keys, useApps } from '@/shared/api'
import { currentLanguage, type Text } from '@/shared/i18n'
import { Button, Field, Input, toastError } from '@/shared/ui'
import { newForm } from '../model/form'
import { hyphenKey, keyOk } from '../model/keys'
import { bothLanguages } from '../model/starts'
import type { AppDef, Definition, RoleDef } from '../model/types'
import { ColorPicker } from '../pickers/ColorPicker'
import { IconPicker } from '../pickers/IconPicker'
import { TextInput } from '../pickers/TextInput'
import s from './Frame.module.css'

/** Begins an app: its name and look, a first form, and a role with which everybody may use it. All of it is a draft. */
export function NewApp() {
  const { t } = useTranslation('studio')
  const navigate = useNavigate()
  const client = useQueryClient()
  const apps = useApps()
  const [title, setTitle] = useState<Text>()
  const [own, setOwn] = useState<string>()
  const [icon, setIcon] = useState('box')
  const [color, setColor] = useState('blue')
  const [busy, setBusy] = useState(false)
  const taken = new Set([...(apps.data ?? []).map((a) => a.key), 'new'])
  const key = own ?? hyphenKey(title, 'app', taken)
  const wrong = !keyOk(key) ? t('keys.wrong') : taken.has(key) ? t('keys.taken') : undefined

  const begin = async () => {
    if (!title || wrong) return
    setBusy(true)
    const form = newForm('item', bothLanguages('form'), bothLanguages('name'), bothLanguages('basics'))
    const app: AppDef = { kind: 'app', key, title, icon, color, menu: [{ form: 'item' }] }
    const role: RoleDef = {
      kind: 'role',
      key: 'member',
      title: bothLanguages('member'),
      members: { default: true },
      forms: [{ form: 'item', actions: ['read', 'create', 'update', 'delete', 'transition', 'export'] }],
    }
    try {
      for (const d of [app, form, role] as Definition[]) {
        await api.PUT('/api/v1/apps/{app}/definitions/{kind}/{key}', {
          params: { path: { app: key, kind: d.kind, key: d.key } },
          body: d as never,
        })
      }
      await client.invalidateQueries({ queryKey: keys.apps })
      void navigate(`/apps/${key}/edit/form/item`, { replace: true })
    } catch (e) {
      toastError(e instanceof ApiError ? e : undefined)
      setBusy(false)
    }
  }
  return (
    <main className={s.center}>
      <form
        className={s.form}
        onSubmit={(e) => {
          e.preventDefault()
          void begin()
        }}
      >
        <h1>{t('newApp.title')}</h1>
        <p className={s.note}>{t('newApp.text')}</p>
        <Field label={t('newApp.name')} required>
          {(aria) => <TextInput {...aria} value={title} onChange={setTitle} both lang={currentLanguage()} />}
        </Field>
        <Field label={t('keys.label')} help={t('keys.help')} error={wrong}>
          {(aria) => <Input {...aria} value={key} onChange={(e) => setOwn(e.target.value)} />}
        </Field>
        <div style={{ display: 'flex', gap: 16 }}>
          <IconPicker label={t('icon')} value={icon} onChange={(v) => setIcon(v ?? 'box')} />
          <ColorPicker label={t('color')} value={color} onChange={setColor} />
        </div>
        <div style={{ display: 'flex', gap: 8 }}>
          <Button type="submit" tone="primary" busy={busy} disabled={!title || Boolean(wrong)}>
            {t('newApp.action')}
          </Button>
          <Button onClick={() => void navigate('/')}>{t('newApp.back')}</Button>
        </div>
      </form>
    </main>
  )
}
