import { useSyncExternalStore } from 'react'
import { useMe } from '@/shared/api'
import { drafts } from '@/shared/form'

export type DraftKey = { user: string; kind: 'new' | 'edit'; form: string; id: string }

/** Under which a form's input is kept: whose, of which record; a new record has its id from the start. */
export const draftKey = (k: DraftKey) => `${k.user}/${k.kind}/${k.form}/${k.id}`

export function readDraftKey(key: string): DraftKey | undefined {
  const [user, kind, form, id, more] = key.split('/')
  if (!user || (kind !== 'new' && kind !== 'edit') || !form || !id || more !== undefined) return undefined
  return { user, kind, form, id }
}

export type DraftItem = DraftKey & { key: string; at: string }

/** What somebody typed on this device and neither sent nor threw away, the newest first. */
export function draftsOf(user: string, all: { key: string; at: string }[]): DraftItem[] {
  return all.flatMap(({ key, at }) => {
    const k = readDraftKey(key)
    return k?.user === user ? [{ ...k, key, at }] : []
  })
}

let seen: { user: string; text: string; list: DraftItem[] } | undefined
const follow = (f: () => void) => {
  addEventListener('storage', f)
  return () => removeEventListener('storage', f)
}

export function useDraftList(): DraftItem[] {
  const user = useMe().data?.user.id ?? ''
  return useSyncExternalStore(follow, () => {
    const list = draftsOf(user, drafts())
    const text = JSON.stringify(list)
    if (seen?.user !== user || seen.text !== text) seen = { user, text, list }
    return seen.list
  })
}
