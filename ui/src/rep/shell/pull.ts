/** How far a finger pulls before letting go refreshes, and the most that the page gives way. */
export const enough = 72
const most = 112

/** How far the page gives way to a finger: less and less, as if something held it. */
export const given = (dy: number) => Math.max(0, most * (1 - Math.exp(-dy / 160)))

type Pull = { onMove: (px: number) => void; onEnd: (refresh: boolean) => void }

/**
 * Follows fingers that pull a page down from its top. A pull that begins sideways, in a scrolled page or with two fingers
 * is none. Gives how to stop.
 */
export function followPull(target: EventTarget, top: () => boolean, p: Pull): () => void {
  let from: { x: number; y: number } | undefined
  let px = 0
  const end = (refresh: boolean) => {
    if (from && px > 0) p.onEnd(refresh)
    from = undefined
    px = 0
  }
  const start = (e: Event) => {
    const { touches, target: on } = e as TouchEvent
    const inside = on instanceof Element && on.closest('dialog, [role=dialog], [data-no-pull]')
    const one = touches.length === 1 ? touches[0] : undefined
    from = one && top() && !inside ? { x: one.clientX, y: one.clientY } : undefined
    px = 0
  }
  const move = (e: Event) => {
    const touch = (e as TouchEvent).touches[0]
    if (!from || !touch || (e as TouchEvent).touches.length > 1) return end(false)
    const dy = touch.clientY - from.y
    const dx = Math.abs(touch.clientX - from.x)
    if (px === 0 && (dx > dy || dy < 8 || !top())) {
      if (dx > 12 || dy < -4) from = undefined
      return
    }
    if (e.cancelable) e.preventDefault()
    px = given(dy)
    p.onMove(px)
  }
  const lift = () => end(px >= enough)
  const cancel = () => end(false)
  const events = [
    ['touchstart', start, { passive: true }],
    ['touchmove', move, { passive: false }],
    ['touchend', lift, { passive: true }],
    ['touchcancel', cancel, { passive: true }],
  ] as const
  for (const [name, f, o] of events) target.addEventListener(name, f, o)
  return () => events.forEach(([name, f]) => target.removeEventListener(name, f))
}
