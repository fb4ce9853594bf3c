import { useEffect } from 'react'
import { same, type JsonObject } from '../schema'
import type { FormState } from './state'

const pause = 300

/** Computes a record on the server without writing it. */
export type Evaluate = (form: string, ask: { id?: string; data: JsonObject }) => Promise<JsonObject>

/**
 * Fills in what only the server can compute while a record is being edited: what lookups copy once a relation points
 * somewhere else. Nothing is asked until something that they follow changes; without network they wait for saving.
 */
export function useServerComputed(state: FormState, evaluate: Evaluate): void {
  useEffect(() => {
    const sources = followed(state)
    if (sources.length === 0) return
    const now = () => sources.map((k) => state.value(k))
    let last = now()
    let turn = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async () => {
      const mine = ++turn
      try {
        const data = await evaluate(state.model.form, {
          id: state.creating ? undefined : state.id,
          data: state.patch(),
        })
        // what was typed meanwhile asks anew
        if (mine === turn) state.setComputed(data)
      } catch {
        // saving computes them
      }
    }
    const stop = state.subscribe('*', () => {
      const next = now()
      if (same(next, last)) return
      last = next
      clearTimeout(timer)
      timer = setTimeout(() => void ask(), pause)
    })
    if (state.creating && last.some((v) => v !== undefined)) void ask()
    return () => {
      stop()
      turn++
      clearTimeout(timer)
    }
  }, [state, evaluate])
}

/** The fields on whose change the server is asked. */
function followed(state: FormState): string[] {
  const out = new Set<string>()
  for (const f of state.model.fields) if (f.type === 'lookup' && f.via) out.add(f.via)
  return [...out]
}
