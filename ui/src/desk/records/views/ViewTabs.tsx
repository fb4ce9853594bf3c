import { CalendarDays, ChevronDown, Kanban, LayoutGrid, List, Plus, Table2, Users } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import { Menu, type MenuEntry } from '@/shared/overlay'
import { Button, cx, IconButton } from '@/shared/ui'
import type { Env } from '../data/env'
import type { ListView, ViewType } from '../model/views'
import s from './views.module.css'

export const viewIcons: Record<ViewType, typeof Table2> = {
  table: Table2,
  kanban: Kanban,
  calendar: CalendarDays,
  gallery: LayoutGrid,
  list: List,
}

export const viewTitle = (v: ListView, env: Env) => env.text(v.title) || env.t('all')

type Props = {
  views: ListView[]
  current: ListView
  env: Env
  count: number | undefined
  onShow: (id: string) => void
  onNew: () => void
  /** What can be done with the view that is shown. */
  menu: MenuEntry[]
}

/** Views as tabs; those that do not fit are in a menu at the end. */
export function ViewTabs({ views, current, env, count, onShow, onNew, menu }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const [fit, setFit] = useState(views.length)
  const passing = !views.some((v) => v.id === current.id) // everything, narrowed by an address: not one of the views
  const tabs = passing ? [current, ...views] : views
  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    const measure = () => {
      const all = [...el.querySelectorAll<HTMLElement>('[data-tab]')]
      const room = el.clientWidth - 88
      let used = 0
      let n = 0
      for (const tab of all) {
        used += tab.scrollWidth
        if (used > room && n > 0) break
        n++
      }
      setFit(n)
    }
    measure()
    const resized = new ResizeObserver(measure)
    resized.observe(el)
    return () => resized.disconnect()
  }, [tabs.length, current.id, env.language])

  const at = tabs.findIndex((v) => v.id === current.id)
  // the view that is shown always has a tab
  const hidden = (i: number) => (at < fit ? i >= fit : i >= fit - 1 && i !== at)
  const rest = tabs.filter((_, i) => hidden(i))
  return (
    <div ref={box} className={s.tabs}>
      <div role="tablist" aria-label={env.t('views')} className={s.tablist}>
        {tabs.map((v, i) => {
          const Glyph = viewIcons[v.type]
          const on = v.id === current.id
          return (
            <button
              key={v.id}
              type="button"
              role="tab"
              data-tab
              aria-selected={on}
              aria-hidden={hidden(i) || undefined}
              tabIndex={on ? 0 : -1}
              className={cx(s.tab, on && s.on, hidden(i) && s.hidden)}
              title={env.text(v.description) || undefined}
              onClick={() => onShow(v.id)}
              onKeyDown={(e) => {
                const step = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0
                const to = tabs[i + step]
                if (step === 0 || !to) return
                e.preventDefault()
                onShow(to.id)
                requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus())
              }}
            >
              <Glyph size={16} strokeWidth={1.75} aria-hidden />
              <span className={s.tabText}>{passing && v === current ? env.t('found') : viewTitle(v, env)}</span>
              {v.shared && <Users size={12} strokeWidth={1.75} aria-label={env.t('view.sharedMark')} />}
              {on && count !== undefined && <span className={s.count}>{env.fmt.number(count, 0)}</span>}
            </button>
          )
        })}
      </div>
      <span className={s.after}>
        {menu.length > 0 && (
          <Menu
            trigger={
              <IconButton size="small" label={env.t('view.menu', { view: viewTitle(current, env) })}>
                <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
              </IconButton>
            }
            items={menu}
          />
        )}
        {rest.length > 0 && (
          <Menu
            trigger={
              <Button tone="quiet" size="small" aria-label={`${env.t('moreViews')} +${rest.length}`}>
                +{rest.length}
              </Button>
            }
            items={rest.map((v) => {
              const Glyph = viewIcons[v.type]
              return {
                label: viewTitle(v, env),
                icon: <Glyph size={16} strokeWidth={1.75} aria-hidden />,
                onSelect: () => onShow(v.id),
              }
            })}
          />
        )}
        <IconButton size="small" label={env.t('newView')} onClick={onNew}>
          <Plus size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </span>
    </div>
  )
}
