import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, keys, must, splitForm, type Schemas } from '@/shared/api'
import { dayOf, useFormat } from '@/shared/format'
import type { FormModel } from '@/shared/schema'
import { Button, cx, Failed, Skeleton } from '@/shared/ui'
import { seedTitles } from '@/shared/widgets'
import { CommentBox } from './CommentBox'
import { TimelineItem } from './TimelineItem'
import s from './Timeline.module.css'

const kinds = ['all', 'comment', 'related', 'change'] as const

/** What happened with the record and around it, the newest first, with a box to say something. */
export function Timeline({ model, id }: { model: FormModel; id: string }) {
  const { t } = useTranslation('desk/record')
  const format = useFormat()
  const [kind, setKind] = useState<(typeof kinds)[number]>('all')
  const path = { ...splitForm(model.form), id }
  const pages = useInfiniteQuery({
    queryKey: [...keys.timeline(model.form, id), kind],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      must(
        api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}/timeline', {
          params: {
            path,
            query: {
              limit: '20',
              ...(pageParam ? { before: pageParam } : {}),
              ...(kind === 'all' ? {} : { kinds: kind }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.cursor,
    placeholderData: keepPreviousData,
  })
  const items = pages.data?.pages.flatMap((p) => p.items) ?? []
  const names: Record<string, string> = Object.assign({}, ...(pages.data?.pages.map((p) => p.names) ?? []))
  for (const f of model.fields) if (f.target) seedTitles(f.target.form, names)
  const days = items.map((x) => dayOf(new Date(x.at), format.reader))
  return (
    <aside className={cx(s.timeline, 'no-print')} aria-label={t('timeline')}>
      <h2 className="visually-hidden">{t('timeline')}</h2>
      <CommentBox form={model.form} id={id} />
      <div className={s.kinds} role="group" aria-label={t('show')}>
        {kinds.map((k) => (
          <button key={k} type="button" aria-pressed={k === kind} onClick={() => setKind(k)}>
            {t(`kind.${k}`)}
          </button>
        ))}
      </div>
      {pages.error ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : !pages.data ? (
        <Skeleton rows={6} />
      ) : items.length === 0 ? (
        <p className={s.none}>{t('nothingYet')}</p>
      ) : (
        <ol className={s.items}>
          {items.map((x: Schemas['TimelineEntry'], i) => (
            <TimelineItem
              key={x.kind + x.id}
              item={x}
              model={model}
              record={id}
              names={names}
              day={days[i] === days[i - 1] ? undefined : days[i]}
            />
          ))}
        </ol>
      )}
      {pages.hasNextPage && (
        <Button tone="quiet" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('earlier')}
        </Button>
      )}
    </aside>
  )
}
