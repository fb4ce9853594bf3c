import { CloudCheck, Clock, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { idempotencyKey } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { useText } from '@/shared/i18n'
import { outbox, useOutbox, type Entry } from '@/shared/offline'
import { Button, Empty } from '@/shared/ui'
import { useCatalog } from '../model/catalog'
import { newPath, recordPath } from '../shell/nav'
import { Page } from '../shell/Page'
import s from './Unsent.module.css'

/** What the server has not got yet: what waits, and what it would not take and why. */
export default function Unsent() {
  const { t } = useTranslation('rep')
  const entries = useOutbox()
  const [busy, setBusy] = useState(false)
  return (
    <Page
      title={t('mine.unsent')}
      back="/mine"
      foot={
        entries.some((e) => e.state === 'waiting') && (
          <Button
            size="large"
            tone="primary"
            wide
            busy={busy}
            onClick={() => {
              setBusy(true)
              void outbox.flush().finally(() => setBusy(false))
            }}
          >
            {t('unsent.send')}
          </Button>
        )
      }
    >
      {entries.length === 0 && (
        <Empty icon={<CloudCheck size={24} strokeWidth={1.75} aria-hidden />} title={t('unsent.empty')}>
          {t('unsent.emptyText')}
        </Empty>
      )}
      <ul className={s.list} aria-live="polite">
        {entries.map((e) => (
          <li key={e.id} className={s.card}>
            <Item e={e} />
          </li>
        ))}
      </ul>
    </Page>
  )
}

function Item({ e }: { e: Entry }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const format = useFormat()
  const [, navigate] = useLocation()
  const form = useCatalog().form(e.form)
  const stuck = e.state !== 'waiting'
  const open = () =>
    navigate(
      e.what === 'create'
        ? newPath(e.form, {}, { id: e.record, unsent: e.id })
        : `${recordPath(e.form, e.record)}/edit?unsent=${e.id}`,
    )
  return (
    <>
      <p className={s.what}>
        <strong>{e.title}</strong>
        <small>
          {t(`unsent.${e.what}`, { form: text(form?.title) })} · {format.ago(new Date(e.at).toISOString())}
        </small>
      </p>
      {e.what === 'comment' && <p className={s.text}>{e.comment}</p>}
      <p className={stuck ? s.stuck : s.waiting}>
        {stuck ? (
          <TriangleAlert size={16} strokeWidth={1.75} aria-hidden />
        ) : (
          <Clock size={16} strokeWidth={1.75} aria-hidden />
        )}
        {stuck ? t(`unsent.${e.state}`) : t('unsent.waiting')}
      </p>
      {stuck && (
        <ul className={s.reasons}>
          {(e.problems?.length ? e.problems.map((p) => p.message ?? p.code) : [e.message ?? ''])
            .slice(0, 6)
            .map((m, i) => (
              <li key={i}>{m}</li>
            ))}
        </ul>
      )}
      <div className={s.buttons}>
        {(e.what === 'create' || e.what === 'update') && (
          <Button size="large" onClick={open}>
            {stuck ? t('unsent.fix') : t('unsent.look')}
          </Button>
        )}
        {((stuck && e.what === 'move') || e.what === 'comment') && (
          <Button size="large" onClick={() => navigate(recordPath(e.form, e.record))}>
            {t('unsent.openRecord')}
          </Button>
        )}
        {e.state === 'conflict' && (
          <Button size="large" onClick={() => void outbox.again(e.id, idempotencyKey(), { rev: undefined })}>
            {t('unsent.overwrite')}
          </Button>
        )}
        <Button
          size="large"
          tone="danger"
          onClick={() => {
            if (confirm(t('unsent.sure'))) void outbox.discard(e.id)
          }}
        >
          {t('unsent.discard')}
        </Button>
      </div>
    </>
  )
}
