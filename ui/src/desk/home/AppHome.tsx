import { Navigate, useParams } from 'react-router'
import { useApp } from '@/shared/api'
import { Empty, Failed, Skeleton } from '@/shared/ui'
import { useTranslation } from 'react-i18next'
import { menuOf } from '../shell/menu'

/** An app's address leads to the first thing of its menu. */
export function AppHome() {
  const { app = '' } = useParams()
  const { t } = useTranslation('desk/home')
  const found = useApp(app)
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Skeleton />
  const first = menuOf(found.data)[0]
  return first ? <Navigate to={first.to} replace /> : <Empty title={t('emptyApp')} />
}
