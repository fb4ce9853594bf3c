import { Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import type { AppDocument, FormEntry } from '@/shared/api'
import { Button } from '@/shared/ui'
import { usePresence } from '@/shared/live/usePresence'
import { layTrail } from '../record'
import { PageHeader } from '../shell'
import { Board } from './board/Board'
import { Calendar } from './calendar/Calendar'
import { useEnv } from './data/env'
import { useFigures, numberIn } from './data/useFigures'
import { useListState } from './data/useListState'
import { useRowWrites } from './data/useRowWrites'
import { FilterScope } from './filter/scope'
import { useScopeOf } from './filter/useScopeOf'
import { MoreMenu } from './MoreMenu'
import { groupable } from './model/board'
import { listFields } from './model/fields'
import { nothing, type Selection } from './model/selection'
import type { SavedView } from './model/views'
import { NothingHere } from './NothingHere'
import { othersOf, Present } from '../presence'
import { marksOf } from './marks'
import { Peek } from './peek/Peek'
import { Rows } from './Rows'
import { summariesOf, useColumns } from './table/TableView'
import { ColumnsMenu } from './toolbar/ColumnsMenu'
import { GroupMenu } from './toolbar/GroupMenu'
import { SearchBox } from './toolbar/SearchBox'
import { SortMenu } from './toolbar/SortMenu'
import { Toolbar } from './toolbar/Toolbar'
import { useViewMenu } from './views/useViewMenu'
import { viewTitle, ViewTabs } from './views/ViewTabs'
import s from './List.module.css'

type Props = { app: AppDocument; entry: FormEntry; saved: SavedView[] }

/** A form's records: tabs of views, the filter as a sentence, and the view itself. */
export function List({ app, entry, saved }: Props) {
  const env = useEnv()
  const { t, text } = env
  const navigate = useNavigate()
  const state = useListState(app, entry, saved)
  const mentioned = useMemo(() => [state.locked, state.root], [state.locked, state.root])
  const scope = useScopeOf(app, entry, env, mentioned)
  const layout = useColumns(state, entry, scope)
  const fields = useMemo(() => [...listFields(entry).values()].filter((f) => f.shown), [entry])
  const [selection, setSelection] = useState<Selection>(nothing)
  const [refresh, setRefresh] = useState(0)
  const writes = useRowWrites(app.key, entry, env)

  const title = text(entry.title)
  const base = `/apps/${app.key}/forms/${entry.key}`
  const shown = useMemo(() => layout.columns.map((c) => c.field.key), [layout.columns])
  const { view } = state
  const groupBy = state.address.group ?? view.groupBy
  const where = useMemo(() => ({ filter: state.filter, search: state.search }), [state.filter, state.search])
  const summaries = summariesOf(state)
  const measures = [
    { as: 'count', fn: 'count' as const },
    ...shown.filter((k) => summaries[k]).map((k) => ({ as: `${summaries[k]}:${k}`, fn: summaries[k]!, field: k })),
  ].slice(0, 20)
  const figures = useFigures(app.key, entry.key, { ...where, measures })
  const row = figures.data?.[0]
  const total = numberIn(row, 'count')
  const views = useViewMenu({
    app,
    entry,
    env,
    state,
    fields: shown,
    widths: layout.columnState.widths,
    summaries,
    groupBy,
  })

  const show = (id: string) => {
    setSelection(nothing)
    state.show(id)
  }
  const open = (id: string, how: 'page' | 'side', ids: readonly string[] = []) => {
    if (how === 'side') return state.go({ open: id }, true)
    if (ids.length > 0)
      layTrail({ form: entry.form, ids: [...ids], title: viewTitle(view, env), to: `${base}${location.search}` })
    void navigate(`${base}/${id}`)
  }
  const people = usePresence(entry.form)
  const others = othersOf(people, scope.me)
  const marks = useMemo(() => marksOf(people, scope.me, env), [people, scope.me, env])
  const create = () => void navigate(`${base}/new`)
  const can = (action: FormEntry['actions'][number]) => entry.actions.includes(action)
  const groups = useMemo(() => groupable(fields), [fields])
  return (
    <FilterScope value={scope}>
      <div className={s.page}>
        <PageHeader
          title={title}
          tabs={
            <ViewTabs
              views={state.views}
              current={view}
              env={env}
              count={total}
              onShow={show}
              onNew={views.onNew}
              menu={views.menu}
            />
          }
        >
          <Present people={others} />
          {can('create') && (
            <Button
              tone="primary"
              className={s.create}
              icon={<Plus size={16} strokeWidth={1.75} aria-hidden />}
              onClick={create}
            >
              {t('new', { form: title })}
            </Button>
          )}
        </PageHeader>
        <Toolbar state={state} env={env} matches={total} onSave={views.onSave} onSaveAs={views.onNew}>
          {view.type === 'kanban' && (
            <GroupMenu
              env={env}
              groups={groups}
              value={groupBy ?? groups[0]?.key}
              onChange={(group) => state.go({ group })}
            />
          )}
          {view.type !== 'calendar' && (
            <SortMenu
              sort={state.sort}
              fields={fields}
              find={scope.find}
              env={env}
              changed={state.address.sort !== undefined}
              onSort={(sort) => state.go({ sort })}
            />
          )}
          <ColumnsMenu
            env={env}
            fields={fields}
            shown={shown}
            state={layout.columnState}
            onChange={layout.change}
            dense={view.type === 'table'}
          />
          {entry.searchable && (
            <SearchBox
              env={env}
              label={t('bar.searchIn', { form: title })}
              value={state.search}
              onSearch={(search) => state.go({ search })}
            />
          )}
          <MoreMenu
            app={app}
            entry={entry}
            env={env}
            what={{ ...where, sort: state.sort, fields: shown }}
            onRefresh={() => setRefresh((n) => n + 1)}
          />
        </Toolbar>
        {view.type === 'kanban' || view.type === 'calendar' ? (
          <div className={s.body}>
            {view.type === 'calendar' ? (
              <Calendar
                app={app.key}
                entry={entry}
                state={state}
                env={env}
                base={base}
                fields={fields}
                shown={shown}
                onOpen={open}
              />
            ) : (
              <Board
                key={`${view.id}/${refresh}`}
                app={app.key}
                entry={entry}
                state={state}
                scope={scope}
                env={env}
                base={base}
                fields={fields}
                shown={shown}
                groupBy={groupBy}
                writes={writes}
                onOpen={open}
              />
            )}
            {state.address.open !== undefined && (
              <Peek
                app={app.key}
                entry={entry}
                id={state.address.open}
                env={env}
                base={base}
                onGo={(id) => state.go({ open: id })}
                onSaved={() => undefined}
                onClose={() => state.go({ open: undefined })}
              />
            )}
          </div>
        ) : (
          <Rows
            app={app}
            entry={entry}
            state={state}
            scope={scope}
            env={env}
            base={base}
            layout={layout}
            shown={shown}
            figures={row}
            total={total}
            refresh={refresh}
            selection={selection}
            onSelection={setSelection}
            writes={writes}
            marks={marks}
            onOpen={open}
            empty={<NothingHere entry={entry} state={state} env={env} base={base} />}
          />
        )}
        {views.dialog}
        {writes.dialog}
      </div>
    </FilterScope>
  )
}
