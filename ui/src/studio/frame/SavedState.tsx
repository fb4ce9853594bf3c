import { Check, CircleAlert, CloudOff, LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/shared/format'
import { cx } from '@/shared/ui'
import type { Doc } from '../model/workbench'
import s from './Frame.module.css'

/** Whether what I did is with the server, and if not, why, and where it is. */
export function SavedState({ doc }: { doc: Doc | undefined }) {
  const { t } = useTranslation('studio')
  const format = useFormat()
  if (!doc) return null
  const icon = { size: 14, 'aria-hidden': true } as const
  const say = (shape: React.ReactNode, words: string, tone?: string) => (
    <span className={cx(s.saved, tone)} role="status" title={words}>
      {shape}
      <span className="ellipsis">{words}</span>
    </span>
  )
  switch (doc.state) {
    case 'waiting':
    case 'saving':
      return say(<LoaderCircle {...icon} />, t('saved.saving'))
    case 'away':
      return say(<CloudOff {...icon} />, t('saved.away'), s.savedWarn)
    case 'refused':
      return say(<CircleAlert {...icon} />, t('saved.refused', { why: doc.error?.message ?? '' }), s.savedBad)
    case 'conflict':
      return say(<CircleAlert {...icon} />, t('saved.conflict'), s.savedWarn)
    default: {
      if (!doc.draft) return null
      const at = doc.savedAt
        ? new Intl.DateTimeFormat(format.reader.language, {
            hour: '2-digit',
            minute: '2-digit',
            hourCycle: 'h23',
            timeZone: format.reader.zone,
          }).format(doc.savedAt)
        : ''
      return say(<Check {...icon} />, doc.joined ? t('saved.joined') : t('saved.done', { at }).trim())
    }
  }
}
