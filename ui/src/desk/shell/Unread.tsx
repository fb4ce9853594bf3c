import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, keys, must } from '@/shared/api'
import { Count } from '@/shared/ui'

/** How much of the inbox was not read yet; nothing where everything was. */
export function Unread() {
  const { t } = useTranslation('desk/shell')
  const { data } = useQuery({
    queryKey: [...keys.notifications, 'count'],
    queryFn: async () =>
      (await must(api.GET('/api/v1/notifications', { params: { query: { limit: '1', unread: 'true' } } }))).unread,
  })
  if (!data) return null
  return (
    <>
      <span className="visually-hidden">{t('unread')}</span>
      <Count n={data} tone="danger" />
    </>
  )
}
