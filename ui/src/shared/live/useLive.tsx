import { useQueryClient } from '@tanstack/react-query'
import { createContext, use, useEffect, useState, type ReactNode } from 'react'
import { followLive, type LiveEvent, type LiveState } from '../api'

type Live = { state: LiveState; listen: (call: (e: LiveEvent) => void) => () => void }

const Context = createContext<Live>({ state: 'connecting', listen: () => () => undefined })

/** Follows the server's events for everything below it; mount it once somebody is signed in. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  const [listeners] = useState(() => new Set<(e: LiveEvent) => void>())
  const [listen] = useState(() => (call: (e: LiveEvent) => void) => {
    listeners.add(call)
    return () => void listeners.delete(call)
  })
  useEffect(() => followLive(client, (e) => listeners.forEach((l) => l(e)), setState), [client, listeners])
  return <Context value={{ state, listen }}>{children}</Context>
}

/** Whether the server can be heard. */
export const useLiveState = () => use(Context).state

/** Calls with every event while mounted. `call` should be stable. */
export function useLiveEvents(call: (e: LiveEvent) => void) {
  const { listen } = use(Context)
  useEffect(() => listen(call), [listen, call])
}
