import { useQuery } from '@tanstack/react-query'
import { api, keys, must, type Schemas } from '@/shared/api'

export type Job = Schemas['Job']

const live = new Set(['queued', 'running'])
export const underWay = (j: Pick<Job, 'state'> | undefined) => j !== undefined && live.has(j.state)

/** A job as it goes on. Live events say that it moved; asking now and then finds out where they do not arrive. */
export function useJob(id: string | undefined) {
  return useQuery({
    queryKey: [...keys.jobs, id],
    enabled: id !== undefined,
    staleTime: 0,
    refetchInterval: (q) => (underWay(q.state.data) ? 1000 : false),
    queryFn: () => must(api.GET('/api/v1/jobs/{id}', { params: { path: { id: id! } } })),
  })
}

/** One's own imports into a target, the newest first. */
export function useRecent(target: string) {
  return useQuery({
    queryKey: [...keys.jobs, 'import', target],
    queryFn: async () =>
      (await must(api.GET('/api/v1/jobs', { params: { query: { kind: 'import' } } }))).items.filter(
        (j) => j.about?.form === target || j.about?.target === target,
      ),
  })
}

/** The undoing of an import, if there is one. */
export function useUndoOf(id: string | undefined) {
  return useQuery({
    queryKey: [...keys.jobs, 'undo', id],
    enabled: id !== undefined,
    refetchInterval: (q) => (underWay(q.state.data ?? undefined) ? 1000 : false),
    queryFn: async () =>
      (await must(api.GET('/api/v1/jobs', { params: { query: { kind: 'import-undo' } } }))).items.find(
        (j) => j.about?.job === id,
      ) ?? null,
  })
}

export type Counts = {
  rows: number
  done: number
  created: number
  updated: number
  unchanged: number
  refused: number
  skipped: number
  warnings: number
}

/** The counts of an import, under way or done. */
export function countsOf(j: Job): Counts {
  const from = j.result ?? j.progress ?? {}
  const n = (k: string) => (typeof from[k] === 'number' ? from[k] : 0)
  return {
    rows: n('rows'),
    done: n('done'),
    created: n('created'),
    updated: n('updated'),
    unchanged: n('unchanged'),
    refused: n('refused'),
    skipped: n('skipped'),
    warnings: n('warnings'),
  }
}

export type Conflict = { form: string; record: string; field?: string; problems?: { code: string; message?: string }[] }
export type Undone = { removed: number; restored: number; conflicts: number; list: Conflict[] }

export function undoneOf(j: Job): Undone {
  const from = j.result ?? j.progress ?? {}
  const n = (k: string) => (typeof from[k] === 'number' ? from[k] : 0)
  const list = Array.isArray(from.conflictList) ? (from.conflictList as Conflict[]) : []
  return { removed: n('removed'), restored: n('restored'), conflicts: n('conflicts'), list }
}

/** A filter that finds the records that an import made or changed, by who wrote them and when. */
export function importedFilter(j: Job): { [k: string]: unknown } {
  const made = countsOf(j).created > 0
  const [at, by] = made ? ['createdAt', 'createdBy'] : ['updatedAt', 'updatedBy']
  const leaves: object[] = [{ field: at, op: 'between', value: [j.createdAt, j.updatedAt] }]
  if (j.by) leaves.push({ field: by, op: 'eq', value: j.by })
  return { and: leaves }
}
