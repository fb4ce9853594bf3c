import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/shared/ui'
import { useUpdate } from './update'
import s from './UpdateNotice.module.css'

/** Says that a new version is ready; drafts are kept over it. */
export function UpdateNotice() {
  const { t } = useTranslation('rep')
  const take = useUpdate()
  const [later, setLater] = useState(false)
  if (!take || later) return null
  return (
    <div className={s.notice} role="status">
      <span>{t('update.ready')}</span>
      <Button tone="quiet" onClick={() => setLater(true)}>
        {t('update.later')}
      </Button>
      <Button tone="primary" onClick={take}>
        {t('update.take')}
      </Button>
    </div>
  )
}
