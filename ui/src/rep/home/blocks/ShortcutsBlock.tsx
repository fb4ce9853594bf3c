import { Link } from 'wouter'
import { useText } from '@/shared/i18n'
import { Icon } from '@/shared/ui'
import { useCatalog, type Catalog } from '../../model/catalog'
import { formPath, linkPath, newPath } from '../../shell/nav'
import type { Block } from './PageBlocks'
import s from './ShortcutsBlock.module.css'

type Item = NonNullable<Block['items']>[number]

/** Ways to other places, as large targets. `app` is the page's: names without one are of it. */
export function ShortcutsBlock({ block, app }: { block: Block; app: string }) {
  const text = useText()
  const catalog = useCatalog()
  const items = (block.items ?? []).flatMap((i) => {
    const to = targetOf(i, app, catalog)
    return to ? [{ ...to, key: i.key, title: text(i.title) || text(to.title) || i.key, icon: i.icon ?? to.icon }] : []
  })
  if (items.length === 0) return null
  return (
    <nav className={s.grid} aria-label={text(block.title) || undefined}>
      {items.map((i) => (
        <Link key={i.key} href={i.href} className={s.item}>
          <Icon name={i.icon} size={20} />
          <span>{i.title}</span>
        </Link>
      ))}
    </nav>
  )
}

/** Where a shortcut leads, and what that is called; nothing where the reader may not go. */
function targetOf(i: Item, app: string, catalog: Catalog) {
  const full = (name: string) => (name.includes('.') ? name : `${app}.${name}`)
  if (i.dashboard) {
    const name = full(i.dashboard)
    const found = catalog.dashboards.find((d) => `${d.app.key}.${d.dashboard.key}` === name)?.dashboard
    const href = linkPath({ dashboard: name })
    return found && href ? { href, title: found.title, icon: 'layout-dashboard' } : undefined
  }
  if (i.view) {
    const [owner = '', key = ''] = full(i.view).split('.')
    const view = catalog.apps.find((a) => a.key === owner)?.views.find((v) => v.key === key)
    const form = catalog.form(i.form ?? (view?.form.includes('.') ? view.form : `${owner}.${view?.form ?? ''}`))
    return form && view
      ? { href: `${formPath(form.form)}?view=${key}`, title: view.title, icon: form.icon ?? 'list' }
      : undefined
  }
  const form = i.form ? catalog.form(full(i.form)) : undefined
  if (!form) return undefined
  const href = i.new ? newPath(form.form) : formPath(form.form)
  return { href, title: form.title, icon: form.icon ?? 'layout-grid' }
}
