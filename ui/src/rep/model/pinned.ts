import { useSyncExternalStore } from 'react'
import { hubOf, type Catalog } from './catalog'

const stored = 'formwork.phone.pinned'
const followers = new Set<() => void>()
const follow = (f: () => void) => {
  followers.add(f)
  return () => void followers.delete(f)
}

/** The form in the bottom bar: what was chosen on this device, else the one that most others point to. */
export function usePinned(catalog: Catalog) {
  const chosen = useSyncExternalStore(follow, () => localStorage.getItem(stored))
  return (chosen ? catalog.form(chosen) : undefined) ?? hubOf(catalog)
}

export function setPinned(form: string) {
  localStorage.setItem(stored, form)
  followers.forEach((f) => f())
}
