import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ChevronDown, ChevronUp, Maximize2, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import { ApiError, keys, type FormEntry, type RecordDocument } from '@/shared/api'
import { useDraft, useFormState, useFormStatus, useSubmit } from '@/shared/form'
import { formModel } from '@/shared/schema'
import { Button, Failed, IconButton, Skeleton, Tag, toast } from '@/shared/ui'
import { FormFields, seedLabels } from '@/shared/widgets'
import { useShortcut } from '../../palette'
import { readRecord } from '../data/ask'
import type { Env } from '../data/env'
import { patchRecord } from '../data/writes'
import s from './Peek.module.css'

const glyph = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

type Props = {
  app: string
  entry: FormEntry
  id: string
  env: Env
  base: string
  previous?: string
  next?: string
  onGo: (id: string) => void
  onSaved: (record: RecordDocument) => void
  onClose: () => void
}

/** A record beside its list, to read and to edit in place. */
export function Peek(p: Props) {
  const { app, entry, id, env, base } = p
  const { data, error, refetch } = useQuery({
    queryKey: keys.record(entry.form, id),
    queryFn: () => readRecord(app, entry.key, id),
  })
  const box = useRef<HTMLElement>(null)
  useShortcut('escape', p.onClose)
  useEffect(() => box.current?.focus({ preventScroll: true }), [id])
  const title = data ? String(data.data[entry.titleField ?? ''] ?? '') || env.t('unnamed') : ' '
  return (
    <aside ref={box} className={s.peek} aria-label={title} tabIndex={-1}>
      <header className={s.head}>
        <h2 className="ellipsis">{title}</h2>
        <IconButton
          size="small"
          label={env.t('peek.previous')}
          disabled={!p.previous}
          onClick={() => p.previous && p.onGo(p.previous)}
        >
          <ChevronUp {...glyph} />
        </IconButton>
        <IconButton size="small" label={env.t('peek.next')} disabled={!p.next} onClick={() => p.next && p.onGo(p.next)}>
          <ChevronDown {...glyph} />
        </IconButton>
        <Link className={s.full} to={`${base}/${id}`} title={env.t('peek.full')} aria-label={env.t('peek.full')}>
          <Maximize2 {...glyph} />
        </Link>
        <IconButton size="small" label={env.t('peek.close')} onClick={p.onClose}>
          <X {...glyph} />
        </IconButton>
      </header>
      {error && !data ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : data ? (
        <Body key={`${id}`} {...p} record={data} />
      ) : (
        <Skeleton rows={8} />
      )}
    </aside>
  )
}

function Body({ entry, record, env, onSaved }: Props & { record: RecordDocument }) {
  const client = useQueryClient()
  const model = formModel(entry)
  seedLabels(model, record.labels)
  const state = useFormState(model, { id: record.id, data: record.data, rev: record.rev })
  const status = useFormStatus(state)
  useDraft(state, `record/${entry.form}/${record.id}`)
  const [failure, setFailure] = useState('')
  const editable = model.can('update') && record.actions?.includes('update') !== false
  const box = useRef<HTMLDivElement>(null)
  const { submit, busy } = useSubmit(
    state,
    async (patch) => {
      try {
        return await patchRecord(entry.form, record.id, state.rev ?? record.rev, patch)
      } catch (e) {
        if (e instanceof ApiError && e.status === 412) {
          const [app = '', form = ''] = entry.form.split('.')
          state.merge(await readRecord(app, form, record.id))
        }
        setFailure(e instanceof Error ? e.message : String(e))
        throw e
      }
    },
    () => box.current,
  )
  async function save() {
    setFailure('')
    const saved = await submit()
    if (!saved) return
    onSaved(saved as RecordDocument)
    toast(env.t('peek.saved'))
    void client.invalidateQueries({ queryKey: keys.form(entry.form) })
  }
  const stage = model.stages?.states.find((x) => x.key === record.data[model.stages!.field])
  return (
    <>
      <div ref={box} className={s.body}>
        {stage && (
          <p className={s.stage}>
            <Tag color={stage.color}>{env.text(stage.title) || stage.key}</Tag>
            <span>
              {env.t('envelope.updatedAt')} {env.fmt.ago(record.updatedAt)}
            </span>
          </p>
        )}
        <FormFields state={state} mode={editable ? 'inline' : 'view'} density="desktop" columns={1} />
      </div>
      {status.dirty.length > 0 && (
        <footer className={s.foot}>
          {failure && (
            <span className={s.failure} role="alert">
              {failure}
            </span>
          )}
          <Button onClick={() => state.reset()}>{env.t('bar.reset')}</Button>
          <Button tone="primary" busy={busy} onClick={() => void save()}>
            {env.t('peek.save')}
          </Button>
        </footer>
      )}
    </>
  )
}
