import { Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { cx, IconButton } from '@/shared/ui'
import s from './ListPane.module.css'

export type ListItem = { key: string; title: string; note?: ReactNode; icon?: ReactNode; end?: ReactNode; to: string }
type Props = {
  title: string
  groups: { title?: string; items: ListItem[] }[]
  current: string
  add?: { label: string; run: () => void }
  empty: string
  children?: ReactNode
}

/** What there is of a kind, in groups; the one that is open is marked. */
export function ListPane({ title, groups, current, add, empty, children }: Props) {
  const none = groups.every((g) => g.items.length === 0)
  return (
    <nav className={s.pane} aria-label={title}>
      <header className={s.head}>
        <h2>{title}</h2>
        {add && (
          <IconButton size="small" label={add.label} onClick={add.run}>
            <Plus size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
        )}
      </header>
      <div className={s.list}>
        {none && <p className={s.empty}>{empty}</p>}
        {groups.map((g, i) =>
          g.items.length === 0 ? null : (
            <section key={g.title ?? i}>
              {g.title && <h3 className={s.group}>{g.title}</h3>}
              <ul>
                {g.items.map((x) => (
                  <li key={x.key} className={cx(s.item, x.key === current && s.current)}>
                    <Link to={x.to} aria-current={x.key === current ? 'page' : undefined}>
                      {x.icon}
                      <span className={s.text}>
                        <span className="ellipsis">{x.title}</span>
                        {x.note && <small>{x.note}</small>}
                      </span>
                    </Link>
                    {x.end}
                  </li>
                ))}
              </ul>
            </section>
          ),
        )}
      </div>
      {children}
    </nav>
  )
}
