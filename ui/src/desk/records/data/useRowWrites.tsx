import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { ApiError, keys, type FormEntry, type RecordDocument } from '@/shared/api'
import { formModel, isEmpty, type Move } from '@/shared/schema'
import { toast, toastError } from '@/shared/ui'
import { readRecord } from './ask'
import type { Env } from './env'
import type { Feed } from './feed'
import { removeRecord, restoreRecord, transition } from './writes'

const MoveDialog = lazy(async () => ({ default: (await import('../../record')).MoveDialog }))

type Asking = { record: RecordDocument; move: Move; then: (r: RecordDocument) => void; otherwise: () => void }

/** Moving and deleting single records out of a list: asks for what a move requires, offers a way back from a delete. */
export function useRowWrites(app: string, entry: FormEntry, env: Env) {
  const client = useQueryClient()
  const [asking, setAsking] = useState<Asking>()
  const model = formModel(entry)
  const stale = () => void client.invalidateQueries({ queryKey: keys.form(entry.form) })
  const stage = (key: string) => env.text(model.stages?.states.find((s) => s.key === key)?.title) || key

  /** Moves at once where everything is there, else asks. Says afterwards what came of it. */
  async function move(id: string, m: Move, then: (r: RecordDocument) => void, otherwise: () => void = () => undefined) {
    try {
      const record = await readRecord(app, entry.key, id)
      const missing = m.require.some((k) => k !== model.stages?.field && isEmpty(record.data[k]))
      if (missing) return setAsking({ record, move: m, then, otherwise })
      try {
        const moved = await transition(entry.form, id, record.rev, m.to)
        then(moved)
        stale()
        toast(env.t('board.moved', { column: stage(m.to) }))
      } catch (error) {
        // rules may ask for more than the transition names; the dialog shows what
        const askable =
          error instanceof ApiError &&
          error.status === 422 &&
          error.problems.some((p) => p.pointer?.startsWith('/data/'))
        if (!askable) throw error
        setAsking({ record, move: m, then, otherwise })
      }
    } catch (error) {
      otherwise()
      toastError(error)
    }
  }

  async function remove(id: string, feed: Feed) {
    try {
      await removeRecord(entry.form, id)
      feed.take(new Set([id]))
      stale()
      toast(env.t('bulk.deleted', { n: 1 }), {
        label: env.t('bulk.undo'),
        run: () =>
          void restoreRecord(entry.form, id).then(
            () => {
              toast(env.t('bulk.restored', { n: 1 }))
              stale()
              void feed.reload()
            },
            (error: unknown) => toastError(error),
          ),
      })
    } catch (error) {
      toastError(error)
    }
  }

  const dialog: ReactNode = asking && (
    <Suspense>
      <MoveDialog
        model={model}
        record={asking.record}
        move={asking.move}
        onMoved={asking.then}
        onClose={() => {
          asking.otherwise()
          setAsking(undefined)
        }}
      />
    </Suspense>
  )
  return { move, remove, dialog }
}
