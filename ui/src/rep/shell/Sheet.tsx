import { X } from 'lucide-react'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import s from './Sheet.module.css'

type Props = { title: string; onClose: () => void; children: ReactNode; foot?: ReactNode; tall?: boolean }

/** A sheet from below. The browser's own dialog keeps the focus inside and closes by Esc or the back gesture. */
export function Sheet({ title, onClose, children, foot, tall }: Props) {
  const { t } = useTranslation('rep')
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current!
    if (!dialog.open) dialog.showModal()
    document.documentElement.style.overflow = 'hidden'
    return () => {
      document.documentElement.style.overflow = ''
      dialog.close()
    }
  }, [])
  return (
    // The click on the backdrop is a convenience beside Esc and the close button.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={ref}
      className={s.sheet}
      data-tall={tall || undefined}
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault()
        onClose()
      }}
      onClick={(e) => e.target === ref.current && onClose()}
    >
      <div className={s.inner}>
        <div className={s.top}>
          <h2 id={id}>{title}</h2>
          <button type="button" className={s.close} aria-label={t('close')} onClick={onClose}>
            <X size={20} strokeWidth={1.75} aria-hidden />
          </button>
        </div>
        <div className={s.body}>{children}</div>
        {foot && <div className={s.foot}>{foot}</div>}
      </div>
    </dialog>
  )
}
