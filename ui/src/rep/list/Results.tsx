import { SearchX } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useText } from '@/shared/i18n'
import { useOutbox } from '@/shared/offline'
import type { FormModel } from '@/shared/schema'
import { Button, Empty, Failed, Icon, Skeleton } from '@/shared/ui'
import { cardOf, type CardPlan } from '../model/card'
import { useCells } from '../model/useCells'
import type { useRecords } from '../model/useRecords'
import { newPath, recordPath } from '../shell/nav'
import { CardView } from './CardView'
import s from './Results.module.css'

type Props = {
  model: FormModel
  plan: CardPlan
  records: ReturnType<typeof useRecords>
  narrowed: boolean
  onClear: () => void
}

/** Cards of the pages read so far; more come as one scrolls. */
export function Results({ model, plan, records, narrowed, onClear }: Props) {
  const { t } = useTranslation('rep')
  const text = useText()
  const [, navigate] = useLocation()
  const pages = records.data?.pages
  const cells = useCells()
  const waiting = new Set(useOutbox().map((e) => e.record))
  const today = cells.format.today()

  if (!pages) {
    if (records.error) return <Failed error={records.error} retry={() => void records.refetch()} />
    return <Skeleton rows={10} height={40} />
  }
  const cards = pages.flatMap((p) => p.items.map((r) => cardOf(r, model, plan, { ...cells, labels: p.labels }, today)))
  if (cards.length === 0)
    return narrowed ? (
      <Empty
        icon={<SearchX size={24} strokeWidth={1.75} aria-hidden />}
        title={t('list.nothing')}
        action={
          <Button size="large" onClick={onClear}>
            {t('list.clear')}
          </Button>
        }
      />
    ) : (
      <Empty
        icon={<Icon name={model.icon ?? 'table'} size={20} />}
        title={t('list.empty', { form: text(model.title) })}
        action={
          model.can('create') && (
            <Button tone="primary" size="large" onClick={() => navigate(newPath(model.form))}>
              {t('list.first')}
            </Button>
          )
        }
      >
        {text(model.description)}
      </Empty>
    )
  return (
    <>
      <ul className={s.cards} aria-label={text(model.title)}>
        {cards.map((c) => (
          <li key={c.id}>
            <CardView card={c} href={recordPath(model.form, c.id)} unsent={waiting.has(c.id)} />
          </li>
        ))}
      </ul>
      {records.hasNextPage && (
        <More key={cards.length} busy={records.isFetchingNextPage} more={() => void records.fetchNextPage()} />
      )}
      {records.isFetchNextPageError && <Failed error={records.error} retry={() => void records.fetchNextPage()} />}
    </>
  )
}

/** Asks for the next page when it comes near; a button for who does not scroll. */
function More({ busy, more }: { busy: boolean; more: () => void }) {
  const { t } = useTranslation('rep')
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const watch = new IntersectionObserver(([e]) => e!.isIntersecting && more(), { rootMargin: '600px' })
    if (ref.current) watch.observe(ref.current)
    return () => watch.disconnect()
    // eslint-disable-next-line react-hooks/exhaustive-deps -- made anew for every page by its key
  }, [])
  return (
    <div ref={ref} className={s.more}>
      <Button size="large" tone="quiet" busy={busy} onClick={more}>
        {t('list.more')}
      </Button>
    </div>
  )
}
