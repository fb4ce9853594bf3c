import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, must } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { formModel } from '@/shared/schema'
import { cx, Empty, Failed, Skeleton } from '@/shared/ui'
import { alignsRight, ValueCell } from '@/shared/widgets'
import { formNamed, useForms, usePublished, useStudio, type Library } from '../context'
import { useFields } from '../useInfo'
import type { ViewDef } from '../model/types'
import s from './Views.module.css'

/** The first records of the view with its filter, order and columns, as the server finds them now. */
export function ViewPreview({ view, library }: { view: ViewDef; library: Library }) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const forms = useForms(library)
  const info = formNamed(forms, app, view.form)
  const entry = usePublished(info?.app ?? '').data?.forms.find((f) => f.key === info?.key)
  const model = entry && formModel(entry)
  const fields = useFields(library, view.form)
  const columns = (
    view.fields ??
    fields
      .filter((f) => !f.hidden)
      .map((f) => f.key)
      .slice(0, 6)
  ).filter((k) => !k.includes('.'))
  const ask = { filter: view.filter as never, sort: view.sort, limit: 20, count: true }
  const page = useQuery({
    queryKey: ['studio', app, 'view', info?.name, ask],
    enabled: entry !== undefined && info !== undefined,
    retry: false,
    placeholderData: (old) => old,
    queryFn: async () =>
      await must(
        api.POST('/api/v1/apps/{app}/forms/{form}/query', {
          params: { path: { app: info?.app ?? '', form: info?.key ?? '' } },
          body: ask as never,
        }),
      ),
  })
  if (!entry || !model) return <Empty title={t('views.unpublished')}>{t('views.unpublishedText')}</Empty>
  if (page.error) return <Failed error={page.error} retry={() => void page.refetch()} />
  if (!page.data) return <Skeleton />
  const rows = page.data.items
  return (
    <div className={s.preview}>
      <header className={s.previewHead}>
        <h2>{text(view.title) || view.key}</h2>
        <span className={s.note}>{t('views.count', { count: page.data.total ?? rows.length })}</span>
      </header>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways */}
      <div className={s.tableBox} tabIndex={0} role="group" aria-label={text(view.title) || view.key}>
        <table className={s.table}>
          <thead>
            <tr>
              {columns.map((k) => {
                const f = model.field(k)
                return (
                  <th key={k} scope="col" className={cx(f && alignsRight(f) && s.right)}>
                    {fields.find((x) => x.key === k)?.title ?? k}
                  </th>
                )
              })}
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <tr key={r.id}>
                {columns.map((k) => {
                  const f = model.field(k)
                  return (
                    <td key={k} className={cx(f && alignsRight(f) && s.right)}>
                      {f ? <ValueCell field={f} value={(r.data as { [key: string]: unknown })[k]} /> : null}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <Empty title={t('views.empty')}>{t('views.emptyText')}</Empty>}
      </div>
    </div>
  )
}
