import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { BellRing, CheckCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { api, keys, must, type Schemas } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { Button, cx, Empty, Failed, IconButton, Skeleton, toastError } from '@/shared/ui'
import { linkPath } from '../shell/nav'
import { Page } from '../shell/Page'
import s from './Inbox.module.css'

type Notification = Schemas['Notification']

/** What waits for the reader; what is opened counts as read. */
export default function Inbox() {
  const { t } = useTranslation('rep')
  const client = useQueryClient()
  const list = useInfiniteQuery({
    queryKey: [...keys.notifications, 'list'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      must(
        api.GET('/api/v1/notifications', {
          params: { query: { limit: '40', ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    getNextPageParam: (last) => last.cursor,
  })
  const items = list.data?.pages.flatMap((p) => p.items) ?? []
  const unread = list.data?.pages[0]?.unread ?? 0

  async function read(body: Schemas['NotificationsRead']) {
    try {
      await must(api.POST('/api/v1/notifications/read', { body }))
      await client.invalidateQueries({ queryKey: keys.notifications })
    } catch (e) {
      toastError(e, t('away'))
    }
  }

  return (
    <Page
      title={t('tabs.inbox')}
      note={unread > 0 ? t('inbox.unread', { count: unread }) : undefined}
      actions={
        unread > 0 && (
          <IconButton label={t('inbox.readAll')} onClick={() => void read({ all: true })}>
            <CheckCheck size={20} strokeWidth={1.75} aria-hidden />
          </IconButton>
        )
      }
    >
      {!list.data &&
        (list.error ? (
          <Failed error={list.error} retry={() => void list.refetch()} />
        ) : (
          <Skeleton rows={8} height={40} />
        ))}
      {list.data && items.length === 0 && (
        <Empty icon={<BellRing size={24} strokeWidth={1.75} aria-hidden />} title={t('inbox.empty')}>
          {t('inbox.emptyText')}
        </Empty>
      )}
      {items.length > 0 && (
        <ul className={s.list}>
          {items.map((n) => (
            <li key={n.id}>
              <Item n={n} onOpen={() => !n.read && void read({ ids: [n.id] })} />
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button size="large" tone="quiet" wide busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('list.more')}
        </Button>
      )}
    </Page>
  )
}

function Item({ n, onOpen }: { n: Notification; onOpen: () => void }) {
  const { t } = useTranslation('rep')
  const format = useFormat()
  const [, navigate] = useLocation()
  const to = n.link && linkPath(n.link)
  return (
    <button
      type="button"
      className={cx(s.item, !n.read && s.unread)}
      onClick={() => {
        onOpen()
        if (to) navigate(to)
      }}
    >
      <span className={s.title}>
        {n.title}
        {!n.read && <span className="visually-hidden">{t('inbox.new')}</span>}
      </span>
      <time dateTime={n.at} title={format.instant(n.at, 'full')}>
        {format.ago(n.at)}
      </time>
      {n.body && <span className={s.body}>{n.body}</span>}
    </button>
  )
}
