import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api, keys, must, splitForm, type Schemas } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { formModel, type FormModel } from '@/shared/schema'
import { Count, Skeleton } from '@/shared/ui'
import { CardView } from '../list/CardView'
import { useCatalog } from '../model/catalog'
import { cardOf, planCard, planFields } from '../model/card'
import { useCells } from '../model/useCells'
import { useRecords } from '../model/useRecords'
import { formPath, newPath, recordPath } from '../shell/nav'
import s from './Related.module.css'

type Relation = Schemas['Related']

/** What points to a record: forms with records open, the others as a row of things to add. */
export function Related({ form, id }: { form: string; id: string }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const catalog = useCatalog()
  const { data } = useQuery({
    queryKey: keys.related(form, id),
    queryFn: async () =>
      (
        await must(
          api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}/related', {
            params: { path: { ...splitForm(form), id } },
          }),
        )
      ).items,
  })
  const known = (data ?? []).filter((r) => catalog.form(r.form))
  // its own form, or one that points here twice, says by which field
  const byField = (r: Relation) => r.form === form || known.filter((x) => x.form === r.form).length > 1
  const nameOf = (r: Relation) => (byField(r) ? `${text(r.title)} · ${text(r.fieldTitle)}` : text(r.title))
  const full = known.filter((r) => r.count > 0)
  const empty = known.filter((r) => r.count === 0 && r.create)
  return (
    <>
      {full.map((r) => (
        <RelatedList
          key={`${r.form}.${r.field}`}
          relation={r}
          title={nameOf(r)}
          id={id}
          model={formModel(catalog.form(r.form)!)}
        />
      ))}
      {empty.length > 0 && (
        <div className={s.add} role="group" aria-label={t('record.add')}>
          {empty.map((r) => (
            <Link key={`${r.form}.${r.field}`} href={newPath(r.form, { [r.field]: id })} className={s.addOne}>
              <Plus size={16} strokeWidth={1.75} aria-hidden />
              {nameOf(r)}
            </Link>
          ))}
        </div>
      )}
    </>
  )
}

const few = 3

type ListProps = { relation: Relation; title: string; id: string; model: FormModel }

function RelatedList({ relation, title, id, model }: ListProps) {
  const { t } = useTranslation('rep')
  const [all, setAll] = useState(false)
  const plan = planCard(model)
  plan.lines = plan.lines.filter((f) => f.key !== relation.field)
  const filter = { field: relation.field, op: 'eq', value: id }
  const ask = { fields: planFields(model, plan), filter, sort: ['-updatedAt'], limit: all ? 20 : few }
  const records = useRecords(model.form, ask)
  const cells = useCells()
  const today = cells.format.today()
  const cards = records.data?.pages.flatMap((p) =>
    p.items.map((r) => cardOf(r, model, plan, { ...cells, labels: p.labels }, today)),
  )
  return (
    <section className={s.section}>
      <div className={s.top}>
        <h2>
          {title} <Count n={relation.count} />
        </h2>
        {relation.create && (
          <Link href={newPath(model.form, { [relation.field]: id })} className={s.new}>
            {t('record.new')}
            <span className="visually-hidden"> {title}</span>
          </Link>
        )}
      </div>
      <div className={s.card}>
        {!cards && <Skeleton rows={2} height={32} />}
        {cards?.map((c) => (
          <CardView key={c.id} card={c} href={recordPath(model.form, c.id)} />
        ))}
        {!all && relation.count > few && (
          <button type="button" className={s.more} onClick={() => setAll(true)}>
            {t('record.all', { count: relation.count })}
          </button>
        )}
        {all && records.hasNextPage && (
          <Link
            className={s.more}
            href={`${formPath(model.form)}?filter=${encodeURIComponent(JSON.stringify(filter))}`}
          >
            {t('record.inList')}
          </Link>
        )}
      </div>
    </section>
  )
}
