import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { FieldModel, FormModel } from '../schema'
import { useFormContext } from './context'
import type { FieldProblem } from './problems'
import { FormState, type Start } from './state'

/**
 * The state of editing one record, or a new one. It is made anew when another form or another record comes; the same
 * record read again (after a live event) is merged into what is being typed.
 */
export function useFormState(model: FormModel, start: Start = {}): FormState {
  const ctx = useFormContext()
  const [made, setMade] = useState(() => ({
    model,
    id: start.id,
    user: ctx.user.id,
    state: new FormState(model, ctx, start),
  }))
  let { state } = made
  // a new record that was saved has an id from then on, and is still the same editing
  const other = made.model !== model || made.user !== ctx.user.id || (start.id !== made.id && start.id !== state.id)
  if (other) {
    const next = new FormState(model, ctx, start)
    if (made.model !== model && made.id === start.id && made.model.form === model.form) next.write(state.typed()) // a new version was published
    state = next
    setMade({ model, id: start.id, user: ctx.user.id, state })
  }
  const { id, rev, data } = start
  useEffect(() => {
    if (id === state.id && rev !== undefined && data) state.follow({ rev, data })
  }, [state, id, rev, data])
  return state
}

export type FieldView = {
  value: unknown
  /** What was typed where that is not yet a value. */
  raw: unknown
  problems: FieldProblem[]
  required: boolean
  dirty: boolean
  original: unknown
  /** What somebody else made of it meanwhile. */
  conflict?: { theirs: unknown }
}

/** One field of a state; draws again only when something about it changes. */
export function useField(state: FormState, f: FieldModel): FieldView {
  const version = useVersion(state, f.key)
  return useMemo(
    () => ({
      value: state.value(f.key),
      raw: f.type === 'table' ? state.rows(f.key) : state.raw(f.key),
      problems: state.shown(f.key),
      required: state.isRequired(f),
      dirty: state.isDirty(f.key),
      original: state.original[f.key],
      conflict: state.conflicts.has(f.key) ? { theirs: state.conflicts.get(f.key) } : undefined,
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the version stands for what the state holds
    [state, f, version],
  )
}

/** The value of a field that need not be one of the form's own widgets. */
export function useValue(state: FormState, key: string): unknown {
  useVersion(state, key)
  return state.value(key)
}

export type FormStatus = {
  dirty: string[]
  blocking: number
  problems: FieldProblem[]
  conflicts: string[]
  /** Something, such as an upload, is still on its way; saving waits for it. */
  waiting: boolean
  /** Keys of the sections that are shown. */
  visible: ReadonlySet<string>
}

/** The whole of a state: for the save button, messages, and which sections are shown. Draws with every change. */
export function useFormStatus(state: FormState): FormStatus {
  const version = useVersion(state, '*')
  return useMemo(
    () => ({
      dirty: state.dirty,
      blocking: state.blocking,
      problems: state.shownOfForm,
      conflicts: [...state.conflicts.keys()],
      waiting: state.waiting,
      visible: new Set(state.model.sections.filter((s) => state.isVisible(s.key)).map((s) => s.key)),
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the version stands for what the state holds
    [state, version],
  )
}

/** The keys of the sections that are shown, as one text, so that who follows it draws only when a section comes or goes. */
export function useVisibleSections(state: FormState): ReadonlySet<string> {
  const text = useSyncExternalStore(
    (l) => state.subscribe('*', l),
    () => state.model.sections.map((s) => (state.isVisible(s.key) ? s.key : '')).join('\n'),
  )
  return useMemo(() => new Set(text === '' ? [''] : text.split('\n')), [text])
}

function useVersion(state: FormState, key: string): number {
  const subscribe = useMemo(() => (l: () => void) => state.subscribe(key, l), [state, key])
  return useSyncExternalStore(subscribe, () => state.version(key))
}
