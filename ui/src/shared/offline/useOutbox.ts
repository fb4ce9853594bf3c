import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { idempotencyKey, keys } from '../api'
import { useLiveState } from '../live/useLive'
import { Outbox, type Entry } from './outbox'
import { sendEntry } from './send'
import { deviceStore } from './store'

const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('formwork-outbox')
let client: QueryClient | undefined

/** One tab sends at a time where the browser can say so; the keys make doubles harmless where it cannot. */
const alone = <T>(work: () => Promise<T>): Promise<T> =>
  navigator.locks ? (navigator.locks.request('formwork-outbox', work) as Promise<T>) : work()

export const outbox = new Outbox(
  deviceStore<Entry>('outbox'),
  sendEntry,
  ({ entry }) => {
    channel?.postMessage('sent')
    void client?.invalidateQueries({ queryKey: keys.form(entry.form) })
    void client?.invalidateQueries({ queryKey: ['page'] })
  },
  alone,
)

/** What this user's device has not got through yet, the oldest first. */
export const useOutbox = () => useSyncExternalStore(outbox.follow, outbox.list)

/**
 * Writes now, or as soon as the server can be reached. Undefined: it is kept. Throws what the server refused. `kept` is
 * called once the device has it.
 */
export function submitEntry(
  e: Omit<Entry, 'id' | 'at' | 'state'>,
  replaces?: { current: string | undefined },
  kept?: () => void,
) {
  const id = idempotencyKey()
  const old = replaces?.current
  if (replaces && old) replaces.current = id
  return outbox.submit({ ...e, id, at: Date.now(), state: 'waiting' }, old, kept)
}

/** Sends what waits whenever there is hope: at the start, when the server is heard again, and every half minute. */
export function useOutboxSender(user: string) {
  const cache = useQueryClient()
  const live = useLiveState()
  useEffect(() => {
    client = cache
    void outbox.start(user).then(outbox.flush)
    const heard = () => void outbox.reload()
    const online = () => void outbox.flush()
    channel?.addEventListener('message', heard)
    addEventListener('online', online)
    const timer = setInterval(() => outbox.list().some((e) => e.state === 'waiting') && online(), 30_000)
    return () => {
      channel?.removeEventListener('message', heard)
      removeEventListener('online', online)
      clearInterval(timer)
    }
  }, [cache, user])
  useEffect(() => {
    if (live === 'open') void outbox.flush()
  }, [live])
}
