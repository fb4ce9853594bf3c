import { useInfiniteQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, keys, must, splitForm, useFormEntry, type RecordDocument, type Schemas } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { formModel, type FieldModel, type FormModel } from '@/shared/schema'
import { Button, cx, Empty, Failed, Skeleton } from '@/shared/ui'
import { seedLabels, ValueCell } from '@/shared/widgets'
import { titleOf } from './figures'
import s from './Record.module.css'

type Props = { related: Schemas['Related']; record: RecordDocument; from: string }

/** The records of another form that point to this one: its most telling fields, the newest first, and a way to add one. */
export function RelatedList({ related, record }: Props) {
  const { t } = useTranslation('desk/record')
  const text = useText()
  const entry = useFormEntry(related.form)
  const { app, form } = splitForm(related.form)
  const list = `/apps/${app}/forms/${form}`
  const ask = {
    filter: { field: related.field, op: 'eq', value: record.id },
    sort: ['-createdAt'],
    limit: 20,
    titles: true,
  }
  const pages = useInfiniteQuery({
    queryKey: keys.page(related.form, ask),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      must(
        api.POST('/api/v1/apps/{app}/forms/{form}/query', {
          params: { path: { app, form } },
          body: { ...ask, ...(pageParam ? { cursor: pageParam } : {}) },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.cursor,
  })
  if (pages.error) return <Failed error={pages.error} retry={() => void pages.refetch()} />
  if (!pages.data || !entry.data) return <Skeleton rows={4} />
  const model = formModel(entry.data)
  const items = pages.data.pages.flatMap((p) => {
    if (p.labels) seedLabels(model, p.labels)
    return p.items
  })
  const columns = columnsOf(model, related.field)
  const add = related.create && (
    <Link className={s.add} to={`${list}/new?${new URLSearchParams({ [related.field]: record.id })}`}>
      <Plus size={16} strokeWidth={1.75} aria-hidden /> {t('add', { form: text(model.title) })}
    </Link>
  )
  if (items.length === 0) return <Empty title={t('noRelated', { form: text(model.title) })} action={add} />
  return (
    <>
      <div className={s.scroll}>
        <table className={s.table}>
          <thead>
            <tr>
              <th scope="col">{text(model.title)}</th>
              {columns.map((f) => (
                <th key={f.key} scope="col" className={cx(right(f) && s.right)}>
                  {text(f.title)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((r) => (
              <tr key={r.id}>
                <th scope="row">
                  <Link to={`${list}/${r.id}`}>{titleOf(model, r)}</Link>
                </th>
                {columns.map((f) => (
                  <td key={f.key} className={cx(right(f) && s.right, right(f) && 'num')}>
                    <ValueCell field={f} value={r.data[f.key]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={s.under}>
        {add}
        {pages.hasNextPage && (
          <Button size="small" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t('more')}
          </Button>
        )}
      </div>
    </>
  )
}

const right = (f: FieldModel) => f.as === 'number' || f.as === 'currency' || f.as === 'percent'

/** At most five columns that fit a line, in the order of the layout; the link back and the title are left out. */
function columnsOf(model: FormModel, link: string): FieldModel[] {
  const wide = new Set(['longtext', 'table', 'file', 'image', 'url'])
  return model.sections
    .flatMap((x) => x.fields)
    .filter((f) => !f.hidden && f.key !== link && f.key !== model.titleField && !wide.has(f.as))
    .slice(0, 5)
}
