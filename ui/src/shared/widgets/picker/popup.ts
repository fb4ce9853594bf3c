import { useEffect, useLayoutEffect, type RefObject } from 'react'

/**
 * Shows an element in the top layer, under its anchor or above it where there is more room: no scrolling container and no
 * dialog cuts it off. It follows when something scrolls.
 */
export function usePopup(
  open: boolean,
  anchor: RefObject<HTMLElement | null>,
  popup: RefObject<HTMLElement | null>,
): void {
  useLayoutEffect(() => {
    const a = anchor.current
    const el: HTMLElement | null = popup.current
    if (!open || !a || !el) return
    el.showPopover?.()
    const place = () => {
      const r = a.getBoundingClientRect()
      const below = innerHeight - r.bottom - 12
      const above = r.top - 12
      const up = below < 220 && above > below
      const width = Math.min(Math.max(r.width, 220), innerWidth - 16)
      const place: { [property: string]: string } = {
        width: `${width}px`,
        left: `${Math.min(Math.max(8, r.left), innerWidth - width - 8)}px`,
        'max-height': `${Math.min(320, Math.max(120, up ? above : below))}px`,
        top: up ? 'auto' : `${r.bottom + 4}px`,
        bottom: up ? `${innerHeight - r.top + 4}px` : 'auto',
      }
      for (const [property, v] of Object.entries(place)) el.style.setProperty(property, v)
    }
    place()
    addEventListener('scroll', place, true)
    addEventListener('resize', place)
    return () => {
      removeEventListener('scroll', place, true)
      removeEventListener('resize', place)
      if (el.matches?.(':popover-open')) el.hidePopover?.()
    }
  }, [open, anchor, popup])
}

/**
 * Esc closes what is open here, and nothing around it: dialogs listen on the document, so this has to come before.
 */
export function useEscape(open: boolean, close: () => void): void {
  useEffect(() => {
    if (!open) return
    const hear = (e: KeyboardEvent) => {
      if (e.key !== 'Escape' || e.isComposing) return
      e.preventDefault()
      e.stopPropagation()
      close()
    }
    addEventListener('keydown', hear, true)
    return () => removeEventListener('keydown', hear, true)
  }, [open, close])
}
