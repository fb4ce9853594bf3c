import { CircleAlert, CloudOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api'
import { Button } from './Button'
import s from './State.module.css'

/** What stands where there is nothing yet: what this place is for, and the next step. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className={s.state}>
      {icon && <div className={s.icon}>{icon}</div>}
      <p className={s.title}>{title}</p>
      {children && <div className={s.text}>{children}</div>}
      {action && <div className={s.action}>{action}</div>}
    </div>
  )
}

/** What went wrong, what it means, and how to go on: once more, or by `action` to another place. */
export function Failed({ error, retry, action }: { error: unknown; retry?: () => void; action?: ReactNode }) {
  const { t } = useTranslation('shared/ui')
  const e = error instanceof ApiError ? error : undefined
  const away = e?.offline
  // what is not there, or not for this reader, does not come by asking again
  const hopeless = e?.status === 404 || e?.status === 403
  return (
    <div className={s.state} role="alert">
      <div className={s.icon}>
        {away ? <CloudOff size={24} strokeWidth={1.75} /> : <CircleAlert size={24} strokeWidth={1.75} />}
      </div>
      <p className={s.title}>
        {away
          ? t('failed.away')
          : e?.status === 404
            ? t('failed.notFound')
            : e?.status === 403
              ? t('failed.forbidden')
              : t('failed.title')}
      </p>
      <div className={s.text}>
        {away
          ? t('failed.awayText')
          : e?.status === 404
            ? t('failed.notFoundText')
            : e?.status === 403 && e.code === 'unknown'
              ? t('failed.forbiddenText')
              : (e?.message ?? t('failed.text'))}
        {e?.requestId && <span className={s.request}>{t('failed.request', { id: e.requestId })}</span>}
      </div>
      {((retry && !hopeless) || action) && (
        <div className={s.action}>
          {retry && !hopeless && <Button onClick={retry}>{t('failed.retry')}</Button>}
          {action}
        </div>
      )}
    </div>
  )
}

/** Bars in the shape of what comes; shown only after 300 ms. */
export function Skeleton({ rows = 5, height = 16 }: { rows?: number; height?: number }) {
  const { t } = useTranslation('shared/ui')
  return (
    <div className={s.skeleton} role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, i) => (
        <span key={i} style={{ height, width: `${[92, 78, 85, 64, 73][i % 5]}%` }} />
      ))}
    </div>
  )
}
