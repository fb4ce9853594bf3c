import { useQueries, useQuery } from '@tanstack/react-query'
import { LayoutDashboard, Star } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, keys, must, splitForm, useMe } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { formModel } from '@/shared/schema'
import { Icon, Skeleton } from '@/shared/ui'
import { CardView } from '../list/CardView'
import { hubOf, pointingTo, type Catalog } from '../model/catalog'
import { cardOf, planCard, planFields } from '../model/card'
import { useCells } from '../model/useCells'
import { useRecords } from '../model/useRecords'
import { contactsOf, isLog } from '../record/contact'
import { favouritesQuery } from '../record/useFavourite'
import { recordPath } from '../shell/nav'
import { Group, Row } from '../shell/Rows'
import { dueOf, duePlan, merged } from './due'
import { NothingToDo } from './blocks/NothingToDo'
import { MustDos, type Todo } from './MustDos'
import s from './GenericHome.module.css'

/** What every workspace has: what is due, what was marked, boards, and what one touched last. */
export function GenericHome({ catalog }: { catalog: Catalog }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const marked = useQuery(favouritesQuery).data ?? []
  const { items, loading } = useDue(catalog)
  return (
    <>
      <Group title={t('home.due', { count: items.length })}>
        {loading && <Skeleton rows={4} height={32} />}
        {!loading && items.length === 0 && <NothingToDo />}
        {items.length > 0 && <MustDos items={items} />}
      </Group>
      <Recent catalog={catalog} />
      {marked.length > 0 && (
        <Group title={t('home.marked')}>
          {marked.slice(0, 6).map((f) => (
            <Row
              key={`${f.form} ${f.id}`}
              icon={<Star size={20} strokeWidth={1.75} aria-hidden />}
              label={f.title || text(catalog.form(f.form)?.title)}
              value={text(catalog.form(f.form)?.title)}
              href={recordPath(f.form, f.id)}
            />
          ))}
        </Group>
      )}
      {catalog.dashboards.length > 0 && (
        <Group title={t('home.boards')}>
          {catalog.dashboards.slice(0, 4).map(({ app, dashboard }) => (
            <Row
              key={`${app.key}.${dashboard.key}`}
              icon={<LayoutDashboard size={20} strokeWidth={1.75} aria-hidden />}
              label={text(dashboard.title) || dashboard.key}
              href={`/apps/${app.key}/dashboards/${dashboard.key}`}
            />
          ))}
        </Group>
      )}
    </>
  )
}

function useDue(catalog: Catalog): { items: Todo[]; loading: boolean } {
  const { t } = useTranslation('rep')
  const cells = useCells()
  const today = cells.format.today()
  const plans = useMemo(
    () => catalog.forms.flatMap((f) => duePlan(f, catalog.views(f.form)) ?? []).slice(0, 5),
    [catalog],
  )
  const results = useQueries({
    queries: plans.map((p) => {
      const ask = { filter: p.filter, limit: 7, sort: [p.dates.at(-1)!.key] }
      return {
        queryKey: keys.page(p.model.form, ['due', ask]),
        queryFn: () =>
          must(
            api.POST('/api/v1/apps/{app}/forms/{form}/query', {
              params: { path: splitForm(p.model.form) },
              body: { ...ask, titles: true },
            }),
          ),
      }
    }),
  })
  const due = merged(plans.flatMap((p, i) => (results[i]?.data?.items ?? []).flatMap((r) => dueOf(p, r, today) ?? [])))
  const items = due.map((d): Todo => {
    const plan = planCard(d.model)
    const labels = results[plans.findIndex((p) => p.model === d.model)]?.data?.labels
    const card = cardOf(d.record, d.model, plan, { ...cells, labels }, today)
    const amount = plan.amount && d.record.data[plan.amount.key]
    const field = cells.text(d.field.title)
    const call = contactsOf(d.model, d.record.data).find((c) => c.kind === 'call')
    const log = pointingTo(catalog, d.model.form).find((p) => isLog(formModel(p.entry)))
    return {
      form: d.model.form,
      id: d.record.id,
      rev: d.record.rev,
      source: d.field.key,
      title: card.title,
      subtitle: card.lines[0],
      ...(typeof amount === 'number' && amount !== 0 ? { amount, currency: plan.amount?.currency } : {}),
      due: d.day,
      phone: call && String(d.record.data[call.field.key]),
      reasons: [
        d.late > 0
          ? { source: 'late', text: t('home.late', { field, count: d.late }), tone: 'danger', icon: 'circle-alert' }
          : { source: 'today', text: t('home.today', { field }), tone: 'normal', icon: 'clock' },
      ],
      actions: [
        ...(call ? [{ type: 'call' as const }] : []),
        ...(log
          ? [{ type: 'create' as const, form: log.entry.form, link: log.field, title: cells.text(log.entry.title) }]
          : []),
        ...(d.model.can('update') ? [{ type: 'postpone' as const, field: d.field.key }] : []),
        { type: 'open' as const },
      ],
    }
  })
  return { items, loading: results.some((r) => r.isPending && !r.error) && due.length === 0 }
}

/** What one changed last in the form that most turns around. */
function Recent({ catalog }: { catalog: Catalog }) {
  const { t } = useTranslation('rep')
  const cells = useCells()
  const me = useMe().data?.user.id ?? ''
  const hub = hubOf(catalog)
  const model = hub && formModel(hub)
  const plan = model && planCard(model)
  const ask =
    model && plan
      ? {
          fields: planFields(model, plan),
          filter: { field: model.owner, op: 'eq', value: me },
          sort: ['-updatedAt'],
          limit: 5,
        }
      : {}
  const records = useRecords(model?.form ?? '', ask, model !== undefined)
  const page = records.data?.pages[0]
  if (!model || !plan || !page || page.items.length === 0) return null
  return (
    <Group
      title={
        <span className={s.recent}>
          <Icon name={model.icon ?? 'table'} size={20} /> {t('home.recent', { form: cells.text(model.title) })}
        </span>
      }
    >
      {page.items.slice(0, 5).map((r) => (
        <CardView
          key={r.id}
          card={cardOf(r, model, plan, { ...cells, labels: page.labels }, cells.format.today())}
          href={recordPath(model.form, r.id)}
        />
      ))}
    </Group>
  )
}
