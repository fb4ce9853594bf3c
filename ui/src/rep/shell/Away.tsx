import { CloudOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLiveState } from '@/shared/live/useLive'
import s from './Away.module.css'

/** Says that the server cannot be heard, and what that means for the reader. */
export function Away({ text }: { text?: string }) {
  const { t } = useTranslation('rep')
  const away = useLiveState() === 'away'
  return (
    <div role="status">
      {away && (
        <p className={s.away}>
          <CloudOff size={20} strokeWidth={1.75} aria-hidden />
          {text ?? t('away')}
        </p>
      )}
    </div>
  )
}
