import { ChevronDown, CircleAlert, Clock, ExternalLink, NotebookPen, Phone } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useText } from '@/shared/i18n'
import { formModel } from '@/shared/schema'
import { cx } from '@/shared/ui'
import { pointingTo, useCatalog } from '../model/catalog'
import { contactsOf, isLog } from '../record/contact'
import { newPath, recordPath } from '../shell/nav'
import { Postpone } from './Postpone'
import s from './MustDos.module.css'

/** One thing to do today: which record, why, and what one can do about it from here. */
export type MustDo = {
  form: string
  id: string
  rev?: number
  title: string
  sub?: string
  amount?: string
  reason: string
  late: boolean
  data: { [field: string]: unknown }
  /** The day that postponing moves. */
  dateField?: string
}

/** The first is open; tapping another opens that one, so that every action has its word. */
export function MustDos({ items }: { items: MustDo[] }) {
  const [open, setOpen] = useState<string>()
  const shown = items.some((i) => i.id === open) ? open : open === '' ? undefined : items[0]?.id
  return (
    <ul className={s.list}>
      {items.map((i) => (
        <li key={`${i.form} ${i.id}`}>
          <Item item={i} open={i.id === shown} onToggle={() => setOpen(i.id === shown ? '' : i.id)} />
        </li>
      ))}
    </ul>
  )
}

function Item({ item, open, onToggle }: { item: MustDo; open: boolean; onToggle: () => void }) {
  const { t } = useTranslation('rep')
  return (
    <>
      <button type="button" className={s.head} aria-expanded={open} onClick={onToggle}>
        <span className={s.title}>
          <strong>{item.title}</strong>
          {item.sub && <span className={s.sub}>{item.sub}</span>}
        </span>
        {item.amount && <span className={cx(s.amount, 'num')}>{item.amount}</span>}
        <span className={cx(s.reason, item.late && s.late)}>
          {item.late ? (
            <CircleAlert size={16} strokeWidth={1.75} aria-label={t('late')} />
          ) : (
            <Clock size={16} strokeWidth={1.75} aria-hidden />
          )}
          {item.reason}
        </span>
        <ChevronDown size={20} strokeWidth={1.75} className={s.more} aria-hidden />
      </button>
      {open && <Actions item={item} />}
    </>
  )
}

function Actions({ item }: { item: MustDo }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const catalog = useCatalog()
  const entry = catalog.form(item.form)
  if (!entry) return null
  const model = formModel(entry)
  const call = contactsOf(model, item.data).find((c) => c.kind === 'call')
  const log = logFor(item)
  const icon = { size: 20, strokeWidth: 1.75, 'aria-hidden': true } as const
  return (
    <div className={s.actions}>
      {call && (
        <a href={call.href} className={cx(s.action, s.first)}>
          <Phone {...icon} />
          {t('record.call')}
        </a>
      )}
      {log && (
        <Link href={log.href} className={s.action}>
          <NotebookPen {...icon} />
          <span className="ellipsis">{log.title}</span>
        </Link>
      )}
      {item.dateField && <Postpone item={item} field={item.dateField} className={s.action} />}
      <Link href={recordPath(item.form, item.id)} className={s.action}>
        <ExternalLink {...icon} />
        {t('home.open')}
      </Link>
    </div>
  )

  /** Notes about the record itself, or about what it belongs to. */
  function logFor(i: MustDo): { href: string; title: string } | undefined {
    const direct = pointingTo(catalog, i.form).find((p) => isLog(formModel(p.entry)))
    if (!direct) return undefined
    const preset: { [field: string]: string } = { [direct.field]: i.id }
    // The note belongs to the same things as the record: relations of the same name to the same form are filled in.
    for (const [key, target] of Object.entries(direct.entry.targets ?? {})) {
      const own = Object.entries(entry?.targets ?? {}).find(([, x]) => x.form === target.form)?.[0]
      const value = own ? i.data[own] : undefined
      if (key !== direct.field && typeof value === 'string' && !preset[key] && target.form !== i.form)
        preset[key] = value
    }
    return { href: newPath(direct.entry.form, preset), title: text(direct.entry.title) }
  }
}
