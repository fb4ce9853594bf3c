import { RefreshCw } from 'lucide-react'
import { useEffect, useEffectEvent, useRef } from 'react'
import { enough, followPull } from './pull'
import s from './PullToRefresh.module.css'

/** Pulling the page down from its top refreshes it. For fingers alone: the button beside the title does the same. */
export default function PullToRefresh({ busy, onRefresh }: { busy: boolean; onRefresh: () => void }) {
  const mark = useRef<HTMLDivElement>(null)
  const place = (px: number, held: boolean) => {
    const el = mark.current
    if (!el) return
    el.style.setProperty('--pulled', `${px}px`)
    el.style.setProperty('--turned', `${Math.min(1, px / enough) * 270}deg`)
    el.dataset.held = held ? 'true' : ''
    el.dataset.ready = px >= enough ? 'true' : ''
  }
  const end = useEffectEvent((refresh: boolean) => {
    place(0, false)
    if (refresh && !busy) onRefresh()
  })
  useEffect(() => {
    const root = document.documentElement
    root.style.overscrollBehaviorY = 'contain' // the browser's own pull would load the whole page anew
    const stop = followPull(window, () => window.scrollY <= 0, {
      onMove: (px) => place(px, true),
      onEnd: (refresh) => end(refresh),
    })
    return () => {
      stop()
      root.style.overscrollBehaviorY = ''
    }
  }, [])
  return (
    <div ref={mark} className={s.mark} data-busy={busy || undefined} aria-hidden>
      <RefreshCw size={20} strokeWidth={1.75} />
    </div>
  )
}
