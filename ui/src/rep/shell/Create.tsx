import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useText } from '@/shared/i18n'
import { Empty, Icon } from '@/shared/ui'
import { useCatalog } from '../model/catalog'
import { lastUsed, noteUsed } from '../model/used'
import { newPath } from './nav'
import { Sheet } from './Sheet'
import s from './Create.module.css'

/** What can be added, what was added last first. */
export default function Create({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const [, navigate] = useLocation()
  const catalog = useCatalog()
  const used = lastUsed()
  const rank = (form: string) => {
    const i = used.indexOf(form)
    return i < 0 ? used.length : i
  }
  const forms = catalog.forms.filter((f) => f.actions.includes('create'))
  const sorted = [...forms].sort((a, b) => rank(a.form) - rank(b.form))
  return (
    <Sheet title={t('create.title')} onClose={onClose}>
      {forms.length === 0 && <Empty title={t('create.none')} />}
      <ul className={s.grid}>
        {sorted.map((f) => (
          <li key={f.form}>
            <button
              type="button"
              className={s.item}
              onClick={() => {
                noteUsed(f.form)
                onClose()
                navigate(newPath(f.form))
              }}
            >
              <span className={s.icon}>
                <Icon name={f.icon ?? 'table'} size={20} />
              </span>
              <span className={s.label}>{text(f.title)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}
