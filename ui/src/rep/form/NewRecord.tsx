import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useSearch } from 'wouter'
import { ApiError, newId, useFormEntry, useMe, type FormEntry, type Schemas } from '@/shared/api'
import { useFormState } from '@/shared/form'
import { useText } from '@/shared/i18n'
import { filesAreWarm, outbox, submitEntry, warmFiles } from '@/shared/offline'
import { formModel, type JsonObject } from '@/shared/schema'
import { Failed, Skeleton, toast } from '@/shared/ui'
import { useCatalog } from '../model/catalog'
import { noteUsed } from '../model/used'
import { draftKey, useDraftList } from '../mine/useDrafts'
import { formPath, presetOf, recordPath, useBack } from '../shell/nav'
import NotFound from '../shell/NotFound'
import { FormPage } from './FormPage'
import { Notice } from './Notice'
import { PhoneWidgets } from './PhoneWidgets'

/** A new record. Its id is made here and stands in the address, so that a reload goes on with the same one. */
export default function NewRecord({ form }: { form: string }) {
  const app = useFormEntry(form)
  const entry = app.data
  const search = useSearch()
  const [, navigate] = useLocation()
  const given = new URLSearchParams(search).get('id') ?? ''
  const made = /^[0-9a-f]{24}$/.test(given)
  const [fresh, setFresh] = useState(() => ({ at: search, id: newId() }))
  if (!made && fresh.at !== search) setFresh({ at: search, id: newId() }) // another one is begun on the same page
  const id = made ? given : fresh.id
  const [warm, setWarm] = useState(filesAreWarm)
  useEffect(() => void warmFiles().finally(() => setWarm(true)), [])
  useEffect(() => {
    if (made) return
    const q = new URLSearchParams(search)
    q.set('id', id)
    navigate(`${formPath(form)}/new?${q.toString()}`, { replace: true })
  }, [made, id, search, form, navigate])

  if (!entry) {
    if (app.error)
      return app.error instanceof ApiError && app.error.status === 404 ? (
        <NotFound />
      ) : (
        <Failed error={app.error} retry={() => void app.refetch()} />
      )
    return app.isPending ? <Skeleton rows={10} /> : <NotFound />
  }
  if (!entry.actions.includes('create')) return <NotFound />
  if (!warm) return <Skeleton rows={10} />
  const block = new URLSearchParams(search).get('block')
  if (block)
    return <OfBlock name={block}>{(b) => <New key={id} entry={entry} id={id} search={search} block={b} />}</OfBlock>
  return <New key={id} entry={entry} id={id} search={search} />
}

type NewProps = { entry: FormEntry; id: string; search: string; block?: Schemas['PageBlock'] }

function New(p: NewProps) {
  return (
    <PhoneWidgets chips={p.block?.chips}>
      <Inside {...p} />
    </PhoneWidgets>
  )
}

function Inside({ entry, id, search, block }: NewProps) {
  const { t } = useTranslation('rep')
  const text = useText()
  const me = useMe().data!
  const [, navigate] = useLocation()
  const back = useBack(formPath(entry.form))
  const model = formModel(entry)
  const [preset] = useState(() => presetOf(search))
  const state = useFormState(
    model,
    useMemo(() => ({ preset }), [preset]),
  )
  const key = draftKey({ user: me.user.id, kind: 'new', form: entry.form, id })
  const others = useDraftList().filter((d) => d.kind === 'new' && d.form === entry.form && d.id !== id)
  const unsent = useRef(new URLSearchParams(search).get('unsent') ?? undefined)
  const outcome = useRef<'sent' | 'kept'>('sent')

  // What waits in the outbox is opened as if it had just been typed.
  useEffect(() => {
    const e = outbox.list().find((x) => x.id === unsent.current)
    if (e) state.write(e.data)
  }, [state])

  async function save(data: JsonObject) {
    const title = String((model.titleField && state.value(model.titleField)) || text(model.title))
    const entryId = { form: entry.form, record: id, what: 'create', title, data, user: me.user.id } as const
    const record = await submitEntry(entryId, unsent)
    noteUsed(entry.form)
    outcome.current = record ? 'sent' : 'kept'
    return record ? { ...record, data: record.data as JsonObject } : { id, rev: 0, data }
  }

  return (
    <FormPage
      title={text(block?.title) || t('form.new', { form: text(entry.title) })}
      state={state}
      only={block?.fields}
      draftKey={key}
      save={save}
      onLeave={back}
      onSaved={() => {
        if (outcome.current === 'kept') {
          toast(t('form.keptForLater'))
          back()
        } else {
          toast(t('form.saved'), {
            label: t('form.open'),
            run: () => navigate(recordPath(entry.form, id)),
          })
          back()
        }
      }}
      notice={
        others.length > 0 && (
          <Notice>
            <Link href="/drafts">{t('form.others', { count: others.length })}</Link>
          </Notice>
        )
      }
    />
  )
}

/** A form that a block of a page opened shows a part of the fields, for a quick note. */
function OfBlock({ name, children }: { name: string; children: (b: Schemas['PageBlock'] | undefined) => ReactNode }) {
  const catalog = useCatalog()
  for (const page of catalog.pages) {
    const found = page.blocks.find((b) => `${page.page}.${b.key}` === name)
    if (found) return children(found)
  }
  return catalog.ready || catalog.error ? children(undefined) : <Skeleton rows={10} />
}
