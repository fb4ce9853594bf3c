import { Clock, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useOutbox } from '@/shared/offline'
import s from './TimelineItem.module.css'

/** Comments on a record that the server has not got yet. */
export function Unheard({ id }: { id: string }) {
  const { t } = useTranslation('rep')
  const waiting = useOutbox().filter((e) => e.record === id && e.what === 'comment')
  if (waiting.length === 0) return null
  const items = waiting.toReversed().map((e) => (
    <li key={e.id} className={s.item}>
      <span className={s.icon}>
        {e.state === 'waiting' ? (
          <Clock size={20} strokeWidth={1.75} aria-hidden />
        ) : (
          <TriangleAlert size={20} strokeWidth={1.75} aria-hidden />
        )}
      </span>
      <span className={s.head}>
        <p className={s.text}>{e.comment}</p>
      </span>
      <Link href="/unsent" className={s.unheard} data-stuck={e.state !== 'waiting' || undefined}>
        {t(e.state === 'waiting' ? 'timeline.waiting' : 'timeline.refused')}
      </Link>
    </li>
  ))
  return <ol className={s.unheardItems}>{items}</ol>
}
