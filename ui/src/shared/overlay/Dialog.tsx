import { X } from 'lucide-react'
import { Dialog as D } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, cx, IconButton } from '../ui'
import s from './Dialog.module.css'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
  /** Buttons, the main one last. */
  footer?: ReactNode
  size?: 'small' | 'medium' | 'large'
  /** From the right edge, as high as the window: for working beside a list. */
  side?: boolean
}

/** A dialog over the page; Esc and a click beside it close it. */
export function Dialog({ open, onOpenChange, title, description, children, footer, size = 'medium', side }: Props) {
  const { t } = useTranslation('shared/ui')
  return (
    <D.Root open={open} onOpenChange={onOpenChange}>
      <D.Portal>
        <D.Overlay className={s.overlay} />
        <D.Content
          className={cx(side ? s.side : s.dialog, s[size])}
          onOpenAutoFocus={toContent}
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          <header className={s.header}>
            <D.Title className={s.title}>{title}</D.Title>
            <D.Close asChild>
              <IconButton label={t('close')}>
                <X size={16} strokeWidth={1.75} aria-hidden />
              </IconButton>
            </D.Close>
          </header>
          {description && <D.Description className={s.description}>{description}</D.Description>}
          <div className={s.body} data-body>
            {children}
          </div>
          {footer && <footer className={s.footer}>{footer}</footer>}
        </D.Content>
      </D.Portal>
    </D.Root>
  )
}

/** Where the keyboard starts: at what is to be filled in, else at the first button below; the cross is the last resort. */
function toContent(e: Event) {
  const box = e.currentTarget as HTMLElement
  if (box.contains(document.activeElement)) return e.preventDefault() // somebody inside has taken it
  const fill = 'input:not([type=hidden]):not(:disabled), textarea:not(:disabled), select:not(:disabled)'
  const first =
    box.querySelector<HTMLElement>(`[data-body] :is(${fill})`) ??
    box.querySelector<HTMLElement>('footer button:not(:disabled)')
  if (!first) return
  e.preventDefault()
  first.focus()
}

type ConfirmProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  children?: ReactNode
  /** The verb of what will be done. */
  action: string
  danger?: boolean
  busy?: boolean
  onConfirm: () => void
}

/** Asks before something that is hard to take back. */
export function Confirm({ open, onOpenChange, title, children, action, danger, busy, onConfirm }: ConfirmProps) {
  const { t } = useTranslation('shared/ui')
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      size="small"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('cancel')}</Button>
          <Button tone={danger ? 'danger' : 'primary'} busy={busy} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  )
}
