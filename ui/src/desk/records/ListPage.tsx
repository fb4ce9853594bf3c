import { Inbox, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import type { AppDocument, FormEntry } from '@/shared/api'
import { Button, Empty } from '@/shared/ui'
import { PageHeader } from '../shell'
import { useEnv } from './data/env'
import { useSavedViews } from './data/savedViews'
import { useFeed } from './data/useFeed'
import { numberIn, useFigures } from './data/useFigures'
import { useListState } from './data/useListState'
import { FilterScope } from './filter/scope'
import { useScopeOf } from './filter/useScopeOf'
import { MoreMenu } from './MoreMenu'
import { listFields } from './model/fields'
import { everything, nothing, type Selection } from './model/selection'
import { summariesOf, TableView, useColumns } from './table/TableView'
import { ColumnsMenu } from './toolbar/ColumnsMenu'
import { SearchBox } from './toolbar/SearchBox'
import { SortMenu } from './toolbar/SortMenu'
import { Toolbar } from './toolbar/Toolbar'
import { viewTitle, ViewTabs } from './views/ViewTabs'
import s from './List.module.css'

type Props = { app: AppDocument; entry: FormEntry }

export function ListPage({ app, entry }: Props) {
  const env = useEnv()
  const { t, text } = env
  const navigate = useNavigate()
  const saved = useSavedViews(app.key, entry.key)
  const state = useListState(app, entry, saved.views)
  const mentioned = useMemo(() => [state.locked, state.root], [state.locked, state.root])
  const scope = useScopeOf(app, entry, env, mentioned)
  const layout = useColumns(state, entry, scope)
  const fields = useMemo(() => [...listFields(entry).values()].filter((f) => f.shown), [entry])
  const [selection, setSelection] = useState<Selection>(nothing)

  const title = text(entry.title)
  const base = `/apps/${app.key}/forms/${entry.key}`
  const shown = useMemo(() => layout.columns.map((c) => c.field.key), [layout.columns])
  const asked = useMemo(() => {
    const extra = [entry.titleField, entry.stages?.field].filter((x) => x !== undefined)
    return [...new Set([...shown, ...extra])].sort()
  }, [shown, entry])
  const where = useMemo(() => ({ filter: state.filter, search: state.search }), [state.filter, state.search])
  const feed = useFeed(
    app.key,
    entry.key,
    useMemo(() => ({ ...where, sort: state.sort, fields: asked }), [where, state.sort, asked]),
  )
  const [settled, setSettled] = useState(feed)
  if (settled !== feed && (feed.started || feed.error !== undefined)) setSettled(feed)

  const chosen = summariesOf(state)
  const measures = [
    { as: 'count', fn: 'count' as const },
    ...shown.filter((k) => chosen[k]).map((k) => ({ as: `${chosen[k]}:${k}`, fn: chosen[k]!, field: k })),
  ].slice(0, 20)
  const figures = useFigures(app.key, entry.key, { ...where, measures })
  const row = figures.data?.[0]
  const total = numberIn(row, 'count') ?? (settled.done ? settled.size : undefined)

  const open = (id: string, how: 'page' | 'side') => {
    if (how === 'side') state.go({ open: id }, true)
    else void navigate(`${base}/${id}`, { state: { list: location.search } })
  }
  const create = () => void navigate(`${base}/new`)
  const can = (action: FormEntry['actions'][number]) => entry.actions.includes(action)
  const narrowed = state.root.items.length > 0 || state.search !== undefined
  return (
    <FilterScope value={scope}>
      <div className={s.page}>
        <PageHeader
          title={title}
          tabs={
            <ViewTabs
              views={state.views}
              current={state.view}
              env={env}
              count={total}
              onShow={(id) => {
                setSelection(nothing)
                state.show(id)
              }}
              onNew={() => undefined}
              menu={[]}
            />
          }
        >
          {can('create') && (
            <Button tone="primary" icon={<Plus size={16} strokeWidth={1.75} aria-hidden />} onClick={create}>
              {t('new', { form: title })}
            </Button>
          )}
        </PageHeader>
        <Toolbar state={state} env={env} matches={total} onSaveAs={() => undefined}>
          <SortMenu
            sort={state.sort}
            fields={fields}
            find={scope.find}
            env={env}
            changed={state.address.sort !== undefined}
            onSort={(sort) => state.go({ sort })}
          />
          <ColumnsMenu env={env} fields={fields} shown={shown} state={layout.columnState} onChange={layout.change} />
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
            onRefresh={() => void feed.reload()}
          />
        </Toolbar>
        <TableView
          state={state}
          entry={entry}
          scope={scope}
          env={env}
          feed={settled}
          layout={layout}
          figures={row}
          count={total === undefined ? '' : t('countOf', { n: env.fmt.number(total, 0), form: title })}
          base={base}
          label={t('table.label', { form: `${title} ${viewTitle(state.view, env)}` })}
          selection={selection}
          onSelection={setSelection}
          onSelectAll={() => setSelection(everything)}
          onOpen={open}
          empty={
            narrowed ? (
              <Empty
                icon={<Inbox size={24} strokeWidth={1.75} aria-hidden />}
                title={t('empty.noMatch')}
                action={<Button onClick={state.reset}>{t('empty.clear')}</Button>}
              >
                {t('empty.noMatchText')}
              </Empty>
            ) : state.view.filter ? (
              <Empty icon={<Inbox size={24} strokeWidth={1.75} aria-hidden />} title={t('empty.view')}>
                {t('empty.viewText', { view: viewTitle(state.view, env) })}
              </Empty>
            ) : (
              <Empty
                icon={<Inbox size={24} strokeWidth={1.75} aria-hidden />}
                title={t('empty.none', { form: title })}
                action={
                  <>
                    {can('create') && (
                      <Button tone="primary" onClick={create}>
                        {t('empty.create', { form: title })}
                      </Button>
                    )}
                    {can('import') && (
                      <Button onClick={() => void navigate(`${base}/import`)}>{t('empty.import')}</Button>
                    )}
                  </>
                }
              >
                {text(entry.description) || t('empty.noneText', { form: title })}
              </Empty>
            )
          }
        />
      </div>
    </FilterScope>
  )
}
