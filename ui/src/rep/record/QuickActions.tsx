import { Mail, Navigation, NotebookPen, Pencil, Phone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RecordDocument } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { formModel, type FormModel } from '@/shared/schema'
import { cx } from '@/shared/ui'
import { pointingTo, useCatalog } from '../model/catalog'
import { newPath, recordPath } from '../shell/nav'
import { contactsOf, isLog } from './contact'
import s from './QuickActions.module.css'

const icons = { call: Phone, mail: Mail, go: Navigation }

/** What one does next with a record, in reach of the thumb: reach them, note what happened, or change it. */
export function QuickActions({ model, record }: { model: FormModel; record: RecordDocument }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const catalog = useCatalog()
  const contacts = contactsOf(model, record.data).slice(0, 2)
  const log = pointingTo(catalog, model.form).find((p) => isLog(formModel(p.entry)))
  const edit = record.actions?.includes('update') ?? model.can('update')
  return (
    <>
      {contacts.map((c) => {
        const Shape = icons[c.kind]
        return (
          <a
            key={c.kind}
            className={s.action}
            href={c.href}
            aria-label={`${t(`record.${c.kind}`)} ${text(c.field.title)}`}
          >
            <Shape size={20} strokeWidth={1.75} aria-hidden />
            {t(`record.${c.kind}`)}
          </a>
        )
      })}
      {edit && (
        <Link className={cx(s.action, !log && s.main)} href={`${recordPath(model.form, record.id)}/edit`}>
          <Pencil size={20} strokeWidth={1.75} aria-hidden />
          {t('record.edit')}
        </Link>
      )}
      {log && (
        <Link className={cx(s.action, s.main)} href={newPath(log.entry.form, { [log.field]: record.id })}>
          <NotebookPen size={20} strokeWidth={1.75} aria-hidden />
          <span className="ellipsis">{text(log.entry.title)}</span>
        </Link>
      )}
    </>
  )
}
