import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/shared/api'
import { Field, IconButton, Input } from '@/shared/ui'
import { problemAt, type Wish } from './wish'
import s from './Setup.module.css'

type Props = { wish: Wish; change: (part: Partial<Wish>) => void; problems: Problem[] }

/** The first admin's login and password. */
export function AdminStep({ wish, change, problems }: Props) {
  const { t } = useTranslation('desk/setup')
  const [seen, setSeen] = useState(false)
  const missing = 10 - [...wish.password].length
  return (
    <>
      <Field label={t('admin.login')} required error={problemAt(problems, 'login')} help={t('admin.loginHelp')}>
        {(aria) => (
          <Input
            {...aria}
            value={wish.login}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(e) => change({ login: e.target.value })}
          />
        )}
      </Field>
      <Field
        label={t('admin.password')}
        required
        error={problemAt(problems, 'password')}
        help={wish.password && missing > 0 ? t('admin.passwordMissing', { count: missing }) : t('admin.passwordHelp')}
      >
        {(aria) => (
          <div className={s.password}>
            <Input
              {...aria}
              value={wish.password}
              type={seen ? 'text' : 'password'}
              autoComplete="new-password"
              onChange={(e) => change({ password: e.target.value })}
            />
            <IconButton label={seen ? t('admin.hide') : t('admin.show')} pressed={seen} onClick={() => setSeen(!seen)}>
              {seen ? (
                <EyeOff size={16} strokeWidth={1.75} aria-hidden />
              ) : (
                <Eye size={16} strokeWidth={1.75} aria-hidden />
              )}
            </IconButton>
          </div>
        )}
      </Field>
    </>
  )
}
