import { useCallback, useEffect, useSyncExternalStore } from 'react'
import type { FormModel, Target } from '../schema'
import { useServices, type FormServices } from './services'

const pause = 8
const most = 200

/** undefined: not known yet; null: the caller may not read it, or it is gone. */
type Title = string | null | undefined
type Named = Pick<Target, 'form' | 'titleField'>

const known = new Map<string, string | null>()
const listeners = new Set<() => void>()
const tell = () => listeners.forEach((l) => l())

const subscribe = (l: () => void) => {
  listeners.add(l)
  return () => void listeners.delete(l)
}

const titleOf = (form: string, id: string): Title => known.get(`${form}/${id}`)

/** Takes names of records that came along with something else, so that they need not be asked for. */
export function seedTitles(form: string, titles: { readonly [id: string]: string | null }): void {
  let news = false
  for (const [id, t] of Object.entries(titles)) {
    const key = `${form}/${id}`
    if (known.get(key) === t) continue
    known.set(key, t)
    news = true
  }
  // whoever seeds may be drawing just now
  if (news) queueMicrotask(tell)
}

/** Takes the `labels` that came along with records of a form. */
export function seedLabels(
  model: FormModel,
  labels: { readonly [field: string]: { readonly [id: string]: string } } | undefined,
): void {
  for (const [key, byId] of Object.entries(labels ?? {})) {
    const form = model.field(key)?.target?.form
    if (form) seedTitles(form, byId)
  }
}

/** Forgets the names of a form's records, of all forms without one: after some changed, or somebody else signed in. */
export function forgetTitles(form?: string): void {
  for (const key of known.keys()) if (form === undefined || key.startsWith(`${form}/`)) known.delete(key)
  queueMicrotask(tell)
}

/** Asks for names in batches: a list of a hundred rows asks once, not a hundred times. */
class Asker {
  private readonly wanted = new Map<string, { target: Named; ids: Set<string> }>()
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly services: FormServices) {}

  want(target: Named, id: string): void {
    const w = this.wanted.get(target.form) ?? { target, ids: new Set<string>() }
    w.ids.add(id)
    this.wanted.set(target.form, w)
    this.timer ??= setTimeout(() => void this.flush(), pause)
  }

  private async flush(): Promise<void> {
    this.timer = undefined
    const asked = [...this.wanted.values()]
    this.wanted.clear()
    await Promise.all(asked.map(({ target, ids }) => this.ask(target, [...ids])))
  }

  private async ask(target: Named, ids: string[]): Promise<void> {
    const left = ids.filter((id) => titleOf(target.form, id) === undefined)
    for (let i = 0; i < left.length; i += most) {
      const part = left.slice(i, i + most)
      try {
        const found = await this.services.titles(target, part)
        seedTitles(target.form, Object.fromEntries(part.map((id) => [id, found[id] ?? null])))
      } catch {
        // they stay unknown, and are asked for when they are shown again
      }
    }
  }
}

const askers = new WeakMap<FormServices, Asker>()

function askerOf(services: FormServices): Asker {
  let a = askers.get(services)
  if (!a) {
    a = new Asker(services)
    askers.set(services, a)
  }
  return a
}

/** The name of a record: undefined while it is being asked for, null when the caller may not know. */
export function useTitle(target: (Named & { readable: boolean }) | undefined, id: string | undefined): Title {
  const services = useServices()
  const form = target?.form ?? ''
  const title = useSyncExternalStore(
    subscribe,
    useCallback(() => (id ? titleOf(form, id) : null), [form, id]),
  )
  const readable = target?.readable ?? false
  useEffect(() => {
    if (target && readable && id && title === undefined) askerOf(services).want(target, id)
  }, [services, target, readable, id, title])
  return !readable && title === undefined ? null : title
}

/** seedLabels for a component that shows records which came with `labels`. */
export function useSeedLabels(model: FormModel, labels: Parameters<typeof seedLabels>[1]): void {
  useEffect(() => seedLabels(model, labels), [model, labels])
}
