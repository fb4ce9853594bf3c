import { useCallback, useEffect, useState } from 'react'
import { api, must, type LiveEvent, type Schemas } from '../api'
import { useLiveEvents } from './useLive'

export type Here = Schemas['PresentPerson']

const beat = 12_000
/** This window, so that two tabs of one person are two places. */
const tab = crypto.getRandomValues(new Uint32Array(2)).join('-')

/**
 * Says while mounted that the reader is at a list, or at a record of it, and gives who else is. `field` says that they
 * edit. It is a courtesy: where it cannot be told nothing is said.
 */
export function usePresence(form: string, id?: string, field?: string): Here[] {
  const [people, setPeople] = useState<Here[]>([])
  const listen = useCallback(
    (e: LiveEvent) => {
      if (e.type === 'presence' && e.form === form && e.id === id) setPeople((e.people as Here[] | undefined) ?? [])
    },
    [form, id],
  )
  useLiveEvents(listen)
  useEffect(() => {
    const at = { form, ...(id ? { id } : {}), window: tab }
    let gone = false
    const say = async () => {
      try {
        const answer = await must(
          api.POST('/api/v1/live/presence', {
            body: field ? { ...at, state: 'editing', field } : { ...at, state: 'viewing' },
          }),
        )
        if (!gone) setPeople(answer.people)
      } catch {
        // Nobody depends on it; the next beat tries again.
      }
    }
    void say()
    const timer = setInterval(() => document.visibilityState === 'visible' && void say(), beat)
    return () => {
      gone = true
      clearInterval(timer)
      void api.POST('/api/v1/live/presence', { body: { ...at, state: 'left' }, keepalive: true }).catch(() => undefined)
    }
  }, [form, id, field])
  return people
}
