import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api'
import { Button, IconButton } from './Button'
import { cx } from './cx'
import s from './toast.module.css'

export type Toast = { id: number; text: string; tone: 'done' | 'failed'; action?: { label: string; run: () => void } }

let list: readonly Toast[] = []
let next = 1
const followers = new Set<() => void>()
const change = (l: readonly Toast[]) => {
  list = l
  followers.forEach((f) => f())
}

/** Says that something is done, with a way back where there is one. Goes by itself. */
export function toast(text: string, action?: Toast['action']) {
  push({ id: next++, text, tone: 'done', action }, action ? 8000 : 4000)
}

/** Says what did not work. Stays until it is closed. */
export function toastError(error: unknown, fallback?: string) {
  const text =
    error instanceof ApiError && !error.offline
      ? error.message
      : (fallback ?? (error instanceof Error ? error.message : String(error)))
  push({ id: next++, text, tone: 'failed' }, 12_000)
}

function push(t: Toast, life: number) {
  change([...list.slice(-3), t])
  setTimeout(() => close(t.id), life)
}

const close = (id: number) => change(list.filter((t) => t.id !== id))
const follow = (f: () => void) => {
  followers.add(f)
  return () => void followers.delete(f)
}

/** Where toasts appear; one per entry. */
export function Toasts() {
  const { t } = useTranslation('shared/ui')
  const shown = useSyncExternalStore(follow, () => list)
  return (
    <div className={s.area} role="region" aria-label={t('messages')} aria-live="polite">
      {shown.map((x) => (
        <div
          key={x.id}
          className={cx(s.toast, x.tone === 'failed' && s.failed)}
          role={x.tone === 'failed' ? 'alert' : 'status'}
        >
          {x.tone === 'failed' ? <CircleAlert size={16} aria-hidden /> : <CircleCheck size={16} aria-hidden />}
          <span className={s.text}>{x.text}</span>
          {x.action && (
            <Button
              size="small"
              tone="quiet"
              onClick={() => {
                x.action?.run()
                close(x.id)
              }}
            >
              {x.action.label}
            </Button>
          )}
          <IconButton size="small" label={t('close')} onClick={() => close(x.id)}>
            <X size={14} aria-hidden />
          </IconButton>
        </div>
      ))}
    </div>
  )
}
