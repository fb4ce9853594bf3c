import type { QueryClient } from '@tanstack/react-query'
import { takeMark } from './early'
import { keys } from './keys'

export type LiveEvent =
  | { type: 'change'; form: string; ids?: string[] }
  | { type: 'catalog'; number: number }
  | { type: 'job'; id: string; state: string; [k: string]: unknown }
  | { type: 'notification'; [k: string]: unknown }
  | { type: 'presence'; [k: string]: unknown }
  | { type: 'stale' }

export type LiveState = 'connecting' | 'open' | 'away'

const names = ['change', 'catalog', 'job', 'notification', 'presence', 'stale'] as const

/**
 * Follows the server's events in this tab and drops from the cache what they touch, so that pages show what others
 * changed. Comes again by itself when the server was away. Returns how to stop.
 */
export function followLive(
  client: QueryClient,
  tell: (e: LiveEvent) => void,
  state: (s: LiveState) => void,
): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = 1000
  let missed = false
  const refresh = touched(client)

  const open = () => {
    state('connecting')
    const after = takeMark()
    source = new EventSource(after ? `/api/v1/live?after=${encodeURIComponent(after)}` : '/api/v1/live')
    source.addEventListener('hello', () => {
      wait = 1000
      state('open')
      if (missed) refresh({ type: 'stale' }) // nobody told us what happened meanwhile
      missed = false
    })
    for (const name of names) {
      source.addEventListener(name, (m) => {
        const event = { ...(JSON.parse((m as MessageEvent<string>).data || '{}') as object), type: name } as LiveEvent
        refresh(event)
        tell(event)
      })
    }
    source.onerror = () => {
      source?.close()
      missed = true
      state('away')
      timer = setTimeout(open, wait * (0.7 + Math.random() * 0.6))
      wait = Math.min(wait * 2, 15_000)
    }
  }
  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}

/** What of the cache an event makes old. Bursts of changes are answered with one refresh per form. */
function touched(client: QueryClient) {
  const pending = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    timer = undefined
    for (const form of pending) void client.invalidateQueries({ queryKey: keys.form(form) })
    if (pending.size > 0) boards ??= setTimeout(redraw, 2000)
    pending.clear()
  }
  // Figures cost more than a page of a list: while records keep changing, they are asked for every two seconds at most, and
  // an answer that is under way is waited for.
  let boards: ReturnType<typeof setTimeout> | undefined
  const redraw = () => {
    boards = undefined
    void client.invalidateQueries({ queryKey: ['dashboard'] }, { cancelRefetch: false })
  }
  return (event: LiveEvent) => {
    switch (event.type) {
      case 'change':
        pending.add(event.form)
        timer ??= setTimeout(flush, 250)
        break
      case 'catalog':
        void client.invalidateQueries({ queryKey: keys.apps })
        void client.invalidateQueries({ queryKey: ['app'] })
        break
      case 'job':
        void client.invalidateQueries({ queryKey: keys.jobs })
        break
      case 'notification':
        void client.invalidateQueries({ queryKey: keys.notifications })
        break
      case 'stale':
        void client.invalidateQueries()
    }
  }
}
