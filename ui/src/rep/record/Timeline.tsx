import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, keys, must, splitForm, type RecordDocument } from '@/shared/api'
import type { FormModel } from '@/shared/schema'
import { Button, Failed, Skeleton } from '@/shared/ui'
import { CommentBox } from './CommentBox'
import { TimelineItem } from './TimelineItem'
import { Unheard } from './Unheard'
import s from './Timeline.module.css'

/** What happened with a record and around it, and a place to say something. */
export function Timeline({ model, record, title }: { model: FormModel; record: RecordDocument; title: string }) {
  const { t } = useTranslation('rep')
  const [only, setOnly] = useState(false)
  const kinds = only ? 'comment,related' : undefined
  const list = useInfiniteQuery({
    queryKey: [...keys.timeline(model.form, record.id), kinds ?? 'all'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      must(
        api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}/timeline', {
          params: {
            path: { ...splitForm(model.form), id: record.id },
            query: { limit: '20', ...(kinds ? { kinds } : {}), ...(pageParam ? { before: pageParam } : {}) },
          },
        }),
      ),
    getNextPageParam: (last) => last.cursor,
  })
  const items = list.data?.pages.flatMap((p) => p.items.map((item) => ({ item, names: p.names })))
  return (
    <section>
      <div className={s.top}>
        <h2>{t('timeline.title')}</h2>
        <button type="button" className={s.only} aria-pressed={only} onClick={() => setOnly(!only)}>
          {only ? t('timeline.everything') : t('timeline.noChanges')}
        </button>
      </div>
      <div className={s.card}>
        <CommentBox form={model.form} id={record.id} title={title} />
        <Unheard id={record.id} />
        {!items &&
          (list.error ? <Failed error={list.error} retry={() => void list.refetch()} /> : <Skeleton rows={4} />)}
        {items && (
          <ol className={s.items}>
            {items.map(({ item, names }) => (
              <TimelineItem
                key={`${item.kind} ${item.id}`}
                item={item}
                names={names}
                model={model}
                recordId={record.id}
              />
            ))}
          </ol>
        )}
        {list.hasNextPage && (
          <Button
            size="large"
            tone="quiet"
            wide
            busy={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t('timeline.earlier')}
          </Button>
        )}
      </div>
    </section>
  )
}
