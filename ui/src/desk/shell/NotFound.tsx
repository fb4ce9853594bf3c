import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { ApiError } from '@/shared/api'
import { Button, Failed } from '@/shared/ui'

/** What an address shows where there is nothing, or nothing for this reader, and the way to the place above. */
export function NotFound({ error = new ApiError(404), to = '/' }: { error?: unknown; to?: string }) {
  const { t } = useTranslation('desk/shell')
  const navigate = useNavigate()
  return (
    <Failed
      error={error}
      action={<Button onClick={() => void navigate(to)}>{to === '/' ? t('toHome') : t('toList')}</Button>}
    />
  )
}
