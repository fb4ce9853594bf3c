import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError, idempotencyKey, keys, type Problem } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Dialog } from '@/shared/overlay'
import { Button, Field, Input, toast, toastError } from '@/shared/ui'
import { useBench, useChanges, useStudio, type Library } from '../context'
import { seenDrafts } from '../model/seen'
import { ChangeList } from './ChangeList'
import { Problems } from './Problems'
import s from './Frame.module.css'

type Props = {
  library: Library
  problems: Problem[]
  checking: boolean
  onClose: () => void
  onRepair: (pointer: string) => void
  onPublished: () => void
}

/** What publishing changes, what stands in its way, and a word for the list of versions. */
export function PublishDialog({ library, problems, checking, onClose, onRepair, onPublished }: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const bench = useBench()
  const client = useQueryClient()
  const changes = useChanges(library)
  const [message, setMessage] = useState('')
  const [busy, setBusy] = useState(false)
  const [overtaken, setOvertaken] = useState<Problem[]>()
  const [refused, setRefused] = useState<Problem[]>()
  const shown = refused ?? problems
  const blocked = shown.some((p) => p.severity !== 'warning')

  // what others drafted meanwhile is looked at before it goes out
  const catchUp = async () => {
    await Promise.all([bench.reload(), library.refresh()])
  }
  const start = useEffectEvent(() => void catchUp().catch(() => undefined))
  useEffect(() => start(), [])

  const publish = async () => {
    setBusy(true)
    setOvertaken(undefined)
    try {
      await bench.flush()
      if (bench.unsaved) throw new Error(t('publish.unsaved'))
      const { data } = await api.POST('/api/v1/apps/{app}/publish', {
        params: { path: { app }, header: { 'Idempotency-Key': idempotencyKey() } },
        body: { ...(message.trim() && { message: message.trim() }), drafts: seenDrafts(bench, changes) },
      })
      await Promise.all([
        bench.reload(),
        client.invalidateQueries({ queryKey: keys.apps }),
        client.invalidateQueries({ queryKey: keys.app(app) }),
      ])
      await library.refresh()
      onPublished()
      onClose()
      toast(data?.job ? t('publish.converting', { n: data.version }) : t('publish.done', { n: data?.version }))
    } catch (e) {
      if (e instanceof ApiError && e.code === 'draft-changed') {
        setOvertaken(e.problems)
        await catchUp()
      } else if (e instanceof ApiError && e.problems.length > 0 && e.status === 422) setRefused(e.problems)
      else toastError(e)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(o) => !o && onClose()}
      title={t('publish.title')}
      description={t('publish.text')}
      size="medium"
      footer={
        <>
          <Button onClick={onClose}>{t('publish.later')}</Button>
          <Button
            tone="primary"
            busy={busy}
            disabled={blocked || changes.length === 0 || checking}
            onClick={() => void publish()}
          >
            {t('publish.now')}
          </Button>
        </>
      }
    >
      {overtaken && (
        <section role="alert" className={s.overtaken}>
          <h3 className={s.warn}>{t('publish.overtaken')}</h3>
          <ul>
            {overtaken.map((p) => (
              <li key={p.pointer}>{p.message}</li>
            ))}
          </ul>
          <p>{t('publish.overtakenText')}</p>
        </section>
      )}
      {shown.length > 0 && (
        <section aria-label={t('problems.title')}>
          <h3 className={blocked ? s.bad : s.warn}>{blocked ? t('publish.blocked') : t('publish.warned')}</h3>
          <Problems problems={shown} library={library} onRepair={onRepair} />
        </section>
      )}
      <div className={s.groups}>
        {changes.map((c) => (
          <section key={`${c.kind}/${c.key}`} className={s.group}>
            <h3>
              {text(c.title) || c.key}
              <small>{t(`of.${c.kind}`)}</small>
            </h3>
            <ChangeList changes={c.changes} />
          </section>
        ))}
        <Field label={t('publish.message')}>
          {(aria) => (
            <Input
              {...aria}
              value={message}
              maxLength={500}
              placeholder={t('publish.messageHint')}
              onChange={(e) => setMessage(e.target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  )
}
