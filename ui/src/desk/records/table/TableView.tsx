import { useCallback, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react'
import type { FormEntry } from '@/shared/api'
import { formModel } from '@/shared/schema'
import type { Figures } from '../data/ask'
import type { Env } from '../data/env'
import type { Feed, Row } from '../data/feed'
import type { ListState } from '../data/useListState'
import type { Scope } from '../filter/scope'
import { begin } from '../filter/CondEditor'
import { columnsOf, moveColumn, showColumn, type Column, type ColumnState } from '../model/columns'
import type { Fn } from '../model/fields'
import { cond } from '../model/filter'
import type { Selection } from '../model/selection'
import { press } from '../model/sort'
import { Grid } from './Grid'
import { SummaryRow } from './SummaryRow'

const slim = matchMedia('(max-width: 600px)')
const follow = (f: () => void) => {
  slim.addEventListener('change', f)
  return () => slim.removeEventListener('change', f)
}
const useNarrow = () => useSyncExternalStore(follow, () => slim.matches)

/** The columns of a view as the reader arranged them, and how to change that. */
export function useColumns(state: ListState, entry: FormEntry, scope: Scope) {
  const { view, prefs, setPrefs } = state
  const [dragging, setDragging] = useState<{ field: string; width: number }>()
  const kept = prefs.columns?.[view.id]
  const columnState: ColumnState = useMemo(
    () => ({
      ...kept,
      widths: { ...view.widths, ...kept?.widths, ...(dragging ? { [dragging.field]: dragging.width } : {}) },
    }),
    [kept, view.widths, dragging],
  )
  const narrow = useNarrow()
  const columns = useMemo(() => {
    const all = columnsOf(view.fields, columnState, scope.find, entry.titleField)
    // on a phone the pinned column leaves room for others
    return narrow ? all.map((c, i) => (i === 0 ? { ...c, width: Math.min(c.width, 188) } : c)) : all
  }, [view.fields, columnState, scope.find, entry.titleField, narrow])
  const change = useCallback(
    (to: ColumnState) => setPrefs((p) => ({ ...p, columns: { ...p.columns, [view.id]: to } })),
    [setPrefs, view.id],
  )
  const resize = useCallback(
    (field: string, width: number, end: boolean) => {
      setDragging(end ? undefined : { field, width })
      if (end) change({ ...kept, widths: { ...kept?.widths, [field]: width } })
    },
    [change, kept],
  )
  return { columns, columnState: kept ?? {}, change, resize }
}

/** Which figure stands under each column: the reader's choice, else the view's. */
export function summariesOf(state: ListState): Record<string, Fn> {
  const out: Record<string, Fn> = {}
  for (const x of state.view.summaries) out[x.field] = x.fn
  for (const [field, fn] of Object.entries(state.prefs.columns?.[state.view.id]?.summaries ?? {})) {
    if (fn) out[field] = fn as Fn
    else delete out[field]
  }
  return out
}

type Props = {
  state: ListState
  entry: FormEntry
  scope: Scope
  env: Env
  feed: Feed
  layout: ReturnType<typeof useColumns>
  figures: Figures | undefined
  count: string
  base: string
  label: string
  selection: Selection
  onSelection?: (s: Selection) => void
  onSelectAll?: () => void
  onOpen: (id: string, how: 'page' | 'side') => void
  actions?: (row: Row) => ReactNode
  editor?: (row: Row, column: Column, close: () => void) => ReactNode
  marks?: (row: Row) => ReactNode
  empty: ReactNode
}

export function TableView(p: Props) {
  const { state, entry, scope, env, layout } = p
  const { columns, columnState, change } = layout
  const keys = useMemo(() => columns.map((c) => c.field.key), [columns])
  const chosen = summariesOf(state)
  const stages = formModel(entry).stages
  const isOpen = useCallback(
    (row: Row) => {
      const at = stages?.states.find((x) => x.key === row.record.data[stages.field])
      return at === undefined || at.category === 'open'
    },
    [stages],
  )
  return (
    <Grid
      feed={p.feed}
      columns={columns}
      env={env}
      base={p.base}
      label={p.label}
      compact={columnState.compact === true}
      sort={state.sort}
      head={{
        onSort: (field, more) => {
          const next = press(state.sort, field, more)
          state.go({ sort: next.length > 0 ? next : undefined })
        },
        onSortTo: (term) => state.go({ sort: [term] }),
        onFilter: (key) => {
          const field = scope.find(key)
          if (!field) return
          const c = begin(cond(key, 'empty'), field)
          state.setRoot({ ...state.root, items: [...state.root.items, c] })
        },
        onHide: (field) => change(showColumn(columnState, keys, field, false)),
        onMove: (field, before) => change({ ...columnState, order: moveColumn(keys, field, before) }),
        onResize: layout.resize,
      }}
      selection={p.selection}
      onSelection={p.onSelection}
      onSelectAll={p.onSelectAll}
      onOpen={p.onOpen}
      isOpen={isOpen}
      actions={p.actions}
      editor={p.editor}
      marks={p.marks}
      empty={p.empty}
      summary={({ sight, width }) => (
        <SummaryRow
          columns={columns}
          sight={sight}
          env={env}
          width={width}
          count={p.count}
          chosen={chosen}
          figures={p.figures}
          onChoose={(field, fn) =>
            change({ ...columnState, summaries: { ...columnState.summaries, [field]: fn ?? '' } })
          }
        />
      )}
    />
  )
}
