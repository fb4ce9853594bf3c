import { Ellipsis, Star } from 'lucide-react'
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormEntry, RecordDocument } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { useOutbox } from '@/shared/offline'
import { formModel, type FormModel } from '@/shared/schema'
import { Failed, IconButton, Skeleton, Tag } from '@/shared/ui'
import { useCatalog } from '../model/catalog'
import { cellText } from '../model/cell'
import { planCard } from '../model/card'
import { useCells } from '../model/useCells'
import { useRecord } from '../model/useRecord'
import { Notice } from '../form/Notice'
import { formPath } from '../shell/nav'
import NotFound from '../shell/NotFound'
import { Page } from '../shell/Page'
import { Claims } from './Claims'
import { Figures } from './Figures'
import { QuickActions } from './QuickActions'
import { Related } from './Related'
import { StagePath } from './StagePath'
import { Timeline } from './Timeline'
import { useFavourite } from './useFavourite'
import s from './RecordPage.module.css'

const Sections = lazy(() => import('./Sections'))
const MoreSheet = lazy(() => import('./MoreSheet'))

/** A record: how it stands, what to do next, and what happened. */
export default function RecordPage({ form, id }: { form: string; id: string }) {
  const catalog = useCatalog()
  const entry = catalog.form(form)
  const record = useRecord(form, id)
  if (!entry) {
    if (catalog.error) return <Failed error={catalog.error} />
    return catalog.ready ? <NotFound /> : <Skeleton rows={10} />
  }
  if (!record.data) {
    if (record.error)
      return (
        <Lonely form={form}>
          <Failed error={record.error} retry={() => void record.refetch()} />
        </Lonely>
      )
    return <Skeleton rows={10} />
  }
  return <Shown entry={entry} record={record.data} partial={record.isPlaceholderData} />
}

/** A page around what could not be shown, so that there is a way back. */
function Lonely({ form, children }: { form: string; children: ReactNode }) {
  const text = useText()
  const entry = useCatalog().form(form)
  return (
    <Page title={text(entry?.title)} back={formPath(form)}>
      {children}
    </Page>
  )
}

function Shown({ entry, record, partial }: { entry: FormEntry; record: RecordDocument; partial: boolean }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const model = formModel(entry)
  const cells = useCells(record.labels)
  const [more, setMore] = useState(false)
  const favourite = useFavourite(model.form, record.id)
  const waiting = useOutbox().filter((e) => e.record === record.id && e.what !== 'comment')
  const titleField = model.titleField ? model.field(model.titleField) : undefined
  const title = (titleField && cellText(titleField, record.data[titleField.key], cells)) || text(model.title)

  return (
    <Page
      title={title}
      back={formPath(model.form)}
      backLabel={text(model.title)}
      refreshes
      actions={
        <>
          <IconButton
            label={t(favourite.on ? 'record.unstar' : 'record.star')}
            pressed={favourite.on}
            onClick={favourite.toggle}
          >
            <Star size={22} strokeWidth={1.75} fill={favourite.on ? 'currentColor' : 'none'} aria-hidden />
          </IconButton>
          <IconButton label={t('record.more')} onClick={() => setMore(true)}>
            <Ellipsis size={22} strokeWidth={1.75} aria-hidden />
          </IconButton>
        </>
      }
      head={<Meta model={model} record={record} />}
      foot={<QuickActions model={model} record={record} />}
    >
      {waiting.length > 0 && <Notice>{t('record.waiting', { count: waiting.length })}</Notice>}
      {model.stages && <StagePath model={model} record={record} />}
      {!partial && <Claims entry={entry} id={record.id} title={title} />}
      <Figures model={model} record={record} />
      {!partial && (
        <>
          <Related form={model.form} id={record.id} />
          <Suspense fallback={<Skeleton rows={8} />}>
            <Sections model={model} record={record} />
          </Suspense>
          <Timeline model={model} record={record} title={title} />
        </>
      )}
      {more && (
        <Suspense fallback={null}>
          <MoreSheet model={model} record={record} title={title} onClose={() => setMore(false)} />
        </Suspense>
      )}
    </Page>
  )
}

/** Under the title: its labels, whose it is, and two words about it. */
function Meta({ model, record }: { model: FormModel; record: RecordDocument }) {
  const cells = useCells(record.labels)
  const plan = useMemo(() => planCard(model), [model])
  const owner = model.field(model.owner)
  const tags = plan.tags.flatMap((f) => {
    const text = cellText(f, record.data[f.key], cells)
    return text ? [{ key: f.key, text, color: f.options.find((o) => o.value === record.data[f.key])?.color }] : []
  })
  const words = [owner, ...plan.lines.filter((f) => f !== owner && f.as !== 'phone')].flatMap((f) =>
    f ? cellText(f, record.data[f.key], cells) || [] : [],
  )
  if (tags.length === 0 && words.length === 0) return null
  return (
    <p className={s.meta}>
      {tags.map((x) => (
        <Tag key={x.key} color={x.color}>
          {x.text}
        </Tag>
      ))}
      <span>{words.join(' · ')}</span>
    </p>
  )
}
