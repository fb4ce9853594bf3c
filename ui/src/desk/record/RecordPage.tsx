import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ChevronDown, ChevronUp, ChevronRight } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { ApiError, idempotencyKey, keys, useFormEntry, type FormEntry, type RecordDocument } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { formModel } from '@/shared/schema'
import { useDraft, useFormState, useFormStatus, useSubmit } from '@/shared/form'
import { Button, Failed, Icon, IconButton, Kbd, Skeleton, toast } from '@/shared/ui'
import { FormFields, seedLabels } from '@/shared/widgets'
import { remember, useShortcut } from '../palette'
import { Presence } from '../presence'
import { NotFound, PageHeader } from '../shell'
import { ConflictDialog } from './ConflictDialog'
import { patchRecord, recordQuery } from './data'
import { titleOf } from './figures'
import { Heading } from './Heading'
import { Related, useTab } from './Related'
import { Timeline } from './Timeline'
import { trailOf } from './trail'
import s from './Record.module.css'

/** A record: where it stands, its key figures, the form to edit in place, what belongs to it, what happened with it. */
export function RecordPage() {
  const { app = '', form = '', id = '' } = useParams()
  const name = `${app}.${form}`
  const entry = useFormEntry(name)
  const [left, setLeft] = useState('')
  const record = useQuery({ ...recordQuery(name, id), enabled: left !== id })
  if (left === id) return null // it is being deleted: nothing here may ask for it again
  const error = entry.error ?? record.error
  if (error instanceof ApiError && error.status === 404 && !record.data)
    return <NotFound error={error} to={`/apps/${app}/forms/${form}`} />
  if (error && !record.data) return <Failed error={error} retry={() => void (entry.refetch(), record.refetch())} />
  if (entry.data === undefined && entry.isFetched) return <NotFound />
  if (!entry.data || !record.data) return <Skeleton rows={12} />
  return <Loaded key={id} entry={entry.data} record={record.data} onLeave={() => setLeft(id)} />
}

function Loaded({ entry, record, onLeave }: { entry: FormEntry; record: RecordDocument; onLeave: () => void }) {
  const { t } = useTranslation('desk/record')
  const text = useText()
  const client = useQueryClient()
  const navigate = useNavigate()
  const name = entry.form
  const model = formModel(entry)
  const title = titleOf(model, record)
  const state = useFormState(model, { id: record.id, data: record.data, rev: record.rev })
  const status = useFormStatus(state)
  const draft = useDraft(state, `record/${name}/${record.id}`)
  const [settling, setSettling] = useState(false)
  const [tab, setTab] = useTab()
  const container = useRef<HTMLDivElement>(null)
  const key = useRef(idempotencyKey())
  seedLabels(model, record.labels)
  const editable = model.can('update') && !record.deletedAt && record.actions?.includes('update') !== false
  const list = `/apps/${name.replace('.', '/forms/')}`
  const trail = trailOf(name, record.id)

  const { submit, busy, error, clearError } = useSubmit(
    state,
    async (patch) => {
      try {
        const saved = await patchRecord(name, record.id, state.rev ?? record.rev, patch, key.current)
        key.current = idempotencyKey()
        return saved
      } catch (e) {
        // Somebody saved first: what they wrote is merged in, and only what both changed has to be settled.
        if (e instanceof ApiError && e.status === 412) {
          key.current = idempotencyKey()
          state.merge(await client.fetchQuery({ ...recordQuery(name, record.id), staleTime: 0 }))
          setSettling(true)
        }
        throw e
      }
    },
    () => container.current,
  )

  async function save() {
    if (state.conflicts.size > 0) return setSettling(true)
    const saved = await submit()
    if (!saved) return
    toast(t('saved'))
    await client.invalidateQueries({ queryKey: keys.form(name) })
  }

  useEffect(
    () => remember({ to: `${list}/${record.id}`, title, note: text(entry.title), icon: entry.icon }),
    [list, record.id, title, entry, text],
  )
  useShortcut('mod+s', () => void save(), { always: true })
  useShortcut('j', () => trail?.next && void navigate(`${list}/${trail.next}`))
  useShortcut('k', () => trail?.previous && void navigate(`${list}/${trail.previous}`))

  const dirty = status.dirty.length
  const conflict = error instanceof ApiError && error.status === 412
  return (
    <>
      <PageHeader
        title={title}
        path={
          <nav className={s.path} aria-label={t('path')}>
            <Link to={list}>
              <Icon name={entry.icon} /> {text(entry.title)}
            </Link>
            {trail && (
              <>
                <ChevronRight size={14} aria-hidden />
                <Link to={trail.trail.to}>{trail.trail.title}</Link>
                <IconButton
                  size="small"
                  label={t('previous')}
                  disabled={!trail.previous}
                  onClick={() => void navigate(`${list}/${trail.previous}`)}
                >
                  <ChevronUp size={16} aria-hidden />
                </IconButton>
                <IconButton
                  size="small"
                  label={t('next')}
                  disabled={!trail.next}
                  onClick={() => void navigate(`${list}/${trail.next}`)}
                >
                  <ChevronDown size={16} aria-hidden />
                </IconButton>
                <span className={s.place}>{t('place', { n: trail.place + 1, of: trail.trail.ids.length })}</span>
              </>
            )}
          </nav>
        }
      >
        <Presence form={name} id={record.id} field={status.dirty[0]} />
        {dirty > 0 && (
          <>
            <span className={s.unsaved} role="status">
              <span aria-hidden>●</span> {t('unsaved', { count: dirty })}
            </span>
            <Button onClick={() => (draft.discard(), state.reset())} disabled={busy}>
              {t('discard')}
            </Button>
            <Button tone="primary" busy={busy} onClick={() => void save()}>
              {t('save')} <Kbd keys="mod+s" />
            </Button>
          </>
        )}
      </PageHeader>
      <div className={s.page}>
        <div className={s.left} ref={container}>
          {draft.restored && dirty > 0 && (
            <p className={s.notice} role="status">
              {draft.restored.stale ? t('restoredStale') : t('restored')}
            </p>
          )}
          {record.deletedAt && <p className={s.warning}>{t('deleted')}</p>}
          {error != null && !conflict && (
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
          <Heading model={model} record={record} title={title} onLeave={onLeave} />
          <Related form={name} record={record} tab={tab} onTab={setTab}>
            <FormFields state={state} mode={editable ? 'inline' : 'view'} density="desktop" />
            <Aside aside={record.aside} />
          </Related>
        </div>
        <Timeline model={model} id={record.id} />
      </div>
      {settling && (
        <ConflictDialog
          state={state}
          onClose={() => {
            setSettling(false)
            clearError()
          }}
          onSave={() => {
            setSettling(false)
            clearError()
            void save()
          }}
        />
      )}
    </>
  )
}

/** Values that no longer fit the form; kept, and shown so that somebody can take them over. */
function Aside({ aside }: { aside?: { [k: string]: unknown } }) {
  const { t } = useTranslation('desk/record')
  if (!aside || Object.keys(aside).length === 0) return null
  return (
    <section className={s.aside}>
      <h3>{t('aside')}</h3>
      <dl>
        {Object.entries(aside).map(([k, v]) => (
          <div key={k}>
            <dt>{k}</dt>
            <dd>{typeof v === 'string' ? v : JSON.stringify(v)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
