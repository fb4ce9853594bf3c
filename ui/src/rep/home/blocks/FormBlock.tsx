import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useText } from '@/shared/i18n'
import { Icon } from '@/shared/ui'
import { useCatalog } from '../../model/catalog'
import { newPath } from '../../shell/nav'
import { presetFor } from '../TodoActions'
import type { Todo } from '../MustDos'
import type { Block, BlockData } from './PageBlocks'
import s from './FormBlock.module.css'

/** Begins a record in one tap: for one of those that the page suggests, each with its reason, or for any. */
export function FormBlock({ page, block, data }: { page: string; block: Block; data: BlockData }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const catalog = useCatalog()
  const form = block.form ?? ''
  const entry = catalog.form(form)
  if (!entry?.actions.includes('create')) return null
  const extra = { block: `${page}.${block.key}` }
  const title = text(block.title) || text(entry.title)
  const from = (todo?: Todo) =>
    newPath(
      form,
      todo ? presetFor({ form, link: block.link, values: block.values }, todo, catalog) : valuesOf(block),
      extra,
    )
  return (
    <section className={s.block} aria-label={title}>
      <div className={s.top}>
        <h2>{title}</h2>
      </div>
      <div className={s.card}>
        {(data.todos ?? []).map((x) => (
          <Link key={`${x.form} ${x.id}`} href={from(x)} className={s.row}>
            <span className={s.icon}>
              <Icon name={x.reasons[0]?.icon ?? entry.icon ?? 'notebook-pen'} size={20} />
            </span>
            <span className={s.words}>
              <strong>{x.about?.title ?? x.title}</strong>
              {x.reasons[0] && <small>{x.reasons[0].text}</small>}
            </span>
            <span className={s.go} aria-hidden>
              {t('home.log')}
            </span>
          </Link>
        ))}
        <Link href={from()} className={s.row}>
          <span className={s.icon}>
            <Plus size={20} strokeWidth={1.75} aria-hidden />
          </span>
          <span className={s.words}>{t(data.todos?.length ? 'home.another' : 'home.begin', { title })}</span>
        </Link>
      </div>
    </section>
  )
}

function valuesOf(block: Block): { [field: string]: string } {
  return Object.fromEntries(
    Object.entries(block.values ?? {}).flatMap(([k, v]) =>
      typeof v === 'string' || typeof v === 'number' ? [[k, String(v)]] : [],
    ),
  )
}
