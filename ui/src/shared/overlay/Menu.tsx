import { Check, ChevronRight } from 'lucide-react'
import { DropdownMenu as M } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx, Kbd } from '../ui'
import s from './Menu.module.css'

export type MenuEntry =
  | {
      kind?: 'action'
      label: ReactNode
      icon?: ReactNode
      keys?: string
      danger?: boolean
      disabled?: boolean
      onSelect: () => void
    }
  | { kind: 'check'; label: ReactNode; checked: boolean; onChange: (v: boolean) => void }
  | { kind: 'label'; label: ReactNode }
  | { kind: 'line' }
  | { kind: 'sub'; label: ReactNode; icon?: ReactNode; items: MenuEntry[] }

/** A menu that its trigger opens. `trigger` is one element that takes a ref. */
export function Menu({
  trigger,
  items,
  align = 'start',
}: {
  trigger: ReactNode
  items: MenuEntry[]
  align?: 'start' | 'end'
}) {
  return (
    <M.Root modal={false}>
      <M.Trigger asChild>{trigger}</M.Trigger>
      <M.Portal>
        <M.Content className={s.menu} align={align} sideOffset={4} collisionPadding={8}>
          <Entries items={items} />
        </M.Content>
      </M.Portal>
    </M.Root>
  )
}

function Entries({ items }: { items: MenuEntry[] }) {
  return items.map((x, i) => {
    switch (x.kind) {
      case 'line':
        return <M.Separator key={i} className={s.line} />
      case 'label':
        return (
          <M.Label key={i} className={s.label}>
            {x.label}
          </M.Label>
        )
      case 'check':
        return (
          <M.CheckboxItem
            key={i}
            className={s.item}
            checked={x.checked}
            onCheckedChange={x.onChange}
            onSelect={(e) => e.preventDefault()}
          >
            <span className={s.icon}>
              <M.ItemIndicator>
                <Check size={16} aria-hidden />
              </M.ItemIndicator>
            </span>
            <span className={s.text}>{x.label}</span>
          </M.CheckboxItem>
        )
      case 'sub':
        return (
          <M.Sub key={i}>
            <M.SubTrigger className={s.item}>
              <span className={s.icon}>{x.icon}</span>
              <span className={s.text}>{x.label}</span>
              <ChevronRight size={14} aria-hidden />
            </M.SubTrigger>
            <M.Portal>
              <M.SubContent className={s.menu} sideOffset={2} collisionPadding={8}>
                <Entries items={x.items} />
              </M.SubContent>
            </M.Portal>
          </M.Sub>
        )
      default:
        return (
          <M.Item key={i} className={cx(s.item, x.danger && s.danger)} disabled={x.disabled} onSelect={x.onSelect}>
            <span className={s.icon}>{x.icon}</span>
            <span className={s.text}>{x.label}</span>
            {x.keys && <Kbd keys={x.keys} />}
          </M.Item>
        )
    }
  })
}
