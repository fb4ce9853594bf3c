import { useTranslation } from 'react-i18next'
import { useText } from '../../i18n'
import type { Target } from '../../schema'
import { Icon } from '../../ui'
import c from '../control.module.css'
import { Pick, type Source } from '../picker'
import { useServices } from '../services'
import { seedTitles, useTitle } from '../titles'
import type { CellProps, EditProps, Widget } from '../types'

function RelationEdit(p: EditProps) {
  const { t } = useTranslation('shared/widgets')
  const text = useText()
  const services = useServices()
  const target = p.field.target
  const id = typeof p.value === 'string' ? p.value : undefined
  const title = useTitle(target, id)
  if (!target) return null
  const source: Source = {
    by: target.form,
    search: async (query, signal) => {
      const hits = await services.search(target, query, signal)
      seedTitles(target.form, Object.fromEntries(hits.map((h) => [h.id, h.title])))
      return hits.map((h) => ({ value: h.id, title: h.title, note: h.note }))
    },
  }
  const create =
    services.create && target.creatable
      ? async (name: string) => {
          const made = await services.create?.(target, name)
          if (!made) return
          seedTitles(target.form, { [made.id]: made.title })
          p.onChange(made.id)
        }
      : undefined
  const selected = id ? [{ value: id, title: title ?? (title === null ? t('unreadable') : '…') }] : []
  return (
    <Pick
      {...p}
      disabled={p.disabled || !target.readable}
      source={source}
      selected={selected}
      placeholder={p.inCell ? undefined : text(p.field.placeholder) || t('searchFor', { what: text(target.title) })}
      onChange={(v) => p.onChange(v[0] ?? '')}
      create={create && ((name) => void create(name))}
    />
  )
}

/** The name of a record as a link to it. */
export function RecordLink({ target, id, icon }: { target: Target; id: string; icon?: boolean }) {
  const { t } = useTranslation('shared/widgets')
  const services = useServices()
  const title = useTitle(target, id)
  if (title === undefined) return <span aria-busy>…</span>
  if (title === null) return <span style={{ color: 'var(--text-3)' }}>{t('unreadable')}</span>
  const href = services.hrefOf?.(target.form, id)
  const face = (
    <>
      {icon && <Icon name={target.icon} />}
      <span className="ellipsis">{title}</span>
    </>
  )
  if (!href)
    return (
      <span className={c.linked} title={title}>
        {face}
      </span>
    )
  return (
    <a
      href={href}
      className={c.linked}
      title={title}
      onClick={(e) => {
        e.stopPropagation()
        if (!services.open || e.metaKey || e.ctrlKey || e.shiftKey || e.button !== 0) return
        e.preventDefault()
        services.open(target.form, id)
      }}
    >
      {face}
    </a>
  )
}

function RelationView({ field, value }: CellProps) {
  return field.target ? <RecordLink target={field.target} id={String(value)} /> : <span>{String(value)}</span>
}

export const relation: Widget = { Edit: RelationEdit, View: RelationView, Cell: RelationView }
