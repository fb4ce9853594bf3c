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
  // What the home page offers to note quickly comes first.
  const quick = catalog.pages
    .filter((p) => p.layout !== 'desk')
    .flatMap((p) => p.blocks.filter((b) => b.type === 'form').map((b) => ({ page: p, block: b })))
    .flatMap(({ page, block }) => {
      const form = forms.find((f) => f.form === block.form)
      if (!form) return []
      const href = newPath(form.form, constants(block.values), { block: `${page.page}.${block.key}` })
      return [{ key: block.key, href, icon: form.icon ?? 'notebook-pen', title: text(block.title) || text(form.title) }]
    })
  const sorted = [...forms].sort((a, b) => rank(a.form) - rank(b.form))
  return (
    <Sheet title={t('create.title')} onClose={onClose}>
      {quick.map((q) => (
        <button
          key={q.key}
          type="button"
          className={s.quick}
          onClick={() => {
            onClose()
            navigate(q.href)
          }}
        >
          <span className={s.icon}>
            <Icon name={q.icon} size={20} />
          </span>
          <strong>{q.title}</strong>
        </button>
      ))}
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

/** The constants of a block that an address can carry. */
function constants(values: { [field: string]: unknown } | undefined): { [field: string]: string } {
  return Object.fromEntries(
    Object.entries(values ?? {}).flatMap(([k, v]) =>
      typeof v === 'string' || typeof v === 'number' ? [[k, String(v)]] : [],
    ),
  )
}
