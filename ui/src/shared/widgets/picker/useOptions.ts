import { useEffect, useMemo, useRef, useState } from 'react'
import { fold } from '../../formula'

/** Something that can be chosen. `color` draws a tag, `person` an avatar. */
export type Item = { value: string; title: string; note?: string; color?: string; person?: boolean; retired?: boolean }

/** Where items come from: all of them at once, or by asking. `by` names what is asked, so that another source asks anew. */
export type Source =
  { items: readonly Item[] } | { search: (query: string, signal: AbortSignal) => Promise<Item[]>; by: string }

const pause = 200
export const most = 200

export type Found = { list: readonly Item[]; more: number; busy: boolean; failed: boolean; retry: () => void }

/** The items that fit what was typed. Asking waits until typing pauses, and only the last answer counts. */
export function useOptions(source: Source, query: string, open: boolean): Found {
  const items = 'items' in source ? source.items : undefined
  const local = useMemo(() => (items && open ? fitting(items, query) : undefined), [items, query, open])
  const [remote, setRemote] = useState<{ list: readonly Item[]; busy: boolean; failed: boolean }>({
    list: [],
    busy: false,
    failed: false,
  })
  const [turn, setTurn] = useState(0)
  const by = 'search' in source ? source.by : undefined
  const search = useRef<((query: string, signal: AbortSignal) => Promise<Item[]>) | undefined>(undefined)
  useEffect(() => {
    search.current = 'search' in source ? source.search : undefined
  })
  useEffect(() => {
    if (!open || by === undefined) return
    const stop = new AbortController()
    const timer = setTimeout(
      () => {
        setRemote((r) => ({ ...r, busy: true, failed: false }))
        search.current?.(query, stop.signal).then(
          (list) => !stop.signal.aborted && setRemote({ list, busy: false, failed: false }),
          () => !stop.signal.aborted && setRemote((r) => ({ ...r, busy: false, failed: true })),
        )
      },
      query === '' ? 0 : pause,
    )
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [open, by, query, turn])
  if (local)
    return {
      list: local.slice(0, most),
      more: Math.max(0, local.length - most),
      busy: false,
      failed: false,
      retry: () => undefined,
    }
  return { ...remote, more: 0, retry: () => setTurn((n) => n + 1) }
}

/** Those that hold what was typed, those that begin with it first. */
function fitting(items: readonly Item[], query: string): readonly Item[] {
  const q = fold(query)
  if (q === '') return items
  const begin: Item[] = []
  const hold: Item[] = []
  for (const x of items) {
    const title = fold(x.title)
    if (title.startsWith(q)) begin.push(x)
    else if (title.includes(q) || (x.note && fold(x.note).includes(q))) hold.push(x)
  }
  return [...begin, ...hold]
}
