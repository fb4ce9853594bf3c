import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError, keys, must, splitForm, useMe, type RecordDocument } from '@/shared/api'
import { focusFirstProblem, useFormState } from '@/shared/form'
import { useText } from '@/shared/i18n'
import { submitEntry } from '@/shared/offline'
import type { FormModel, JsonObject, Move } from '@/shared/schema'
import { Button, Field, Skeleton, TextArea, toast } from '@/shared/ui'
import { FieldRow } from '@/shared/widgets'
import { PhoneWidgets } from '../form/PhoneWidgets'
import { Group, Row } from '../shell/Rows'
import { Sheet } from '../shell/Sheet'
import s from './MoveSheet.module.css'

type Props = { model: FormModel; record: RecordDocument; move?: Move; moves: readonly Move[]; onClose: () => void }

/** Moving to another stage: which one, then what it needs. */
export default function MoveSheet({ model, record, move, moves, onClose }: Props) {
  const { t } = useTranslation('rep')
  const text = useText()
  const [chosen, setChosen] = useState(move)
  const target = (m: Move) => text(model.stages!.states.find((x) => x.key === m.to)?.title)
  if (chosen)
    return (
      <PhoneWidgets>
        <Ask model={model} record={record} move={chosen} title={text(chosen.title)} onClose={onClose} />
      </PhoneWidgets>
    )
  return (
    <Sheet title={t('record.moveTo')} onClose={onClose}>
      <Group>
        {moves.map((m) => (
          <Row key={m.key} label={text(m.title)} value={target(m)} onClick={() => setChosen(m)} />
        ))}
      </Group>
    </Sheet>
  )
}

function Ask({
  model,
  record,
  move,
  title,
  onClose,
}: {
  model: FormModel
  record: RecordDocument
  move: Move
  title: string
  onClose: () => void
}) {
  const { t } = useTranslation('rep')
  const me = useMe().data!
  const start = useMemo(() => ({ id: record.id, rev: record.rev, data: record.data as JsonObject }), [record])
  const state = useFormState(model, start)
  const body = useRef<HTMLDivElement>(null)
  const [busy, setBusy] = useState(false)
  const [comment, setComment] = useState('')
  const [error, setError] = useState<string>()
  const path = { ...splitForm(model.form), id: record.id }
  const ways = useQuery({
    queryKey: [...keys.record(model.form, record.id), 'ways'],
    retry: false,
    queryFn: async () =>
      (await must(api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}/transitions', { params: { path } }))).items,
  })
  const way = ways.data?.find((w) => w.key === move.key)
  // Away from the server the definition says what is needed; the server has the last word when it is sent.
  const known = way || ways.error
  const needed = useMemo(() => {
    const keysOf = way ? [...way.missing, ...way.require] : [...move.require]
    return [...new Set(keysOf)].flatMap((k) => {
      const f = model.field(k)
      return f && f.writable && !f.stage ? [f] : []
    })
  }, [way, move, model])
  const blocked = way && !way.open && !way.allowed ? way.problems?.map((p) => p.message ?? p.code) : undefined

  async function go() {
    const empty = needed.filter((f) => state.value(f.key) === undefined)
    if (empty.length > 0) {
      setError(t('record.fill'))
      const first = empty[0]!.key
      body.current
        ?.querySelector<HTMLElement>(
          `[data-field="${first}"] input, [data-field="${first}"] select, [data-field="${first}"] textarea`,
        )
        ?.focus()
      return
    }
    if (way?.comment && !comment.trim()) return setError(t('record.sayWhy'))
    setBusy(true)
    setError(undefined)
    try {
      const data = state.patch()
      const name = String((model.titleField && record.data[model.titleField]) || title)
      const saved = await submitEntry({
        form: model.form,
        record: record.id,
        what: 'move',
        title: name,
        data,
        rev: record.rev,
        to: move.to,
        ...(comment.trim() ? { comment: comment.trim() } : {}),
        user: me.user.id,
      })
      state.reset()
      toast(saved ? t('record.moved', { move: title }) : t('form.keptForLater'))
      onClose()
    } catch (e) {
      if (e instanceof ApiError) {
        const homeless = state.refused(e)
        setError(
          homeless.map((p) => p.message ?? p.code).join(' ') || (e.status === 412 ? t('form.conflict') : e.message),
        )
        focusFirstProblem(body.current)
      } else setError(String(e))
      setBusy(false)
    }
  }

  return (
    <Sheet
      title={title}
      onClose={onClose}
      foot={
        <Button size="large" tone="primary" busy={busy} disabled={!known || Boolean(blocked)} onClick={() => void go()}>
          {title}
        </Button>
      }
    >
      <div ref={body} className={s.body}>
        {!known && <Skeleton rows={3} />}
        {blocked?.map((m, i) => (
          <p key={i} className={s.error}>
            {m}
          </p>
        ))}
        {known && !blocked && (
          <>
            {needed.map((f) => (
              <div key={f.key} data-field={f.key}>
                <FieldRow state={state} field={f} mode="edit" required />
              </div>
            ))}
            {(way?.comment || needed.length === 0) && (
              <Field label={t('record.comment')} required={way?.comment}>
                {(aria) => (
                  <TextArea
                    {...aria}
                    rows={3}
                    className={s.area}
                    value={comment}
                    onChange={(e) => setComment(e.target.value)}
                  />
                )}
              </Field>
            )}
          </>
        )}
        {error && (
          <p className={s.error} role="alert">
            {error}
          </p>
        )}
      </div>
    </Sheet>
  )
}
