import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { AppDocument, FormEntry } from '@/shared/api'
import { BulkBar } from './bulk/BulkBar'
import type { Figures } from './data/ask'
import type { Env } from './data/env'
import type { Row } from './data/feed'
import { useFeed } from './data/useFeed'
import type { ListState } from './data/useListState'
import type { useRowWrites } from './data/useRowWrites'
import { Gallery } from './gallery/Gallery'
import type { Scope } from './filter/scope'
import { viewTitle } from './views/ViewTabs'
import type { Selection } from './model/selection'
import { Peek } from './peek/Peek'
import { TableBody } from './table/TableBody'
import type { useColumns } from './table/TableView'
import s from './List.module.css'

type Props = {
  app: AppDocument
  entry: FormEntry
  state: ListState
  scope: Scope
  env: Env
  base: string
  layout: ReturnType<typeof useColumns>
  shown: readonly string[]
  figures: Figures | undefined
  total: number | undefined
  /** Rises when the reader asks for the list anew. */
  refresh: number
  selection: Selection
  onSelection: (s: Selection) => void
  writes: ReturnType<typeof useRowWrites>
  marks: (row: Row) => ReactNode
  onOpen: (id: string, how: 'page' | 'side', ids?: readonly string[]) => void
  empty: ReactNode
}

/** Views that show one endless list: a table, and the record that is open beside it. */
export function Rows(p: Props) {
  const { app, entry, state, env, base } = p
  const asked = useMemo(() => {
    const extra = [entry.titleField, entry.stages?.field].filter((x) => x !== undefined)
    return [...new Set([...p.shown, ...extra])].sort()
  }, [p.shown, entry])
  const ask = useMemo(
    () => ({ filter: state.filter, search: state.search, sort: [...state.sort], fields: asked }),
    [state.filter, state.search, state.sort, asked],
  )
  const feed = useFeed(app.key, entry.key, ask)
  // what was shown stays until the first page of what is asked for now is there
  const [settled, setSettled] = useState(feed)
  if (settled !== feed && (feed.started || feed.error !== undefined)) setSettled(feed)
  const seen = useRef(p.refresh)
  useEffect(() => {
    if (seen.current !== p.refresh) void feed.reload()
    seen.current = p.refresh
  }, [feed, p.refresh])

  const total = p.total ?? (settled.done ? settled.size : undefined)
  const title = env.text(entry.title)
  const count = total === undefined ? '' : env.t('countOf', { n: env.fmt.number(total, 0), form: title })
  const open = (id: string, how: 'page' | 'side') => p.onOpen(id, how, settled.ids())
  const at = state.address.open === undefined ? -1 : settled.indexOf(state.address.open)
  return (
    <div className={s.body}>
      {state.view.type === 'gallery' || state.view.type === 'list' ? (
        <Gallery
          entry={entry}
          env={env}
          feed={settled}
          base={base}
          fields={p.layout.columns.map((c) => c.field)}
          label={env.t('gallery.label', { form: title })}
          list={state.view.type === 'list'}
          count={count}
          selection={p.selection}
          onSelection={p.onSelection}
          onOpen={open}
          empty={p.empty}
        />
      ) : (
        <TableBody
          app={app}
          entry={entry}
          state={state}
          scope={p.scope}
          env={env}
          feed={settled}
          layout={p.layout}
          figures={p.figures}
          count={count}
          base={base}
          label={env.t('table.label', { form: `${title} ${viewTitle(state.view, env)}` })}
          selection={p.selection}
          onSelection={p.onSelection}
          onOpen={open}
          writes={p.writes}
          marks={p.marks}
          empty={p.empty}
        />
      )}
      <BulkBar
        app={app.key}
        entry={entry}
        env={env}
        feed={settled}
        ask={ask}
        fields={p.shown}
        base={base}
        total={total}
        selection={p.selection}
        onSelection={p.onSelection}
      />
      {state.address.open !== undefined && (
        <Peek
          app={app.key}
          entry={entry}
          id={state.address.open}
          env={env}
          base={base}
          previous={at > 0 ? settled.get(at - 1)?.id : undefined}
          next={at >= 0 ? settled.get(at + 1)?.id : undefined}
          onGo={(id) => state.go({ open: id })}
          onSaved={(record) => settled.put(record, record.labels)}
          onClose={() => state.go({ open: undefined })}
        />
      )}
    </div>
  )
}
