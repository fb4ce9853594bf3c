import { openDB, type IDBPDatabase } from 'idb'
import type { JsonObject } from '../schema'

/** What is kept of an editing that was not finished. */
export type Draft = { v: 1; form: string; rev?: number; at: string; typed: JsonObject }

const prefix = 'formwork.draft.'

let opening: Promise<IDBPDatabase> | undefined
const large = () => (opening ??= openDB('formwork-drafts', 1, { upgrade: (db) => void db.createObjectStore('drafts') }))

/**
 * Keeps a draft. Local storage comes first because it is written before the page can go away; what is too large for it
 * goes to IndexedDB.
 */
export async function keep(key: string, draft: Draft): Promise<void> {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(draft))
    return
  } catch {
    localStorage.removeItem(prefix + key) // an older one must not come back
  }
  try {
    await (await large()).put('drafts', draft, key)
  } catch {
    // this device keeps nothing: what is typed lives as long as the page
  }
}

/** The draft as far as it can be read at once; one that was too large for that is asked for with `recall`. */
export function peek(key: string): Draft | undefined {
  try {
    const text = localStorage.getItem(prefix + key)
    return text ? read(JSON.parse(text)) : undefined
  } catch {
    return undefined // what cannot be read is no draft
  }
}

export async function recall(key: string): Promise<Draft | undefined> {
  const near = peek(key)
  if (near) return near
  try {
    return read(await (await large()).get('drafts', key))
  } catch {
    return undefined
  }
}

export async function forget(key: string): Promise<void> {
  localStorage.removeItem(prefix + key)
  try {
    await (await large()).delete('drafts', key)
  } catch {
    // there was none
  }
}

/** The keys of all drafts on this device, with when they were kept, newest first. */
export function drafts(): { key: string; form: string; at: string }[] {
  const out: { key: string; form: string; at: string }[] = []
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(prefix)) continue
    try {
      const d = read(JSON.parse(localStorage.getItem(name) ?? ''))
      if (d) out.push({ key: name.slice(prefix.length), form: d.form, at: d.at })
    } catch {
      // what cannot be read is no draft
    }
  }
  return out.sort((a, b) => (a.at < b.at ? 1 : -1))
}

function read(v: unknown): Draft | undefined {
  const d = v as Draft | null | undefined
  return d && d.v === 1 && typeof d.typed === 'object' && d.typed !== null ? d : undefined
}
