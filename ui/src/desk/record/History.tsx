import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, idempotencyKey, keys, must, splitForm, useFormEntry, useUsers } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { Confirm } from '@/shared/overlay'
import { formModel } from '@/shared/schema'
import { Button, Empty, Failed, Person, Skeleton, toast, toastError } from '@/shared/ui'
import { Diff } from './Diff'
import s from './Record.module.css'

/** Every change with what it was before and after; the values of an earlier moment can be brought back. */
export function History({ form, id }: { form: string; id: string }) {
  const { t } = useTranslation('desk/record')
  const format = useFormat()
  const client = useQueryClient()
  const { data: users = [] } = useUsers()
  const entry = useFormEntry(form)
  const path = { ...splitForm(form), id }
  const [chosen, setChosen] = useState<number>()
  const pages = useInfiniteQuery({
    queryKey: keys.history(form, id),
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) =>
      (
        await must(
          api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}/history', {
            params: { path, query: { limit: '30', ...(pageParam ? { before: String(pageParam) } : {}) } },
            signal,
          }),
        )
      ).items,
    getNextPageParam: (last) => (last.length === 30 ? last.at(-1)!.rev : undefined),
  })
  const revert = useMutation({
    mutationFn: (rev: number) =>
      must(
        api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/revert', {
          params: { path, header: { 'Idempotency-Key': idempotencyKey() } },
          body: { rev },
        }),
      ),
    onSuccess: async (record) => {
      setChosen(undefined)
      await client.invalidateQueries({ queryKey: keys.form(form) })
      toast(record.warnings?.length ? t('revertedPartly', { why: record.warnings[0]!.message ?? '' }) : t('reverted'))
    },
    onError: (e) => toastError(e),
  })
  if (pages.error) return <Failed error={pages.error} retry={() => void pages.refetch()} />
  if (!pages.data || !entry.data) return <Skeleton rows={6} />
  const model = formModel(entry.data)
  const changes = pages.data.pages.flat()
  if (changes.length === 0) return <Empty title={t('noHistory')} />
  const latest = changes[0]!.rev
  const nameOf = (user: string) =>
    user === 'system' ? t('system') : (users.find((u) => u.id === user)?.name ?? t('somebody'))
  return (
    <>
      <ol className={s.history}>
        {changes.map((c) => (
          <li key={c.rev}>
            <div className={s.historyHead}>
              <Person name={nameOf(c.by)} id={c.by} />
              <span>{t(`verb.${c.verb}`, { defaultValue: t('verb.update') })}</span>
              {c.via && c.via !== 'api' && <span className={s.note}>{t(`via.${c.via}`, { defaultValue: c.via })}</span>}
              <time dateTime={c.at} title={format.instant(c.at, 'full')}>
                {format.instant(c.at)}
              </time>
              {c.rev < latest && model.can('update') && (
                <Button
                  size="small"
                  tone="quiet"
                  icon={<Undo2 size={14} aria-hidden />}
                  onClick={() => setChosen(c.rev)}
                >
                  {t('revert')}
                </Button>
              )}
            </div>
            {c.comment && <p>{c.comment}</p>}
            {c.diff && <Diff model={model} diff={c.diff as { [k: string]: unknown[] }} />}
          </li>
        ))}
      </ol>
      {pages.hasNextPage && (
        <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('earlier')}
        </Button>
      )}
      <Confirm
        open={chosen !== undefined}
        onOpenChange={() => setChosen(undefined)}
        title={t('revertAsk')}
        action={t('revert')}
        busy={revert.isPending}
        onConfirm={() => chosen !== undefined && revert.mutate(chosen)}
      >
        {t('revertText')}
      </Confirm>
    </>
  )
}
