import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { JsonObject } from '../schema'
import { forget, keep, peek, recall, type Draft } from './draftStore'
import type { FormState } from './state'

const pause = 400

export type Restored = {
  /** When it was typed, ISO. */
  at: string
  /** Input of fields that the form no longer has, so that somebody can still copy it. */
  lost: JsonObject
  /** The record was changed by somebody since. */
  stale: boolean
}

/**
 * Keeps what is typed on this device under a key, so that a reload, a crash, or a new version of the form loses nothing.
 * What was kept comes back at once, with a notice. It is forgotten when the state has no changes any more, which saving
 * and resetting bring about.
 */
export function useDraft(state: FormState, key: string | undefined) {
  const [restored, setRestored] = useState<Restored>()
  const [savedAt, setSavedAt] = useState<number>()
  const ready = useRef(false)
  const catchUp = useRef<() => void>(undefined)

  const restore = useEffectEvent((draft: Draft) => {
    const known: JsonObject = {}
    const lost: JsonObject = {}
    for (const [k, v] of Object.entries(draft.typed)) {
      const f = state.model.field(k)
      if (f && f.writable) known[k] = v
      else lost[k] = v
    }
    // what was typed while the store was being asked wins
    for (const k of state.dirty) delete known[k]
    state.write(known)
    if (state.dirty.length > 0 || Object.keys(lost).length > 0)
      setRestored({ at: draft.at, lost, stale: draft.rev !== state.rev })
  })

  useEffect(() => {
    if (!key) return
    let live = true
    ready.current = false
    void recall(key).then((draft) => {
      if (!live) return
      if (draft) restore(draft)
      ready.current = true
      catchUp.current?.()
    })
    return () => {
      live = false
    }
  }, [state, key])

  useEffect(() => {
    if (!key) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let pending = false
    const write = () => {
      clearTimeout(timer)
      if (!pending) return
      pending = false
      // the page goes before the store was asked: what lies there is not written over, what was typed since joins it
      const had = ready.current ? undefined : peek(key)
      if (state.dirty.length === 0) {
        if (!ready.current) return
        void forget(key)
        setRestored(undefined)
        setSavedAt(undefined)
      } else {
        void keep(key, {
          v: 1,
          form: state.model.form,
          rev: state.rev,
          at: new Date().toISOString(),
          typed: { ...had?.typed, ...state.typed() },
        })
        setSavedAt(Date.now())
      }
    }
    const later = () => {
      pending = true
      clearTimeout(timer)
      if (ready.current) timer = setTimeout(write, pause)
    }
    catchUp.current = () => pending && later()
    const hiding = () => document.visibilityState === 'hidden' && write()
    const stop = state.subscribe('*', later)
    addEventListener('pagehide', write)
    document.addEventListener('visibilitychange', hiding)
    return () => {
      stop()
      write()
      removeEventListener('pagehide', write)
      document.removeEventListener('visibilitychange', hiding)
    }
  }, [state, key])

  return {
    restored,
    /** When the draft was last kept, for 已存草稿. */
    savedAt,
    /** Puts everything back and forgets the draft. */
    discard: () => {
      setRestored(undefined)
      state.reset()
      if (key) void forget(key)
    },
    /** Closes the notice. */
    accept: () => setRestored(undefined),
  }
}
