import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { BellRing, CheckCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, keys, must, type Schemas } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { Button, cx, Empty, Failed, Segmented, Skeleton, toastError } from '@/shared/ui'
import { PageHeader } from '../shell'
import { addressOf } from './address'
import s from './Inbox.module.css'

type Notification = Schemas['Notification']

/** What the reader was told, the newest first; each leads to what it is about. */
export function Inbox() {
  const { t } = useTranslation('desk/inbox')
  const client = useQueryClient()
  const [shown, setShown] = useState<'unread' | 'all'>('unread')
  const pages = useInfiniteQuery({
    queryKey: [...keys.notifications, shown],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      must(
        api.GET('/api/v1/notifications', {
          params: { query: { cursor: pageParam, limit: '50', ...(shown === 'unread' ? { unread: 'true' } : {}) } },
        }),
      ),
    getNextPageParam: (last) => last.cursor,
  })
  const read = useMutation({
    mutationFn: (body: Schemas['NotificationsRead']) => must(api.POST('/api/v1/notifications/read', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.notifications }),
    onError: (error) => toastError(error),
  })
  const items = pages.data?.pages.flatMap((p) => p.items) ?? []
  const unread = pages.data?.pages[0]?.unread ?? 0
  return (
    <>
      <PageHeader title={t('title')}>
        <Segmented
          small
          label={t('show')}
          value={shown}
          onChange={setShown}
          options={[
            { value: 'unread', label: unread > 0 ? t('unreadCount', { count: unread }) : t('unread') },
            { value: 'all', label: t('all') },
          ]}
        />
        <Button
          icon={<CheckCheck size={16} strokeWidth={1.75} aria-hidden />}
          disabled={unread === 0}
          busy={read.isPending}
          onClick={() => read.mutate({ all: true })}
        >
          {t('readAll')}
        </Button>
      </PageHeader>
      {pages.error ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : !pages.data ? (
        <Skeleton rows={6} height={40} />
      ) : items.length === 0 ? (
        <Empty
          icon={<BellRing size={24} strokeWidth={1.75} />}
          title={shown === 'unread' ? t('empty.unread') : t('empty.all')}
        >
          {t('empty.text')}
        </Empty>
      ) : (
        <ul className={s.list} aria-label={t('title')}>
          {items.map((n) => (
            <Item key={n.id} n={n} onOpen={() => !n.read && read.mutate({ ids: [n.id] })} />
          ))}
          {pages.hasNextPage && (
            <li className={s.more}>
              <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {t('more')}
              </Button>
            </li>
          )}
        </ul>
      )}
    </>
  )
}

function Item({ n, onOpen }: { n: Notification; onOpen: () => void }) {
  const { t } = useTranslation('desk/inbox')
  const format = useFormat()
  const to = addressOf(n.link)
  const words = (
    <>
      <span className={s.dot} aria-hidden />
      {!n.read && <span className="visually-hidden">{t('unread')}</span>}
      <span className={s.words}>
        <span className={s.title}>{n.title}</span>
        {n.body && <span className={s.body}>{n.body}</span>}
      </span>
      <time dateTime={n.at} title={format.instant(n.at, 'full')}>
        {format.ago(n.at)}
      </time>
    </>
  )
  return (
    <li className={cx(s.item, !n.read && s.unread)}>
      {to ? (
        <Link to={to} onClick={onOpen}>
          {words}
        </Link>
      ) : (
        <button type="button" onClick={onOpen}>
          {words}
        </button>
      )}
    </li>
  )
}
