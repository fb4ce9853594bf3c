import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import {
  api,
  ApiError,
  idempotencyKey,
  keys,
  must,
  newId,
  splitForm,
  useFormEntry,
  usePreference,
  type FormEntry,
  type RecordDocument,
} from '@/shared/api'
import { useText } from '@/shared/i18n'
import { formModel, isEmpty, type FormModel } from '@/shared/schema'
import { useDraft, useFormState, useFormStatus, useSubmit } from '@/shared/form'
import { Button, Failed, Icon, Kbd, Skeleton, toast } from '@/shared/ui'
import { FormFields } from '@/shared/widgets'
import { useShortcut } from '../palette'
import { NotFound, PageHeader } from '../shell'
import { recordQuery } from './data'
import s from './Record.module.css'

/** A new record; `?field=value` fills in fields, `?copy=id` starts from another record. */
export function NewRecord() {
  const { app = '', form = '' } = useParams()
  const [search] = useSearchParams()
  const name = `${app}.${form}`
  const entry = useFormEntry(name)
  const copy = search.get('copy')
  const original = useQuery({ ...recordQuery(name, copy ?? ''), enabled: !!copy })
  const error = entry.error ?? original.error
  if (error) return <Failed error={error} />
  if (entry.data === undefined && entry.isFetched) return <NotFound />
  if (!entry.data || (copy && !original.data)) return <Skeleton rows={10} />
  return <Blank key={name + search.toString()} entry={entry.data} original={original.data} />
}

/** What a new record begins with: a copy's own values without what is unique or computed, then what the address names. */
function presetOf(model: FormModel, search: URLSearchParams, original?: RecordDocument) {
  const out: { [k: string]: unknown } = {}
  for (const f of model.fields) {
    if (!f.writable || f.stage) continue
    const named = search.get(f.key)
    if (named) out[f.key] = f.as === 'number' || f.as === 'currency' || f.as === 'percent' ? Number(named) : named
    else if (original && !f.unique && f.type !== 'file' && f.type !== 'image' && !isEmpty(original.data[f.key]))
      out[f.key] = original.data[f.key]
  }
  return out
}

function Blank({ entry, original }: { entry: FormEntry; original?: RecordDocument }) {
  const { t } = useTranslation('desk/record')
  const text = useText()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [search] = useSearchParams()
  const model = formModel(entry)
  const [round, setRound] = useState(0)
  const preset = useMemo(() => presetOf(model, search, original), [model, search, original])
  const start = useMemo(() => ({ preset, round }), [preset, round])
  const state = useFormState(model, start)
  const status = useFormStatus(state)
  const draft = useDraft(state, `new/${entry.form}${search.size > 0 ? `?${search}` : ''}`)
  const [progress, setProgress] = usePreference<{ created?: boolean }>('checklist', {})
  const container = useRef<HTMLDivElement>(null)
  const sent = useRef({ id: newId(), key: idempotencyKey() })
  const list = `/apps/${entry.form.replace('.', '/forms/')}`
  const title = t('newTitle', { form: text(entry.title) })

  const { submit, busy, error } = useSubmit(
    state,
    (data) =>
      must(
        api.POST('/api/v1/apps/{app}/forms/{form}/records', {
          // The same id and key on every try: pressing save twice, or after a lost answer, makes one record.
          params: { path: splitForm(entry.form), header: { 'Idempotency-Key': sent.current.key } },
          body: { id: sent.current.id, data },
        }),
      ).catch((e: unknown) => {
        if (e instanceof ApiError && !e.offline) sent.current = { ...sent.current, key: idempotencyKey() }
        throw e
      }),
    () => container.current,
  )

  async function save(again: boolean) {
    const record = await submit()
    if (!record) return
    if (!progress.created) setProgress({ ...progress, created: true })
    draft.discard()
    await client.invalidateQueries({ queryKey: keys.form(entry.form) })
    sent.current = { id: newId(), key: idempotencyKey() }
    if (again) {
      toast(t('createdOne', { form: text(entry.title) }), {
        label: t('open'),
        run: () => void navigate(`${list}/${record.id}`),
      })
      setRound(round + 1)
      return
    }
    toast(t('createdOne', { form: text(entry.title) }))
    await navigate(`${list}/${record.id}`, { replace: true })
  }

  useShortcut('mod+s', () => void save(false), { always: true })
  if (!model.can('create'))
    return <NotFound error={new ApiError(403)} to={`/apps/${model.form.replace('.', '/forms/')}`} />
  return (
    <>
      <PageHeader
        title={title}
        path={
          <nav className={s.path} aria-label={t('path')}>
            <Link to={list}>
              <Icon name={entry.icon} /> {text(entry.title)}
            </Link>
            <h1>{title}</h1>
          </nav>
        }
      >
        <Button onClick={() => (draft.discard(), void navigate(list))} disabled={busy}>
          {t('cancelNew')}
        </Button>
        <Button onClick={() => void save(true)} disabled={busy}>
          {t('saveAnother')}
        </Button>
        <Button tone="primary" busy={busy} onClick={() => void save(false)}>
          {t('save')} <Kbd keys="mod+s" />
        </Button>
      </PageHeader>
      <div className={s.single} ref={container}>
        {draft.restored && status.dirty.length > 0 && (
          <p className={s.notice} role="status">
            {t('restored')}{' '}
            <Button size="small" tone="quiet" onClick={() => (draft.discard(), state.reset())}>
              {t('startOver')}
            </Button>
          </p>
        )}
        {error != null && (
          <p className={s.problem} role="alert">
            {error instanceof ApiError && error.offline
              ? t('saveOffline')
              : error instanceof Error
                ? error.message
                : String(error)}
          </p>
        )}
        {status.problems.map((p) => (
          <p key={p.code + p.pointer} className={s.problem} role="alert">
            {p.message}
          </p>
        ))}
        <FormFields state={state} mode="edit" density="desktop" />
      </div>
    </>
  )
}
