import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { api, ApiError, idempotencyKey, keys, must, type FormEntry } from '@/shared/api'
import type { Ask } from '../data/ask'
import { loader } from '../data/ask'
import type { Feed } from '../data/feed'
import { restoreRecord } from '../data/writes'
import { outcomes, work, type Progress } from '../model/bulk'
import { isChosen, type Selection } from '../model/selection'

const size = 200
const most = 500

export type Task =
  { kind: 'edit' | 'move'; data: Record<string, unknown> } | { kind: 'delete' } | { kind: 'restore'; ids: string[] }

export type Run = { progress?: Progress; titles: Map<string, string>; task: Task; running: boolean; done: string[] }

/** Does one thing to all chosen records, part by part, and says what became of each. */
export function useBulk(app: string, entry: FormEntry, feed: Feed, ask: Ask) {
  const client = useQueryClient()
  const [run, setRun] = useState<Run>()
  const stop = useRef<AbortController>(undefined)

  /** Ids and titles of what is chosen: for everything, all pages are walked first, since the work may change the list. */
  const collect = useCallback(
    async (selection: Selection, signal: AbortSignal): Promise<Map<string, string>> => {
      const title = entry.titleField
      const name = (data: Record<string, unknown>) => (title === undefined ? '' : String(data[title] ?? ''))
      const out = new Map<string, string>()
      if (!selection.all) {
        for (const id of selection.ids) out.set(id, name(feed.find(id)?.record.data ?? {}))
        // rows that were scrolled away are no longer here; without a name they are only shown as one
        const far = [...selection.ids].filter((id) => title !== undefined && !feed.find(id))
        for (let i = 0; i < far.length; i += most) {
          const filter = { field: 'id', op: 'in', value: far.slice(i, i + most) }
          const page = await loader(app, entry.key, { filter, fields: [title!] })({ limit: most, signal })
          for (const r of page.items) out.set(r.id, name(r.data))
        }
        return out
      }
      const load = loader(app, entry.key, {
        filter: ask.filter,
        search: ask.search,
        sort: ask.sort,
        fields: title ? [title] : [],
      })
      let cursor: string | undefined
      do {
        const page = await load({ cursor, limit: most, signal })
        for (const r of page.items) if (isChosen(selection, r.id)) out.set(r.id, name(r.data))
        cursor = page.cursor
      } while (cursor !== undefined)
      return out
    },
    [app, entry, feed, ask],
  )

  const start = useCallback(
    async (task: Task, selection: Selection): Promise<(Progress & { ids: string[] }) | undefined> => {
      const abort = new AbortController()
      stop.current = abort
      setRun({ task, titles: new Map(), running: true, done: [] })
      let titles: Map<string, string>
      try {
        titles =
          task.kind === 'restore' ? new Map(task.ids.map((id) => [id, ''])) : await collect(selection, abort.signal)
      } catch (error) {
        setRun(undefined)
        if (!abort.signal.aborted) throw error
        return undefined
      }
      const done: string[] = []
      const path = { app, form: entry.key }
      const keysOf = new Map<string, string>()
      const send = async (part: string[]) => {
        // the same part is sent under the same key: it is done once, however often it is sent
        const key = keysOf.get(part[0]!) ?? idempotencyKey()
        keysOf.set(part[0]!, key)
        if (task.kind === 'restore') return Promise.all(part.map((id) => restore(entry.form, id)))
        const answer = await must(
          api.POST('/api/v1/apps/{app}/forms/{form}/bulk', {
            params: { path, header: { 'Idempotency-Key': key } },
            body: task.kind === 'delete' ? { delete: part } : { update: part.map((id) => ({ id, data: task.data })) },
          }),
        )
        return outcomes(part, task.kind === 'delete' ? answer.delete : answer.update)
      }
      const end = await work(
        [...titles.keys()],
        task.kind === 'restore' ? 6 : size,
        async (part) => {
          const results = await send(part)
          done.push(...results.filter((r) => r.ok).map((r) => r.id))
          return results
        },
        (progress) => setRun({ task, titles, running: true, progress, done }),
        abort.signal,
        (error) => error instanceof ApiError && (error.offline || error.status === 503),
      )
      setRun({ task, titles, running: false, progress: end, done })
      if (task.kind === 'delete') feed.take(new Set(done))
      else void feed.reload()
      void client.invalidateQueries({ queryKey: keys.form(entry.form) })
      return { ...end, ids: done }
    },
    [app, entry, client, feed, collect],
  )
  return { run, start, stop: () => stop.current?.abort(), close: () => setRun(undefined) }
}

async function restore(form: string, id: string) {
  try {
    await restoreRecord(form, id)
    return { id, ok: true, reasons: [] }
  } catch (error) {
    return { id, ok: false, reasons: [error instanceof Error ? error.message : String(error)] }
  }
}
