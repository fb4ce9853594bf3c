import { ArrowRight, FilePlus2, History, MessageCircle, Signpost } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Schemas } from '@/shared/api'
import { formModel, type FormModel } from '@/shared/schema'
import { Icon, Tag } from '@/shared/ui'
import { useCatalog } from '../model/catalog'
import { cellText, type CellContext } from '../model/cell'
import { useCells } from '../model/useCells'
import { recordPath } from '../shell/nav'
import s from './TimelineItem.module.css'

type Entry = Schemas['TimelineEntry']
type Names = { [id: string]: string }
type Props = { item: Entry; names: Names; model: FormModel; recordId: string }

/** One thing that happened: a related record, a move, a change, a comment. */
export function TimelineItem({ item, names, model }: Props) {
  const cells = useCells()
  const who = item.by ? names[item.by] : undefined
  const time = (
    <time dateTime={item.at} title={cells.format.instant(item.at, 'full')}>
      {cells.format.ago(item.at)}
    </time>
  )
  const frame = (icon: ReactNode, head: ReactNode, body?: ReactNode) => (
    <li className={s.item}>
      <span className={s.icon}>{icon}</span>
      <span className={s.head}>{head}</span>
      {time}
      {body && <div className={s.body}>{body}</div>}
      {who && <span className={s.who}>{who}</span>}
    </li>
  )
  const icon = { size: 20, strokeWidth: 1.75, 'aria-hidden': true } as const
  if (item.comment) return frame(<MessageCircle {...icon} />, <p className={s.text}>{item.comment.text}</p>)
  if (item.related) return frame(...relatedOf(item.related, item.id))
  const change = item.change
  if (!change) return null
  if (change.verb === 'transition' || (change.from && change.to))
    return frame(<Signpost {...icon} />, <Moved change={change} model={model} />, change.comment)
  if (change.verb === 'create') return frame(<FilePlus2 {...icon} />, <Verb verb="create" />)
  return frame(
    <History {...icon} />,
    <Verb verb={change.verb} />,
    <Diff change={change} model={model} names={names} cells={cells} />,
  )

  function relatedOf(r: NonNullable<Entry['related']>, id: string): [ReactNode, ReactNode, ReactNode] {
    return [
      <FormIcon key="i" form={r.form} />,
      <RelatedHead key="h" related={r} id={id} />,
      <RelatedBody key="b" related={r} names={names} cells={cells} />,
    ]
  }
}

function FormIcon({ form }: { form: string }) {
  return <Icon name={useCatalog().form(form)?.icon ?? 'table'} size={20} />
}

function RelatedHead({ related, id }: { related: NonNullable<Entry['related']>; id: string }) {
  const catalog = useCatalog()
  const cells = useCells()
  const entry = catalog.form(related.form)
  const model = entry && formModel(entry)
  const tags = (model?.fields ?? [])
    .filter((f) => f.as === 'select' && related.data[f.key] !== undefined && f.options.some((o) => o.color))
    .slice(0, 2)
  return (
    <>
      <Link href={recordPath(related.form, id)} className={s.link}>
        {related.title || (entry && cells.text(entry.title))}
      </Link>
      {tags.map((f) => (
        <Tag key={f.key} color={f.options.find((o) => o.value === related.data[f.key])?.color}>
          {cellText(f, related.data[f.key], cells)}
        </Tag>
      ))}
    </>
  )
}

/** The longest words of a related record, since those say what happened. */
function RelatedBody({ related, cells }: { related: NonNullable<Entry['related']>; names: Names; cells: CellContext }) {
  const catalog = useCatalog()
  const entry = catalog.form(related.form)
  if (!entry) return null
  const model = formModel(entry)
  const long = model.fields.find((f) => f.as === 'longtext' && related.data[f.key])
  const amount = model.fields.find((f) => f.as === 'currency' && related.data[f.key] !== undefined)
  const parts = [
    amount && cellText(amount, related.data[amount.key], cells),
    long && String(related.data[long.key]),
  ].filter(Boolean)
  return parts.length > 0 ? <p className={s.clamp}>{parts.join(' · ')}</p> : null
}

function Moved({ change, model }: { change: NonNullable<Entry['change']>; model: FormModel }) {
  const { t } = useTranslation('rep')
  const { text } = useCells()
  const title = (key?: string) => text(model.stages?.states.find((x) => x.key === key)?.title) || key
  return (
    <span>
      {t('timeline.moved')} {title(change.from)}{' '}
      <ArrowRight size={14} strokeWidth={1.75} aria-label={t('timeline.to')} /> <strong>{title(change.to)}</strong>
    </span>
  )
}

function Verb({ verb }: { verb: string }) {
  const { t } = useTranslation('rep')
  return <span>{t([`timeline.${verb}`, 'timeline.update'])}</span>
}

function Diff({
  change,
  model,
  names,
  cells,
}: {
  change: NonNullable<Entry['change']>
  model: FormModel
  names: Names
  cells: CellContext
}) {
  const { t } = useTranslation('rep')
  const rows = Object.entries(change.diff ?? {}).flatMap(([key, pair]) => {
    const f = model.field(key)
    if (!f || f.hidden) return []
    const labels = { [key]: names }
    const show = (v: unknown) => cellText(f, v, { ...cells, labels }) || t('timeline.empty')
    return [{ key, title: cells.text(f.title), before: show(pair[0]), after: show(pair[1]) }]
  })
  if (rows.length === 0) return null
  return (
    <ul className={s.diff}>
      {rows.slice(0, 6).map((r) => (
        <li key={r.key}>
          {r.title} <del>{r.before}</del> <ArrowRight size={14} strokeWidth={1.75} aria-label={t('timeline.to')} />{' '}
          <ins>{r.after}</ins>
        </li>
      ))}
      {rows.length > 6 && <li>{t('timeline.more', { count: rows.length - 6 })}</li>}
    </ul>
  )
}
