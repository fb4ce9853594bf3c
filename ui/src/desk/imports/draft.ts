import type { Mapping } from './target'

/** An import that was begun and not started: the file is at the server, the mapping here. */
export type Draft = { fileId: string; name: string; size: number; mapping: Mapping }

const key = (target: string) => `formwork.import.${target}`

/** Drafts live as long as the tab; the server keeps an unused file for a day. */
export function readDraft(target: string): Draft | undefined {
  try {
    const d = JSON.parse(sessionStorage.getItem(key(target)) ?? 'null') as Partial<Draft> | null
    return d && typeof d.fileId === 'string' && d.mapping ? (d as Draft) : undefined
  } catch {
    return undefined
  }
}

export function keepDraft(target: string, d: Draft | undefined) {
  try {
    if (d) sessionStorage.setItem(key(target), JSON.stringify(d))
    else sessionStorage.removeItem(key(target))
  } catch {
    // Storage that is full or forbidden only costs coming back to it.
  }
}
