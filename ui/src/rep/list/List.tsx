import { ListFilter } from 'lucide-react'
import { lazy, Suspense, useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useSearchParams } from 'wouter'
import { useText } from '@/shared/i18n'
import { formModel, type FormModel } from '@/shared/schema'
import { Failed, SearchInput, Skeleton } from '@/shared/ui'
import { useCatalog, type View } from '../model/catalog'
import { planCard, planFields } from '../model/card'
import { usePinned } from '../model/pinned'
import { useRecords } from '../model/useRecords'
import { formPath } from '../shell/nav'
import NotFound from '../shell/NotFound'
import { Page } from '../shell/Page'
import { Chips } from './Chips'
import { filterOf, type Chosen } from './filter'
import { Results } from './Results'
import s from './List.module.css'

const FilterSheet = lazy(() => import('./FilterSheet'))

/** The records of a form: views as chips, search, a sheet of filters, cards without end. */
export default function List({ form }: { form: string }) {
  const catalog = useCatalog()
  const entry = catalog.form(form)
  if (!entry) {
    if (catalog.error) return <Failed error={catalog.error} />
    return catalog.ready ? <NotFound /> : <Skeleton rows={10} />
  }
  return <Listed model={formModel(entry)} views={catalog.views(form)} />
}

function Listed({ model, views }: { model: FormModel; views: readonly View[] }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const [, navigate] = useLocation()
  const pinned = usePinned(useCatalog())
  const [params, setParams] = useSearchParams()
  const [typed, setTyped] = useState(params.get('q') ?? '')
  const [chosen, setChosen] = useState<Chosen>({})
  const [filtering, setFiltering] = useState(false)
  const search = useDeferredValue(typed.trim())

  const all: View = { kind: 'view', key: '', form: model.form }
  const chips = [...views, ...(views.some((v) => !v.filter) ? [] : [{ ...all, title: t('list.all') }])]
  const view = chips.find((v) => v.key === params.get('view')) ?? chips[0] ?? all
  const plan = planCard(model, view.fields)
  const given = params.get('filter')
  const ask = {
    fields: planFields(model, plan),
    filter: filterOf(model, view.filter, chosen, given),
    sort: view.sort?.length ? view.sort : ['-updatedAt'],
    limit: 30,
    ...(search ? { search } : {}),
  }
  const records = useRecords(model.form, ask)
  const filters = Object.keys(chosen).length
  const isTab = pinned?.form === model.form

  return (
    <Page
      title={text(model.title)}
      note={records.data ? t('list.count', { count: records.data.pages[0]?.total ?? 0 }) : undefined}
      back={isTab ? undefined : '/all'}
      refreshes
      head={
        <>
          <div className={s.search}>
            {model.searchable && (
              <SearchInput
                className={s.input}
                label={t('list.search', { form: text(model.title) })}
                value={typed}
                onChange={(e) => setTyped(e.target.value)}
                enterKeyHint="search"
                autoComplete="off"
              />
            )}
            <button type="button" className={s.filter} aria-pressed={filters > 0} onClick={() => setFiltering(true)}>
              <ListFilter size={20} strokeWidth={1.75} aria-hidden />
              {filters > 0 ? t('list.filters', { count: filters }) : t('list.filter')}
            </button>
          </div>
          <Chips
            label={t('list.views')}
            chips={chips.map((v) => ({ key: v.key, text: text(v.title) || t('list.all') }))}
            chosen={view.key}
            onChoose={(key) =>
              setParams(
                (p) => {
                  if (key) p.set('view', key)
                  else p.delete('view')
                  return p
                },
                { replace: true },
              )
            }
          />
        </>
      }
    >
      <Results
        model={model}
        plan={plan}
        records={records}
        narrowed={Boolean(search) || filters > 0 || Boolean(given)}
        onClear={() => {
          setTyped('')
          setChosen({})
          navigate(formPath(model.form), { replace: true })
        }}
      />
      {filtering && (
        <Suspense fallback={null}>
          <FilterSheet
            model={model}
            scoped={view.scoped}
            chosen={chosen}
            onChoose={setChosen}
            onClose={() => setFiltering(false)}
          />
        </Suspense>
      )}
    </Page>
  )
}
