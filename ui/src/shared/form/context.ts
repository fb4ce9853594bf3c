import { useMemo } from 'react'
import { useMe } from '../api'
import type { JsonObject } from '../schema'

/** What a form's expressions know beside its fields. */
export type FormContext = {
  /** `user` in expressions. */
  user: JsonObject
  /** The reader's zone: where typed times are read and rules look at days. */
  zone: string
  /** The workspace's zone, in which formulas are computed: what is stored must not depend on who writes. */
  workspaceZone: string
  now: () => number
}

/** The context of who is signed in. */
export function useFormContext(): FormContext {
  const { data: me } = useMe()
  return useMemo(() => {
    // the browser's own is asked last: asking takes a phone tens of milliseconds
    const workspaceZone = me?.workspace.timezone || Intl.DateTimeFormat().resolvedOptions().timeZone
    const { id = '', name = '', login = '', department, email, phone } = me?.user ?? {}
    return {
      user: { id, name, login, ...(department && { department }), ...(email && { email }), ...(phone && { phone }) },
      zone: me?.user.timezone || workspaceZone,
      workspaceZone,
      now: Date.now,
    }
  }, [me])
}
