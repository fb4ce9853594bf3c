import { useCallback, useSyncExternalStore } from 'react'
import { useMe } from '@/shared/api'
import type { ColumnState } from '../model/columns'

/** What a person made of a form's lists. */
export type ListPrefs = {
  /** Tabs in the order they want. */
  order?: string[]
  /** The view shown when none is named. */
  first?: string
  /** Columns, by view. */
  columns?: Record<string, ColumnState>
  /** Columns of a board that are folded, by view. */
  folded?: Record<string, string[]>
}

const followers = new Set<() => void>()
const read = new Map<string, { text: string | null; value: ListPrefs }>()

function load(key: string): ListPrefs {
  let text: string | null = null
  try {
    text = localStorage.getItem(key)
  } catch {
    // a browser that keeps nothing: preferences last as long as the page
    return read.get(key)?.value ?? {}
  }
  const had = read.get(key)
  if (had && had.text === text) return had.value
  let value: ListPrefs = {}
  try {
    const v: unknown = text === null ? {} : JSON.parse(text)
    if (typeof v === 'object' && v !== null && !Array.isArray(v)) value = v
  } catch {
    // what cannot be read is forgotten
  }
  read.set(key, { text, value })
  return value
}

function keep(key: string, value: ListPrefs) {
  const text = JSON.stringify(value)
  read.set(key, { text, value })
  try {
    localStorage.setItem(key, text)
  } catch {
    // full or forbidden: it holds until the page is left
  }
  followers.forEach((f) => f())
}

const follow = (f: () => void) => {
  followers.add(f)
  const other = (e: StorageEvent) => e.key?.startsWith('formwork.list.') && f()
  addEventListener('storage', other)
  return () => {
    followers.delete(f)
    removeEventListener('storage', other)
  }
}

/** The reader's own settings for lists of a form, and how to change them. */
export function useListPrefs(form: string): [ListPrefs, (change: (p: ListPrefs) => ListPrefs) => void] {
  const { data } = useMe()
  const key = `formwork.list.${data?.user.id ?? ''}.${form}`
  const prefs = useSyncExternalStore(follow, () => load(key))
  const change = useCallback((f: (p: ListPrefs) => ListPrefs) => keep(key, f(load(key))), [key])
  return [prefs, change]
}
