import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearch } from 'wouter'
import { ApiError, keys, useMe, type FormEntry, type RecordDocument } from '@/shared/api'
import { useFormState } from '@/shared/form'
import { useText } from '@/shared/i18n'
import { filesAreWarm, outbox, submitEntry, warmFiles } from '@/shared/offline'
import { formModel, type JsonObject } from '@/shared/schema'
import { Failed, Skeleton, toast } from '@/shared/ui'
import { useCatalog } from '../model/catalog'
import { useRecord } from '../model/useRecord'
import { draftKey } from '../mine/useDrafts'
import { recordPath, useBack } from '../shell/nav'
import NotFound from '../shell/NotFound'
import { FormPage } from './FormPage'
import { PhoneWidgets } from './PhoneWidgets'

/** Changing a record; what others change meanwhile comes in beside what one is typing. */
export default function EditRecord({ form, id }: { form: string; id: string }) {
  const catalog = useCatalog()
  const entry = catalog.form(form)
  const record = useRecord(form, id)
  const [warm, setWarm] = useState(filesAreWarm)
  useEffect(() => void warmFiles().finally(() => setWarm(true)), [])
  if (!entry) {
    if (catalog.error) return <Failed error={catalog.error} />
    return catalog.ready ? <NotFound /> : <Skeleton rows={10} />
  }
  if (!record.data || record.isPlaceholderData) {
    if (record.error) return <Failed error={record.error} retry={() => void record.refetch()} />
    return <Skeleton rows={10} />
  }
  if (!warm) return null
  return (
    <PhoneWidgets>
      <Edit entry={entry} record={record.data} />
    </PhoneWidgets>
  )
}

function Edit({ entry, record }: { entry: FormEntry; record: RecordDocument }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const client = useQueryClient()
  const me = useMe().data!
  const back = useBack(recordPath(entry.form, record.id))
  const model = formModel(entry)
  const start = useMemo(() => ({ id: record.id, rev: record.rev, data: record.data as JsonObject }), [record])
  const state = useFormState(model, start)
  const search = useSearch()
  const unsent = useRef(new URLSearchParams(search).get('unsent') ?? undefined)
  const title = String((model.titleField && record.data[model.titleField]) || text(entry.title))
  const outcome = useRef<'sent' | 'kept'>('sent')

  useEffect(() => {
    const e = outbox.list().find((x) => x.id === unsent.current)
    if (e) state.write(e.data)
  }, [state])

  async function save(data: JsonObject) {
    if (Object.keys(data).length === 0) return { id: record.id, rev: state.rev ?? record.rev, data: state.original }
    try {
      const change = {
        form: entry.form,
        record: record.id,
        what: 'update',
        title,
        data,
        rev: state.rev,
        user: me.user.id,
      } as const
      const saved = await submitEntry(change, unsent)
      outcome.current = saved ? 'sent' : 'kept'
      if (!saved) return { id: record.id, rev: state.rev ?? record.rev, data: { ...state.original, ...data } }
      return { ...saved, data: saved.data as JsonObject }
    } catch (e) {
      // Somebody else saved first: theirs comes in, and the next try is made on top of it.
      if (e instanceof ApiError && e.status === 412)
        await client.invalidateQueries({ queryKey: keys.record(entry.form, record.id) })
      throw e
    }
  }

  return (
    <FormPage
      title={t('form.edit', { form: text(entry.title) })}
      state={state}
      draftKey={draftKey({ user: me.user.id, kind: 'edit', form: entry.form, id: record.id })}
      save={save}
      onLeave={back}
      onSaved={() => {
        toast(outcome.current === 'kept' ? t('form.keptForLater') : t('form.saved'))
        back()
      }}
    />
  )
}
