import { CloudUpload, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useOutbox } from '@/shared/offline'
import { cx } from '@/shared/ui'
import s from './UnsentBadge.module.css'

/** How much has not reached the server yet; leads to what it is. */
export function UnsentBadge() {
  const { t } = useTranslation('rep')
  const entries = useOutbox()
  if (entries.length === 0) return null
  const stuck = entries.filter((e) => e.state === 'refused' || e.state === 'conflict').length
  return (
    <Link href="/unsent" className={cx(s.badge, stuck > 0 && s.stuck)}>
      {stuck > 0 ? (
        <TriangleAlert size={18} strokeWidth={1.75} aria-hidden />
      ) : (
        <CloudUpload size={18} strokeWidth={1.75} aria-hidden />
      )}
      {stuck > 0 ? t('unsent.stuck', { count: stuck }) : t('unsent.count', { count: entries.length })}
    </Link>
  )
}
