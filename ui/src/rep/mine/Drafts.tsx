import { FilePen, Trash2 } from 'lucide-react'
import { useReducer } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useFormat } from '@/shared/format'
import { forgetDraft } from '@/shared/form'
import { useText } from '@/shared/i18n'
import { Empty, Icon, IconButton } from '@/shared/ui'
import { useCatalog } from '../model/catalog'
import { newPath, recordPath } from '../shell/nav'
import { Page } from '../shell/Page'
import { DraftTitle } from './DraftTitle'
import { useDraftList } from './useDrafts'
import s from './Drafts.module.css'

/** What was begun and is kept on this device. */
export default function Drafts() {
  const { t } = useTranslation('rep')
  const text = useText()
  const format = useFormat()
  const catalog = useCatalog()
  const list = useDraftList()
  const [, again] = useReducer((n: number) => n + 1, 0)
  return (
    <Page title={t('mine.drafts')} back="/mine">
      {list.length === 0 && (
        <Empty icon={<FilePen size={24} strokeWidth={1.75} aria-hidden />} title={t('drafts.empty')}>
          {t('drafts.emptyText')}
        </Empty>
      )}
      {list.length > 0 && (
        <ul className={s.list}>
          {list.map((d) => {
            const f = catalog.form(d.form)
            const name = text(f?.title) || d.form
            return (
              <li key={d.key}>
                <Link
                  className={s.open}
                  href={d.kind === 'new' ? newPath(d.form, {}, { id: d.id }) : `${recordPath(d.form, d.id)}/edit`}
                >
                  <Icon name={f?.icon ?? 'table'} size={20} />
                  <span>
                    <strong>
                      <DraftTitle draft={d} entry={f} />
                    </strong>
                    <small>
                      {t(d.kind === 'new' ? 'drafts.new' : 'drafts.edit', { form: name, ago: format.ago(d.at) })}
                    </small>
                  </span>
                </Link>
                <IconButton
                  label={t('drafts.discard')}
                  size="large"
                  onClick={() => {
                    if (confirm(t('drafts.sure'))) void forgetDraft(d.key).then(again)
                  }}
                >
                  <Trash2 size={20} strokeWidth={1.75} aria-hidden />
                </IconButton>
              </li>
            )
          })}
        </ul>
      )}
    </Page>
  )
}
