import { useQuery } from '@tanstack/react-query'
import { api, keys, must } from '@/shared/api'

/** How many notifications wait to be read. */
export function useUnread(): number {
  const { data } = useQuery({
    queryKey: [...keys.notifications, 'unread'],
    queryFn: async () => (await must(api.GET('/api/v1/notifications', { params: { query: { limit: '1' } } }))).unread,
  })
  return data ?? 0
}
