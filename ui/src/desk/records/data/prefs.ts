import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { api, must } from '@/shared/api'
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

type All = { lists?: Record<string, ListPrefs>; [k: string]: unknown }

const place = ['me', 'preferences']
const pause = 800
const none: ListPrefs = {}

const waiting = new Map<string, ListPrefs>()
let timer: ReturnType<typeof setTimeout> | undefined

/** Sends what changed, joined: dragging a column is one request. */
function send() {
  timer = undefined
  const lists = Object.fromEntries([...waiting].map(([form, p]) => [form, clearing(p)]))
  waiting.clear()
  // a setting that is not kept is no reason to stop anybody: it holds until the page is left
  api.PATCH('/api/v1/me/preferences', { body: { lists } }).catch(() => undefined)
}

/** A merge patch that replaces maps whole: members that are gone are named null. */
function clearing(p: ListPrefs): Record<string, unknown> {
  const columns = Object.fromEntries(
    Object.entries(p.columns ?? {}).map(([view, c]) => [
      view,
      { order: null, hidden: null, compact: null, ...c, widths: c.widths ?? null, summaries: c.summaries ?? null },
    ]),
  )
  return { order: null, first: null, ...p, columns }
}

/** The reader's own settings for lists of a form, and how to change them; they follow the person to other devices. */
export function useListPrefs(form: string): [ListPrefs, (change: (p: ListPrefs) => ListPrefs) => void, boolean] {
  const client = useQueryClient()
  const { data, isPending } = useQuery({
    queryKey: place,
    staleTime: 5 * 60_000,
    queryFn: async () => (await must(api.GET('/api/v1/me/preferences'))) as All,
  })
  const prefs = useMemo(() => data?.lists?.[form] ?? none, [data, form])
  const change = useCallback(
    (f: (p: ListPrefs) => ListPrefs) => {
      const all = client.getQueryData<All>(place) ?? {}
      const to = f(all.lists?.[form] ?? none)
      client.setQueryData<All>(place, { ...all, lists: { ...all.lists, [form]: to } })
      waiting.set(form, to)
      clearTimeout(timer)
      timer = setTimeout(send, pause)
    },
    [client, form],
  )
  return [prefs, change, !isPending]
}

addEventListener('pagehide', () => timer !== undefined && send())
