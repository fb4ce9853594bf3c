import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Copy, Ellipsis, Link2, Pencil, Printer, RotateCcw, Star, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, keys, must, splitForm, useApps, useFavourite, type RecordDocument } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { Confirm, Menu, type MenuEntry } from '@/shared/overlay'
import type { FieldModel, FormModel } from '@/shared/schema'
import { useText } from '@/shared/i18n'
import { cx, IconButton, toast, toastError } from '@/shared/ui'
import { ValueView } from '@/shared/widgets'
import { Claims } from './Claims'
import { figuresOf } from './figures'
import { StagePath } from './StagePath'
import s from './Record.module.css'

const glyph = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

type Props = {
  model: FormModel
  record: RecordDocument
  title: string
  /** The record is about to be deleted. */
  onLeave: () => void
}

/** The title line, the path of stages, and the key figures. */
export function Heading({ model, record, title, onLeave }: Props) {
  const { t } = useTranslation('desk/record')
  const text = useText()
  const format = useFormat()
  const star = useFavourite(record.form, record.id)
  const serial = model.fields.find((f) => f.type === 'serial' && record.data[f.key] !== undefined)
  return (
    <header className={s.heading}>
      <div className={s.titleLine}>
        <h1>{title}</h1>
        <span className={s.subtitle}>
          {serial && <span className="num">{String(record.data[serial.key])}</span>}
          <span title={format.instant(record.createdAt, 'full')}>
            {t('created', { ago: format.ago(record.createdAt) })}
          </span>
        </span>
        <IconButton
          className="no-print"
          label={star.on ? t('unstar') : t('star')}
          pressed={star.on}
          onClick={star.toggle}
        >
          <Star {...glyph} fill={star.on ? 'currentcolor' : 'none'} />
        </IconButton>
        <Actions model={model} record={record} title={title} onLeave={onLeave} />
      </div>
      {model.stages && <StagePath model={model} record={record} />}
      <Figures model={model} record={record} text={text} />
    </header>
  )
}

function Figures({
  model,
  record,
  text,
}: {
  model: FormModel
  record: RecordDocument
  text: ReturnType<typeof useText>
}) {
  const figures = figuresOf(model, record.data)
  if (figures.length < 2) return null
  return (
    <dl className={s.figures}>
      {figures.map((f) => (
        <div key={f.key}>
          <dt>{text(f.title)}</dt>
          <dd className="num">
            <Figure field={f} value={record.data[f.key]} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Days stand short, as everything else there; the form below has the weekday. */
function Figure({ field, value }: { field: FieldModel; value: unknown }) {
  const format = useFormat()
  if (field.as === 'date' && typeof value === 'string') return format.day(value)
  return <ValueView field={field} value={value} />
}

function Actions({ model, record, title, onLeave }: Props) {
  const { t } = useTranslation('desk/record')
  const navigate = useNavigate()
  const client = useQueryClient()
  const { app, form } = splitForm(record.form)
  const { data: apps } = useApps()
  const [asking, setAsking] = useState(false)
  const list = `/apps/${app}/forms/${form}`
  const path = { app, form, id: record.id }
  const may = (a: 'update' | 'delete') => model.can(a) && record.actions?.includes(a) !== false

  const restore = useMutation({
    mutationFn: () => must(api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/restore', { params: { path } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.form(record.form) })
      toast(t('restoredRecord', { title }))
    },
    onError: (e) => toastError(e),
  })
  const remove = useMutation({
    mutationFn: () => must(api.DELETE('/api/v1/apps/{app}/forms/{form}/records/{id}', { params: { path } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.form(record.form) })
      toast(t('removed', { title }), { label: t('undo'), run: () => restore.mutate() })
    },
    onError: (e) => toastError(e),
  })

  const items: MenuEntry[] = [
    {
      label: t('copyLink'),
      icon: <Link2 {...glyph} />,
      onSelect: () => void navigator.clipboard?.writeText(location.href).then(() => toast(t('copied'))),
    },
    { label: t('print'), icon: <Printer {...glyph} />, onSelect: () => print() },
  ]
  if (model.can('create'))
    items.push({
      label: t('duplicate'),
      icon: <Copy {...glyph} />,
      onSelect: () => void navigate(`${list}/new?copy=${record.id}`),
    })
  if (apps?.find((a) => a.key === app)?.admin)
    items.push(
      { kind: 'line' },
      {
        label: t('editForm'),
        icon: <Pencil {...glyph} />,
        onSelect: () => void navigate(`/apps/${app}/edit/form/${form}`),
      },
    )
  if (record.deletedAt)
    items.push(
      { kind: 'line' },
      { label: t('restore'), icon: <RotateCcw {...glyph} />, onSelect: () => restore.mutate() },
    )
  else if (may('delete'))
    items.push(
      { kind: 'line' },
      { label: t('remove'), icon: <Trash2 {...glyph} />, danger: true, onSelect: () => setAsking(true) },
    )
  return (
    <div className={cx(s.actions, 'no-print')}>
      <Claims form={record.form} id={record.id} title={title} />
      <Menu
        align="end"
        trigger={
          <IconButton label={t('more')} tone="plain">
            <Ellipsis {...glyph} />
          </IconButton>
        }
        items={items}
      />
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('removeAsk', { title })}
        action={t('remove')}
        danger
        busy={remove.isPending}
        onConfirm={() => {
          onLeave()
          void navigate(list)
          remove.mutate()
        }}
      >
        {t('removeText')}
      </Confirm>
    </div>
  )
}
