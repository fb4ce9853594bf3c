import { Link } from 'wouter'
import { useText } from '@/shared/i18n'
import { Icon } from '@/shared/ui'
import { useCatalog } from '../../model/catalog'
import { formPath, linkPath, newPath } from '../../shell/nav'
import type { Block } from './PageBlocks'
import s from './ShortcutsBlock.module.css'

/** Ways to other places, as large targets. */
export function ShortcutsBlock({ block }: { block: Block }) {
  const text = useText()
  const catalog = useCatalog()
  const items = (block.items ?? []).flatMap((i) => {
    const form = i.form ? catalog.form(i.form) : undefined
    const view = i.view?.split('.').at(-1)
    const href =
      i.new && form
        ? newPath(form.form)
        : form && view
          ? `${formPath(form.form)}?view=${view}`
          : form
            ? formPath(form.form)
            : linkPath(i)
    return href
      ? [
          {
            key: i.key,
            href,
            title: text(i.title) || text(form?.title) || boardTitle(i.dashboard) || i.key,
            icon: i.icon ?? form?.icon ?? 'layout-grid',
          },
        ]
      : []
  })
  function boardTitle(name?: string) {
    return text(catalog.dashboards.find((d) => `${d.app.key}.${d.dashboard.key}` === name)?.dashboard.title)
  }
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
