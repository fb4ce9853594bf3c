import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { IconButton, SearchInput } from '@/shared/ui'
import { useShortcut } from '../../palette'
import type { Env } from '../data/env'
import s from './toolbar.module.css'

type Props = { env: Env; label: string; value: string | undefined; onSearch: (words: string | undefined) => void }

const pause = 250

/** Quick search: an icon until it is needed, searching while one types. */
export function SearchBox({ env, label, value, onSearch }: Props) {
  const [open, setOpen] = useState(value !== undefined)
  const [typed, setTyped] = useState(value ?? '')
  const [seen, setSeen] = useState(value)
  const input = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  if (seen !== value) {
    setSeen(value)
    if ((value ?? '') !== typed.trim()) setTyped(value ?? '')
    if (value !== undefined) setOpen(true)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  useShortcut('f', () => {
    setOpen(true)
    requestAnimationFrame(() => input.current?.focus())
  })
  if (!open)
    return (
      <IconButton
        label={label}
        onClick={() => {
          setOpen(true)
          requestAnimationFrame(() => input.current?.focus())
        }}
      >
        <Search size={16} strokeWidth={1.75} aria-hidden />
      </IconButton>
    )
  const send = (words: string) => {
    clearTimeout(timer.current)
    onSearch(words.trim() || undefined)
  }
  return (
    <SearchInput
      ref={input}
      label={label}
      className={s.search}
      value={typed}
      title={env.t('bar.search')}
      onChange={(e) => {
        const words = e.target.value
        setTyped(words)
        clearTimeout(timer.current)
        timer.current = setTimeout(() => send(words), pause)
      }}
      onKeyDown={(e) => {
        if (e.key === 'Enter' && !e.nativeEvent.isComposing) send(typed)
        if (e.key === 'Escape') {
          setTyped('')
          send('')
          setOpen(false)
        }
      }}
      onBlur={() => typed.trim() === '' && setOpen(false)}
    />
  )
}
