import { useState } from 'react'
import { ApiError } from '../api'
import type { JsonObject } from '../schema'
import { focusFirstProblem } from './focus'
import type { FormState } from './state'

type Sent = { id: string; rev: number; data: JsonObject }

/**
 * Saving: nothing is sent while something blocks; what the server refuses stands beside its field; the first problem gets
 * the focus. `send` gets what to send and gives the record as it then is. `submit` gives that record, undefined when it
 * was not saved; `error` is what stands beside no field: no network, a conflict of versions, no right.
 */
export function useSubmit(
  state: FormState,
  send: (patch: JsonObject) => Promise<Sent>,
  container?: () => HTMLElement | null,
) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function submit(): Promise<Sent | undefined> {
    if (busy) return undefined
    setError(undefined)
    if (state.waiting) {
      setBusy(true)
      await state.settled()
      setBusy(false)
    }
    if (!state.check()) {
      focusFirstProblem(container?.())
      return undefined
    }
    setBusy(true)
    const patch = state.patch()
    try {
      const record = await send(patch)
      state.saved(record, patch)
      return record
    } catch (e) {
      if (e instanceof ApiError && e.problems.length > 0 && e.status === 422) {
        const homeless = state.refused(e)
        if (homeless.length > 0) setError(e)
        focusFirstProblem(container?.())
      } else setError(e)
      return undefined
    } finally {
      setBusy(false)
    }
  }

  return { submit, busy, error, clearError: () => setError(undefined) }
}
