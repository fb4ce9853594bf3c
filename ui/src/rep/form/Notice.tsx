import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import s from './Notice.module.css'

type Props = { children: ReactNode; onClose?: () => void; action?: { label: string; run: () => void } }

/** A line that says what happened to what one typed, and the way out of it. */
export function Notice({ children, onClose, action }: Props) {
  const { t } = useTranslation('rep')
  return (
    <div className={s.notice} role="status">
      <div className={s.text}>{children}</div>
      {action && (
        <button type="button" className={s.action} onClick={action.run}>
          {action.label}
        </button>
      )}
      {onClose && (
        <button type="button" className={s.close} aria-label={t('close')} onClick={onClose}>
          <X size={16} strokeWidth={1.75} aria-hidden />
        </button>
      )}
    </div>
  )
}
