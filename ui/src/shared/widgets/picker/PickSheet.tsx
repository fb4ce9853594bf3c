import { ChevronRight, X } from 'lucide-react'
import { useId, useRef, useState, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '../../ui'
import c from '../control.module.css'
import type { PickProps } from './Combobox'
import { ItemFace, Options } from './Options'
import s from './picker.module.css'
import { useOptions, type Item } from './useOptions'

/** Chooses on a phone: a button that shows what is chosen, and a sheet with a search over a long list of large targets. */
export function PickSheet(p: PickProps) {
  const { t } = useTranslation('shared/widgets')
  const [open, setOpen] = useState(false)
  const [query, setQuery] = useState('')
  const dialog = useRef<HTMLDialogElement>(null)
  const listId = useId()
  const found = useOptions(p.source, query, open)
  const chosen = new Set(p.selected.map((x) => x.value))
  const show = () => {
    setOpen(true)
    dialog.current?.showModal()
  }
  const close = () => dialog.current?.close()
  const pick = (item: Item) => {
    if (p.multiple)
      return p.onChange(chosen.has(item.value) ? [...chosen].filter((v) => v !== item.value) : [...chosen, item.value])
    p.onChange([item.value])
    close()
  }
  // a tap beside the sheet; Esc is the dialog's own
  const beside = { onClick: (e: MouseEvent) => e.target === dialog.current && close() }
  return (
    <>
      <button
        type="button"
        id={p.id}
        className={cx(c.control, c.phone, s.open)}
        aria-haspopup="dialog"
        aria-describedby={p.describedBy}
        data-problem={p.invalid || undefined}
        disabled={p.disabled}
        onClick={show}
        style={p.invalid ? { borderColor: 'var(--danger)' } : undefined}
      >
        <span>
          {p.selected.length > 0 ? (
            p.selected.map((x) => <ItemFace key={x.value} item={x} />)
          ) : (
            <span className={s.placeholder}>{p.placeholder || t('choose')}</span>
          )}
        </span>
        <ChevronRight size={20} strokeWidth={1.75} aria-hidden />
      </button>
      <dialog
        ref={dialog}
        className={s.sheet}
        aria-label={p.label}
        onClose={() => {
          setOpen(false)
          setQuery('')
          p.onLeave()
        }}
        {...beside}
      >
        {open && (
          <>
            <div className={s.head}>
              <h2>{p.label}</h2>
              {p.selected.length > 0 && !p.multiple && !p.required && (
                <button
                  type="button"
                  className={s.done}
                  onClick={() => {
                    p.onChange([])
                    close()
                  }}
                >
                  {t('clearShort')}
                </button>
              )}
              <button type="button" className={s.done} onClick={close} aria-label={p.multiple ? undefined : t('close')}>
                {p.multiple ? t('done') : <X size={20} strokeWidth={1.75} aria-hidden />}
              </button>
            </div>
            <div className={s.query}>
              <input
                type="search"
                className={cx(c.control, c.phone)}
                role="combobox"
                aria-expanded
                aria-autocomplete="list"
                aria-label={t('search')}
                placeholder={t('search')}
                aria-controls={listId}
                value={query}
                onChange={(e) => setQuery(e.target.value)}
              />
            </div>
            <div className={s.body}>
              <Options
                id={listId}
                label={p.label}
                found={found}
                chosen={chosen}
                active={-1}
                multiple={p.multiple}
                query={query}
                create={
                  p.create &&
                  ((name) => {
                    close()
                    p.create?.(name)
                  })
                }
                onPick={pick}
              />
            </div>
          </>
        )}
      </dialog>
    </>
  )
}
