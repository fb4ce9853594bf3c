import { useSyncExternalStore } from 'react'

/** A record that was opened: where it is, what it is called, what kind it is. */
export type Recent = { to: string; title: string; note?: string; icon?: string; at: number }

const stored = 'formwork.recent'
const most = 20
const none: Recent[] = []
const followers = new Set<() => void>()
let list: Recent[] | undefined

function read(): Recent[] {
  if (list) return list
  try {
    const v: unknown = JSON.parse(localStorage.getItem(stored) ?? '[]')
    list = Array.isArray(v)
      ? (v as Recent[]).filter((r) => typeof r?.to === 'string' && typeof r?.title === 'string')
      : none
  } catch {
    list = none
  }
  return list
}

function write(l: Recent[]) {
  list = l
  localStorage.setItem(stored, JSON.stringify(l))
  followers.forEach((f) => f())
}

/** Remembers on this device that a record was opened. */
export function remember(r: Omit<Recent, 'at'>) {
  const first = read()[0]
  if (first && first.to === r.to && first.title === r.title) return
  write([{ ...r, at: Date.now() }, ...read().filter((x) => x.to !== r.to)].slice(0, most))
}

/** Forgets everything, as when somebody else signs in. */
export const forgetRecent = () => write([])

const follow = (f: () => void) => {
  followers.add(f)
  return () => void followers.delete(f)
}

/** What was opened last on this device, the latest first. */
export const useRecent = () => useSyncExternalStore(follow, read)
