import { useQueryClient } from '@tanstack/react-query'
import { useId, useMemo, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, idempotencyKey, keys, type RecordDocument } from '@/shared/api'
import { useFormState, useSubmit } from '@/shared/form'
import { useText } from '@/shared/i18n'
import { Dialog } from '@/shared/overlay'
import type { FormModel, Move } from '@/shared/schema'
import { Button, Field, TextArea, toast } from '@/shared/ui'
import { FieldRow, seedLabels } from '@/shared/widgets'
import { moveRecord } from './data'
import s from './Record.module.css'

type Props = {
  model: FormModel
  record: RecordDocument
  move: Move
  onClose: () => void
  /** Told of the record as it then is. */
  onMoved?: (record: RecordDocument) => void
}

/** Asks for what a move to another stage requires, and makes it. What the server refuses stands at its field. */
export function MoveDialog({ model, record, move, onClose, onMoved }: Props) {
  const { t } = useTranslation('desk/record')
  const text = useText()
  const client = useQueryClient()
  const form = useId()
  const body = useRef<HTMLFormElement>(null)
  const [comment, setComment] = useState('')
  const key = useRef(idempotencyKey())
  seedLabels(model, record.labels)
  // The stage is moved by the transition itself; what is asked for here goes with it.
  const start = useMemo(() => ({ id: record.id, data: record.data, rev: record.rev }), [record])
  const state = useFormState(model, start)
  const [asked, setAsked] = useState<string[]>(() => move.require.filter((k) => k !== model.stages?.field))
  const target = model.stages?.states.find((x) => x.key === move.to)
  const title = text(move.title) || t('moveTo', { stage: text(target?.title) })

  const { submit, busy, error } = useSubmit(
    state,
    async (patch) => {
      try {
        return await moveRecord(model.form, record.id, record.rev, move.to, patch, comment, key.current)
      } catch (e) {
        key.current = idempotencyKey()
        // Rules may ask for more than the transition names: show those fields too.
        if (e instanceof ApiError) {
          const more = e.problems
            .map((p) => /^\/data\/([^/]+)/.exec(p.pointer ?? '')?.[1])
            .filter((k): k is string => !!k && !!model.field(k)?.writable)
          setAsked((was) => [...new Set([...was, ...more])])
        }
        throw e
      }
    },
    () => body.current,
  )

  async function confirm(e: FormEvent) {
    e.preventDefault()
    const moved = await submit()
    if (!moved) return
    await client.invalidateQueries({ queryKey: keys.form(model.form) })
    toast(t('moved', { stage: text(target?.title) }))
    onMoved?.(moved as RecordDocument)
    onClose()
  }

  const failure =
    error instanceof ApiError
      ? error.offline
        ? t('saveOffline')
        : error.status === 412
          ? t('movedMeanwhile')
          : (error.problems[0]?.message ?? error.message)
      : undefined
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="small"
      title={title}
      footer={
        <>
          <Button onClick={onClose}>{t('stay')}</Button>
          <Button type="submit" form={form} tone="primary" busy={busy}>
            {title}
          </Button>
        </>
      }
    >
      <form id={form} ref={body} className={s.moveForm} onSubmit={(e) => void confirm(e)} noValidate>
        {asked.map((k) => {
          const f = model.field(k)
          return f && <FieldRow key={k} state={state} field={f} mode="edit" density="desktop" required />
        })}
        <Field label={t('moveComment')}>
          {(aria) => (
            <TextArea
              {...aria}
              value={comment}
              maxLength={2000}
              rows={2}
              onChange={(e) => setComment(e.target.value)}
            />
          )}
        </Field>
        {failure && (
          <p className={s.problem} role="alert">
            {failure}
          </p>
        )}
      </form>
    </Dialog>
  )
}
