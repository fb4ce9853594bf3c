import { Popover as P, Tooltip as T } from 'radix-ui'
import type { ReactNode } from 'react'
import s from './Menu.module.css'

type Props = {
  trigger: ReactNode
  children: ReactNode
  open?: boolean
  onOpenChange?: (open: boolean) => void
  align?: 'start' | 'center' | 'end'
  label?: string
}

/** A panel that its trigger opens. `trigger` is one element that takes a ref. */
export function Popover({ trigger, children, open, onOpenChange, align = 'start', label }: Props) {
  return (
    <P.Root open={open} onOpenChange={onOpenChange}>
      <P.Trigger asChild>{trigger}</P.Trigger>
      <P.Portal>
        <P.Content className={s.popover} align={align} sideOffset={4} collisionPadding={8} aria-label={label}>
          {children}
        </P.Content>
      </P.Portal>
    </P.Root>
  )
}

/** A few words on hover and focus. `children` is one element that takes a ref. */
export function Tooltip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <T.Provider delayDuration={400}>
      <T.Root>
        <T.Trigger asChild>{children}</T.Trigger>
        <T.Portal>
          <T.Content className={s.tooltip} sideOffset={4} collisionPadding={8}>
            {text}
          </T.Content>
        </T.Portal>
      </T.Root>
    </T.Provider>
  )
}
