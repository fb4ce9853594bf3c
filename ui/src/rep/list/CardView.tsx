import { CalendarClock, ClockAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { cx, Tag } from '@/shared/ui'
import type { Card } from '../model/card'
import { StageBar } from './StageBar'
import s from './CardView.module.css'

/** One record in a list: what it is, how much, how far, and when next. */
export function CardView({ card, href, unsent }: { card: Card; href: string; unsent?: boolean }) {
  const { t } = useTranslation('rep')
  const second = card.stage || card.tags.length > 0 || card.date
  return (
    <Link href={href} className={s.card}>
      <span className={s.row}>
        <span className={s.title}>{card.title}</span>
        {card.amount && <span className={cx(s.amount, 'num')}>{card.amount}</span>}
      </span>
      {second && (
        <span className={s.row}>
          <span className={s.left}>
            {card.stage && <StageBar stage={card.stage} />}
            {card.tags.map((x) => (
              <Tag key={x.key} color={x.color}>
                {x.text}
              </Tag>
            ))}
          </span>
          {card.date && (
            <span className={cx(s.date, card.date.late && s.late)}>
              {card.date.late ? (
                <ClockAlert size={16} strokeWidth={1.75} aria-label={t('late')} />
              ) : (
                <CalendarClock size={16} strokeWidth={1.75} aria-hidden />
              )}
              <span className="visually-hidden">{card.date.title}</span>
              {card.date.text}
            </span>
          )}
        </span>
      )}
      {card.lines.length > 0 && <span className={s.lines}>{card.lines.join(' · ')}</span>}
      {unsent && <span className={s.unsent}>{t('unsent.one')}</span>}
    </Link>
  )
}
