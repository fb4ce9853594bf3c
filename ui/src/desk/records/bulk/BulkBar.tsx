import { ArrowRightCircle, Download, Pencil, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import type { FormEntry } from '@/shared/api'
import { Confirm, Menu } from '@/shared/overlay'
import { formModel } from '@/shared/schema'
import { Button, IconButton, toast, toastError } from '@/shared/ui'
import type { Ask } from '../data/ask'
import type { Env } from '../data/env'
import type { Feed } from '../data/feed'
import { both } from '../model/filter'
import {
  chosenCount,
  everything,
  isNothing,
  mostPicked,
  nothing,
  pickedFilter,
  type Selection,
} from '../model/selection'
import { download, downloadPicked, exportAddress } from '../MoreMenu'
import { bulkFields, EditDialog } from './EditDialog'
import { BulkMoveDialog } from './MoveDialog'
import { RunDialog } from './RunDialog'
import { useBulk, type Task } from './useBulk'
import s from './bulk.module.css'

const glyph = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const
const undoable = 500

type Props = {
  app: string
  entry: FormEntry
  env: Env
  feed: Feed
  ask: Ask
  fields: readonly string[]
  base: string
  total: number | undefined
  selection: Selection
  onSelection: (s: Selection) => void
}

/** What can be done with the chosen records, while some are chosen. */
export function BulkBar(p: Props) {
  const { app, entry, env, feed, ask, selection, onSelection } = p
  const { t } = env
  const bulk = useBulk(app, entry, feed, ask)
  const [dialog, setDialog] = useState<'edit' | 'move' | 'delete'>()
  const count = chosenCount(selection, p.total)
  const shown = count === undefined ? '…' : env.fmt.number(count, 0)
  const can = (action: FormEntry['actions'][number]) => entry.actions.includes(action)

  const start = async (task: Task) => {
    setDialog(undefined)
    try {
      const end = await bulk.start(task, selection)
      if (!end) return
      if (task.kind === 'delete') onSelection(nothing)
      if (end.failed.length > 0 || end.stopped) return
      bulk.close()
      if (task.kind === 'restore') toast(t('bulk.restored', { n: env.fmt.number(end.ok, 0) }))
      else if (task.kind === 'delete') {
        const { ids } = end
        toast(
          t('bulk.deleted', { n: env.fmt.number(end.ok, 0) }),
          ids.length > 0 && ids.length <= undoable
            ? { label: t('bulk.undo'), run: () => void start({ kind: 'restore', ids }) }
            : undefined,
        )
      } else toast(t('bulk.doneAll', { n: env.fmt.number(end.ok, 0) }))
    } catch (error) {
      toastError(error)
    }
  }

  const save = async (format: 'xlsx' | 'csv') => {
    const picked = pickedFilter(selection)
    const what = { ...ask, filter: both(ask.filter, picked), sort: ask.sort ?? [], fields: p.fields }
    if (!picked) return download(exportAddress(app, entry.key, what, format))
    if (selection.ids.size > mostPicked) {
      return toast(t('bulk.tooMany', { n: env.fmt.number(mostPicked, 0) }))
    }
    // picked rows stay picked when they no longer fit the list's filter
    const only = selection.all ? what : { ...what, filter: picked, search: undefined }
    try {
      await downloadPicked(app, entry.key, only, format, env.text(entry.title))
    } catch (error) {
      toastError(error)
    }
  }

  return (
    <>
      {!isNothing(selection) && (
        <div className={s.bar} role="toolbar" aria-label={t('bulk.bar')}>
          <span className={s.count} role="status">
            {selection.all && selection.ids.size === 0
              ? t('bulk.chosenAll', { n: shown })
              : t('bulk.chosen', { n: shown })}
          </span>
          {!selection.all && p.total !== undefined && p.total > selection.ids.size && (
            <Button tone="quiet" size="small" onClick={() => onSelection(everything)}>
              {t('bulk.chooseAll', { n: env.fmt.number(p.total, 0) })}
            </Button>
          )}
          <span className={s.line} />
          {can('update') && bulkFields(entry).length > 0 && (
            <Button tone="quiet" size="small" icon={<Pencil {...glyph} />} onClick={() => setDialog('edit')}>
              {t('bulk.edit')}
            </Button>
          )}
          {can('transition') && formModel(entry).stages && (
            <Button tone="quiet" size="small" icon={<ArrowRightCircle {...glyph} />} onClick={() => setDialog('move')}>
              {t('bulk.move')}
            </Button>
          )}
          {can('export') && (
            <Menu
              trigger={
                <Button tone="quiet" size="small" icon={<Download {...glyph} />}>
                  {t('bulk.export')}
                </Button>
              }
              items={(['xlsx', 'csv'] as const).map((format) => ({
                label: t(format === 'xlsx' ? 'menu.exportXlsx' : 'menu.exportCsv'),
                onSelect: () => void save(format),
              }))}
            />
          )}
          {can('delete') && (
            <Button
              tone="quiet"
              size="small"
              className={s.danger}
              icon={<Trash2 {...glyph} />}
              onClick={() => setDialog('delete')}
            >
              {t('bulk.delete')}
            </Button>
          )}
          <IconButton size="small" label={t('bulk.clear')} onClick={() => onSelection(nothing)}>
            <X {...glyph} />
          </IconButton>
        </div>
      )}
      {dialog === 'edit' && (
        <EditDialog
          entry={entry}
          env={env}
          count={count ?? 0}
          onClose={() => setDialog(undefined)}
          onApply={(data) => void start({ kind: 'edit', data })}
        />
      )}
      {dialog === 'move' && (
        <BulkMoveDialog
          entry={entry}
          env={env}
          count={count ?? 0}
          onClose={() => setDialog(undefined)}
          onApply={(data) => void start({ kind: 'move', data })}
        />
      )}
      {dialog === 'delete' && (
        <Confirm
          open
          onOpenChange={() => setDialog(undefined)}
          title={t('bulk.deleteTitle', { n: shown })}
          action={t('bulk.deleteDo', { n: shown })}
          danger
          onConfirm={() => void start({ kind: 'delete' })}
        >
          {t('bulk.deleteText')}
        </Confirm>
      )}
      {bulk.run && (
        <RunDialog
          run={bulk.run}
          env={env}
          base={p.base}
          onStop={bulk.stop}
          onClose={bulk.close}
          onUndo={
            bulk.run.task.kind === 'delete' && bulk.run.done.length <= undoable
              ? () => void start({ kind: 'restore', ids: bulk.run?.done ?? [] })
              : undefined
          }
        />
      )}
    </>
  )
}
