import { CloudOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLiveState } from '@/shared/live/useLive'
import s from './Shell.module.css'

/** Says that the server cannot be heard; what is on the page may be old. */
export function Offline() {
  const { t } = useTranslation('desk/shell')
  if (useLiveState() !== 'away') return null
  return (
    <div className={s.away} role="status">
      <CloudOff size={16} strokeWidth={1.75} aria-hidden /> {t('away')}
    </div>
  )
}
