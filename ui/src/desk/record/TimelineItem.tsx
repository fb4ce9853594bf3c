import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ArrowRightLeft, FilePlus2, MessageSquare, Pencil, RotateCcw, Trash2, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, keys, must, splitForm, useFormEntry, type Schemas } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { useText } from '@/shared/i18n'
import type { FormModel } from '@/shared/schema'
import { Avatar, Icon, IconButton, toastError } from '@/shared/ui'
import { Diff } from './Diff'
import s from './Timeline.module.css'

type Props = {
  item: Schemas['TimelineEntry']
  model: FormModel
  record: string
  names: Record<string, string>
  day?: string
}

const glyph = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const
const verbs: Record<string, ReactNode> = {
  create: <FilePlus2 {...glyph} />,
  delete: <Trash2 {...glyph} />,
  restore: <RotateCcw {...glyph} />,
}

/** One thing that happened: who, what, when. The first of a day carries the day. */
export function TimelineItem({ item, model, record, names, day }: Props) {
  const { t } = useTranslation('desk/record')
  const format = useFormat()
  const who = item.by === 'system' ? t('system') : (item.by && names[item.by]) || t('somebody')
  return (
    <li>
      {day && <h3 className={s.day}>{format.dayNear(day)}</h3>}
      <div className={s.item}>
        <span className={s.badge}>
          {item.kind === 'comment' ? <Avatar name={who} id={item.by} size={24} /> : <Glyph item={item} />}
        </span>
        <div className={s.body}>
          <p className={s.head}>
            <span className={s.who}>{who}</span> <What item={item} model={model} />
            <time dateTime={item.at} title={format.instant(item.at, 'full')}>
              {format.instant(item.at).split(' ').at(-1)}
            </time>
          </p>
          {item.comment && <Comment comment={item.comment} form={model.form} record={record} names={names} />}
          {item.change?.comment && <p className={s.text}>{item.change.comment}</p>}
          {item.change?.diff && Object.keys(item.change.diff).length > 0 && (
            <Diff model={model} diff={item.change.diff as { [k: string]: unknown[] }} />
          )}
          {item.related && <Nearby related={item.related} id={item.id} />}
        </div>
      </div>
    </li>
  )
}

function Glyph({ item }: { item: Schemas['TimelineEntry'] }) {
  const entry = useFormEntry(item.related?.form ?? '.')
  if (item.related) return <Icon name={entry.data?.icon} size={14} />
  if (item.change?.to) return <ArrowRightLeft {...glyph} />
  return (
    verbs[item.change?.verb ?? ''] ?? (item.kind === 'comment' ? <MessageSquare {...glyph} /> : <Pencil {...glyph} />)
  )
}

function What({ item, model }: { item: Schemas['TimelineEntry']; model: FormModel }) {
  const { t } = useTranslation('desk/record')
  const text = useText()
  const entry = useFormEntry(item.related?.form ?? '.')
  if (item.comment) return t('said')
  if (item.related) return text(entry.data?.title) || t('related')
  const c = item.change
  if (!c) return null
  if (c.to && c.verb !== 'create')
    return t('didMove', { stage: text(model.stages?.states.find((x) => x.key === c.to)?.title) || c.to })
  if (c.reverts) return t('didRevert')
  const n = Object.keys(c.diff ?? {}).length
  return c.verb === 'update' || c.verb === 'patch'
    ? t('didChange', { count: n })
    : t(`verb.${c.verb}`, { defaultValue: t('verb.update') })
}

function Nearby({ related, id }: { related: Schemas['Nearby']; id: string }) {
  const { app, form } = splitForm(related.form)
  return (
    <p className={s.text}>
      <Link to={`/apps/${app}/forms/${form}/${id}`}>{related.title || id.slice(-6)}</Link>
    </p>
  )
}

function Comment({
  comment,
  form,
  record,
  names,
}: {
  comment: Schemas['Comment']
  form: string
  record: string
  names: Record<string, string>
}) {
  const { t } = useTranslation('desk/record')
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () =>
      must(
        api.DELETE('/api/v1/apps/{app}/forms/{form}/records/{id}/comments/{comment}', {
          params: { path: { ...splitForm(form), id: record, comment: comment.id } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.timeline(form, record) }),
    onError: (e) => toastError(e),
  })
  return (
    <div className={s.comment}>
      <p className={s.text}>
        {mark(
          comment.text,
          (comment.mentions ?? []).map((m) => names[m]).filter((n): n is string => !!n),
        )}
      </p>
      {comment.editedAt && <span className={s.edited}>{t('edited')}</span>}
      {comment.mine && (
        <IconButton size="small" label={t('removeComment')} onClick={() => remove.mutate()} busy={remove.isPending}>
          <X size={14} aria-hidden />
        </IconButton>
      )}
    </div>
  )
}

/** The text with the names of who was mentioned set apart. */
function mark(text: string, names: string[]): ReactNode[] {
  if (names.length === 0) return [text]
  const escaped = names.map((n) => n.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return text
    .split(new RegExp(`(@(?:${escaped.join('|')}))`))
    .map((part, i) => (i % 2 ? <strong key={i}>{part}</strong> : part))
}
