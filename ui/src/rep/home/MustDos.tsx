import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { cx, Icon } from '@/shared/ui'
import { TodoActions } from './TodoActions'
import s from './MustDos.module.css'

export type Todo = Schemas['Todo']

/** What is to be done: the first is open; tapping another opens that one, so that every action has its word. */
export function MustDos({ items }: { items: readonly Todo[] }) {
  const [open, setOpen] = useState<string>()
  const keyOf = (i: Todo) => `${i.form} ${i.id}`
  const first = items[0] && keyOf(items[0])
  const shown = open === '' || items.some((i) => keyOf(i) === open) ? open : first
  return (
    <ul className={s.list}>
      {items.map((i) => (
        <li key={keyOf(i)}>
          <Item item={i} open={keyOf(i) === shown} onToggle={() => setOpen(keyOf(i) === shown ? '' : keyOf(i))} />
        </li>
      ))}
    </ul>
  )
}

function Item({ item, open, onToggle }: { item: Todo; open: boolean; onToggle: () => void }) {
  const { t } = useTranslation('rep')
  const format = useFormat()
  const [reason, ...others] = item.reasons
  return (
    <>
      <button type="button" className={s.head} aria-expanded={open} onClick={onToggle}>
        <span className={s.title}>
          <strong>{item.title}</strong>
          {item.subtitle && <span className={s.sub}>{item.subtitle}</span>}
        </span>
        {item.amount !== undefined && (
          <span className={cx(s.amount, 'num')}>{format.money(item.amount, item.currency)}</span>
        )}
        {reason && <Reason reason={reason} />}
        {open && others.map((r) => <Reason key={r.source} reason={r} />)}
        {!open && others.length > 0 && <span className={s.others}>{t('home.others', { count: others.length })}</span>}
        <ChevronDown size={20} strokeWidth={1.75} className={s.more} aria-hidden />
      </button>
      {open && <TodoActions item={item} />}
    </>
  )
}

function Reason({ reason }: { reason: Todo['reasons'][number] }) {
  return (
    <span className={cx(s.reason, reason.tone === 'danger' && s.late, reason.tone === 'warning' && s.soon)}>
      <Icon name={reason.icon ?? 'clock'} size={16} />
      <span>{reason.text}</span>
    </span>
  )
}
