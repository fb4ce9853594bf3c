import { useMemo, useState, type ReactNode } from 'react'
import type { AppDocument, FormEntry } from '@/shared/api'
import { Confirm } from '@/shared/overlay'
import { WidgetProvider } from '@/shared/widgets'
import type { Figures } from '../data/ask'
import type { Env } from '../data/env'
import type { Feed, Row } from '../data/feed'
import type { ListState } from '../data/useListState'
import type { useRowWrites } from '../data/useRowWrites'
import type { Scope } from '../filter/scope'
import { plainOf } from '../data/cells'
import { valueOf } from '../model/fields'
import { everything, type Selection } from '../model/selection'
import { CellEditor, editable } from './CellEditor'
import { RowActions } from './RowActions'
import { TableView, type useColumns } from './TableView'

type Props = {
  app: AppDocument
  entry: FormEntry
  state: ListState
  scope: Scope
  env: Env
  feed: Feed
  layout: ReturnType<typeof useColumns>
  figures: Figures | undefined
  count: string
  base: string
  label: string
  selection: Selection
  onSelection: (s: Selection) => void
  onOpen: (id: string, how: 'page' | 'side') => void
  writes: ReturnType<typeof useRowWrites>
  marks?: (row: Row) => ReactNode
  empty: ReactNode
}

/** The table of a list with everything that can be done in it: choosing, editing cells, moving and deleting rows. */
export function TableBody(p: Props) {
  const { entry, env, feed, base, writes, scope, onOpen } = p
  const [asked, setAsked] = useState<Row>()
  const selectable = entry.actions.some((a) => a === 'update' || a === 'delete' || a === 'transition' || a === 'export')
  const name = useMemo(() => {
    const people = new Map(scope.users.map((u) => [u.id, u.name]))
    return (id: string) => people.get(id) ?? env.t('system')
  }, [scope.users, env])
  const title = (row: Row) => {
    const f = entry.titleField === undefined ? undefined : scope.find(entry.titleField)
    return (f && plainOf(f, valueOf(row.record, f), row.labels, env)) || env.t('unnamed')
  }
  return (
    <WidgetProvider density="desktop">
      <TableView
        state={p.state}
        entry={entry}
        scope={scope}
        env={env}
        feed={feed}
        layout={p.layout}
        figures={p.figures}
        count={p.count}
        base={base}
        label={p.label}
        selection={p.selection}
        onSelection={selectable ? p.onSelection : undefined}
        onSelectAll={selectable ? () => p.onSelection(everything) : undefined}
        onOpen={onOpen}
        actions={(row) => (
          <RowActions
            entry={entry}
            row={row}
            env={env}
            base={base}
            onOpen={onOpen}
            onMove={(r, m) => void writes.move(r.id, m, (now) => feed.put(now, now.labels))}
            onDelete={setAsked}
          />
        )}
        editor={(row, column, close) => {
          const model = editable(entry, column.field)
          return (
            model && (
              <CellEditor
                entry={entry}
                row={row}
                field={column.field}
                model={model}
                env={env}
                userName={name}
                onSaved={(record, labels) => feed.put(record, labels ?? record.labels)}
                onClose={close}
              />
            )
          )
        }}
        marks={p.marks}
        empty={p.empty}
      />
      {asked && (
        <Confirm
          open
          onOpenChange={() => setAsked(undefined)}
          title={env.t('bulk.deleteOne', { title: title(asked) })}
          action={env.t('table.delete')}
          danger
          onConfirm={() => {
            void writes.remove(asked.id, feed)
            setAsked(undefined)
          }}
        >
          {env.t('bulk.deleteText')}
        </Confirm>
      )}
    </WidgetProvider>
  )
}
