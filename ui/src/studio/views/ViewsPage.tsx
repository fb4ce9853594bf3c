import { CalendarDays, Columns3, LayoutGrid, List, Table2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { Empty, Failed, Field, Skeleton } from '@/shared/ui'
import { useBench, useDoc, useForms, useStudio } from '../context'
import { FormSelect } from '../forms/props/RelationProps'
import { ListPane } from '../frame/ListPane'
import { NewItem } from '../frame/NewItem'
import { Panes } from '../frame/Panes'
import type { PageProps } from '../frame/tabs'
import type { ViewDef, ViewType } from '../model/types'
import { ViewPreview } from './ViewPreview'
import { ViewSettings } from './ViewSettings'

const shapes = { table: Table2, kanban: Columns3, calendar: CalendarDays, gallery: LayoutGrid, list: List }

/** The views of an app's forms. */
export function ViewsPage({ itemKey, form, library }: PageProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const bench = useBench()
  const forms = useForms(library)
  const { doc, error, retry } = useDoc('view', itemKey)
  const [adding, setAdding] = useState(false)
  const [of, setOf] = useState<string | undefined>(form)
  const views = library.list<ViewDef>('view')
  const full = (name: string) => (name.includes('.') ? name : `${app}.${name}`)
  const names = [...new Set([`${app}.${form}`, ...views.map((v) => full(v.form))])]
  const groups = names.map((name) => ({
    title: text(forms.find((f) => f.name === name)?.title) || name,
    items: views
      .filter((v) => full(v.form) === name)
      .map((v) => {
        const Shape = shapes[v.type ?? 'table']
        return {
          key: v.key,
          title: text(v.title) || v.key,
          icon: <Shape size={16} strokeWidth={1.75} aria-hidden />,
          to: `/apps/${app}/edit/view/${v.key}`,
        }
      }),
  }))
  const view = bench.value('view', itemKey) as ViewDef | undefined
  return (
    <>
      <Panes
        labels={[t('pane.list'), t('pane.preview'), t('pane.settings')]}
        chosen={itemKey}
        left={
          <ListPane
            title={t('tabs.view')}
            groups={groups}
            current={itemKey}
            add={{ label: t('newItem.view'), run: () => setAdding(true) }}
            empty={t('views.none')}
          />
        }
        middle={
          error ? (
            <Failed error={error} retry={retry} />
          ) : view ? (
            <ViewPreview view={view} library={library} />
          ) : itemKey && !doc ? (
            <Skeleton />
          ) : (
            <Empty title={t('views.choose')}>{t('views.chooseText')}</Empty>
          )
        }
        right={view ? <ViewSettings key={itemKey} view={view} library={library} /> : null}
      />
      {adding && (
        <NewItem
          kind="view"
          library={library}
          onClose={() => setAdding(false)}
          make={(key, title) =>
            of ? { kind: 'view', key, title, form: of, type: 'table' satisfies ViewType } : undefined
          }
        >
          <Field label={t('props.form')} required>
            {(a) => <FormSelect {...a} library={library} value={of} onChange={setOf} />}
          </Field>
        </NewItem>
      )}
    </>
  )
}
