import { useEffect, useRef } from 'react'

type Options = {
  /** Also while somebody types in a field. */
  always?: boolean
  /** Off for now. */
  disabled?: boolean
}

/** Whether an event is the chord: `mod+s`, `shift+e`, `?`, `escape`. mod is Ctrl, or ⌘ on a Mac. */
export function isChord(e: KeyboardEvent, keys: string): boolean {
  const parts = keys.toLowerCase().split('+')
  const key = parts.at(-1)!
  const mod = parts.includes('mod')
  if (mod !== (e.ctrlKey || e.metaKey) || e.altKey !== parts.includes('alt')) return false
  // a sign such as ? needs Shift on most keyboards: only letters and named keys mind it
  if (/^[a-z0-9]$|^\w{2,}$/.test(key) && e.shiftKey !== parts.includes('shift')) return false
  return e.key.toLowerCase() === key
}

const typing = (e: KeyboardEvent) => {
  const el = e.target as HTMLElement | null
  return (
    !!el &&
    (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName)) &&
    !(el instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(el.type))
  )
}

/** Runs on a chord, anywhere on the page but not while typing, unless `always`. */
export function useShortcut(keys: string, run: (e: KeyboardEvent) => void, { always, disabled }: Options = {}) {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  useEffect(() => {
    if (disabled) return
    const listen = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.isComposing || !isChord(e, keys) || (!always && typing(e))) return
      e.preventDefault()
      latest.current(e)
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [keys, always, disabled])
}
