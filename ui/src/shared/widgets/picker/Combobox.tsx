import { ChevronDown, X } from 'lucide-react'
import { useCallback, useId, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Avatar, cx, Tag } from '../../ui'
import c from '../control.module.css'
import { ItemFace, offersCreate, Options } from './Options'
import { useEscape, usePopup } from './popup'
import s from './picker.module.css'
import { useOptions, type Item, type Source } from './useOptions'

export type PickProps = {
  id: string
  label: string
  source: Source
  selected: readonly Item[]
  multiple?: boolean
  required?: boolean
  invalid?: boolean
  disabled?: boolean
  describedBy?: string
  inCell?: boolean
  takeFocus?: boolean
  placeholder?: string
  onChange: (values: string[]) => void
  onLeave: () => void
  create?: (name: string) => void
}

/** Chooses from a list that drops down and narrows while one types: one item, or several as tags. */
export function Combobox(p: PickProps) {
  const { t } = useTranslation('shared/widgets')
  const [open, setOpen] = useState(false)
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const popup = useRef<HTMLDivElement>(null)
  const listId = useId()
  const found = useOptions(p.source, query, open)
  const close = useCallback(() => {
    setOpen(false)
    setQuery('')
  }, [])
  usePopup(open, box, popup)
  useEscape(open, close)
  const chosen = new Set(p.selected.map((x) => x.value))
  const one = p.multiple ? undefined : p.selected[0]
  const last = found.list.length - (offersCreate(found, query, p.create) ? 0 : 1)
  const at = Math.min(active, last)

  const show = () => {
    if (open || p.disabled) return
    setOpen(true)
    const i = one && 'items' in p.source ? p.source.items.findIndex((x) => x.value === one.value) : 0
    setActive(Math.max(0, i))
  }
  const pick = (item: Item) => {
    if (p.multiple) {
      p.onChange(chosen.has(item.value) ? [...chosen].filter((v) => v !== item.value) : [...chosen, item.value])
      setQuery('')
    } else {
      p.onChange([item.value])
      close()
    }
  }
  const make = (name: string) => {
    close()
    p.create?.(name)
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault()
      if (!open) return show()
      const next = at + (e.key === 'ArrowDown' ? 1 : -1)
      const to = next < 0 ? last : next > last ? 0 : next
      setActive(to)
      document.getElementById(`${listId}-${to}`)?.scrollIntoView({ block: 'nearest' })
    } else if (e.key === 'Enter' && open) {
      e.preventDefault()
      e.stopPropagation()
      const item = found.list[at]
      if (item) pick(item)
      else if (at === found.list.length && query.trim() && p.create) make(query.trim())
    } else if (e.key === 'Backspace' && query === '') {
      if (p.multiple && p.selected.length > 0) p.onChange([...chosen].slice(0, -1))
      else if (one && !open) p.onChange([])
    } else if (e.key === 'Tab') close()
  }

  return (
    <div
      ref={box}
      className={cx(c.box, s.pick, p.inCell && c.cell)}
      data-invalid={p.invalid || undefined}
      data-disabled={p.disabled || undefined}
      onPointerDown={(e) => {
        if ((e.target as HTMLElement).closest('button, [popover]')) return
        if (e.target !== input.current) {
          e.preventDefault()
          input.current?.focus()
        }
        if (open && e.target === input.current && query === '') close()
        else show()
      }}
    >
      {one?.color && <span className={cx(s.dot, s[one.color])} aria-hidden />}
      {one?.person && <Avatar name={one.title} id={one.value} />}
      <div className={cx(s.tokens, p.multiple && s.several)}>
        {p.multiple &&
          p.selected.map((x) => (
            <span key={x.value} className={s.token}>
              {x.person ? <ItemFace item={x} /> : <Tag color={x.color ?? 'gray'}>{x.title}</Tag>}
              {!p.disabled && (
                <button
                  type="button"
                  className={s.remove}
                  aria-label={t('remove', { name: x.title })}
                  onClick={() => p.onChange([...chosen].filter((v) => v !== x.value))}
                >
                  <X size={14} strokeWidth={1.75} aria-hidden />
                </button>
              )}
            </span>
          ))}
        <input
          ref={input}
          id={p.id}
          role="combobox"
          aria-label={p.inCell ? p.label : undefined}
          aria-expanded={open}
          aria-controls={open ? listId : undefined}
          aria-autocomplete="list"
          aria-activedescendant={open && last >= 0 ? `${listId}-${at}` : undefined}
          aria-invalid={p.invalid || undefined}
          aria-required={p.required || undefined}
          aria-describedby={p.describedBy}
          {...{ autoFocus: p.takeFocus }}
          autoComplete="off"
          spellCheck={false}
          disabled={p.disabled}
          value={open ? query : (one?.title ?? '')}
          placeholder={open && one ? one.title : p.selected.length > 0 ? undefined : p.placeholder}
          onChange={(e) => {
            setQuery(e.target.value)
            setActive(0)
            if (!open) setOpen(true)
          }}
          onKeyDown={onKeyDown}
          onBlur={(e) => {
            if (box.current?.contains(e.relatedTarget)) return
            close()
            p.onLeave()
          }}
        />
      </div>
      {one && !p.required && !p.disabled && !p.inCell && (
        <button
          type="button"
          className={cx(c.inBox, s.clear)}
          aria-label={t('clear', { name: p.label })}
          onClick={() => p.onChange([])}
        >
          <X size={16} strokeWidth={1.75} aria-hidden />
        </button>
      )}
      {!p.inCell && <ChevronDown size={16} strokeWidth={1.75} className={cx(c.adorn, s.down)} aria-hidden />}
      <div ref={popup} popover="manual" className={s.popup} hidden={!open}>
        {open && (
          <Options
            id={listId}
            label={p.label}
            found={found}
            chosen={chosen}
            active={at}
            multiple={p.multiple}
            query={query}
            create={p.create && make}
            onPick={pick}
            onHover={setActive}
          />
        )}
      </div>
    </div>
  )
}
