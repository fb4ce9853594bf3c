import { useQueryClient } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, keys, splitForm } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { Confirm } from '@/shared/overlay'
import { Button, cx, toastError } from '@/shared/ui'
import { countsOf, underWay, undoneOf, useUndoOf, type Conflict, type Job } from './jobs'
import s from './JobView.module.css'

/** Takes an import back as a whole; says how far that is, and what could not be taken back. */
export function Undo({ job }: { job: Job }) {
  const { t } = useTranslation('desk/imports')
  const f = useFormat()
  const client = useQueryClient()
  const undo = useUndoOf(job.id)
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const c = countsOf(job)
  async function start() {
    setBusy(true)
    try {
      await api.POST('/api/v1/jobs/{id}/undo', { params: { path: { id: job.id } } })
      await client.invalidateQueries({ queryKey: keys.jobs })
    } catch (error) {
      toastError(error)
    } finally {
      setBusy(false)
      setAsking(false)
    }
  }
  const u = undo.data
  if (u) {
    const got = undoneOf(u)
    const numbers = { removed: f.number(got.removed), restored: f.number(got.restored) }
    return (
      <div className={s.undo} role="status">
        {underWay(u) ? (
          <>
            <strong>{t('undo.running')}</strong>
            <progress
              className={s.bar}
              aria-label={t('undo.running')}
              value={got.removed + got.restored}
              max={Math.max(1, c.created + c.updated)}
            />
            <p className={cx(s.quiet, 'num')}>{t('undo.sofar', numbers)}</p>
          </>
        ) : (
          <>
            <strong>{u.state === 'done' ? t('undo.done') : t('undo.failed')}</strong>
            <p className="num">{t('undo.result', numbers)}</p>
            {u.state !== 'done' && (
              <Button busy={busy} onClick={() => void start()}>
                {t('undo.again')}
              </Button>
            )}
            {got.conflicts > 0 && <Conflicts count={got.conflicts} list={got.list} />}
          </>
        )}
      </div>
    )
  }
  if (undo.isPending) return null
  return (
    <>
      <Button icon={<Undo2 size={16} strokeWidth={1.75} aria-hidden />} onClick={() => setAsking(true)}>
        {t('undo.button')}
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('undo.ask')}
        action={t('undo.button')}
        danger
        busy={busy}
        onConfirm={() => void start()}
      >
        {t('undo.text', { created: f.number(c.created), updated: f.number(c.updated) })}
      </Confirm>
    </>
  )
}

function Conflicts({ count, list }: { count: number; list: Conflict[] }) {
  const { t } = useTranslation('desk/imports')
  const reason = (x: Conflict) => {
    const p = x.problems?.[0]
    if (p?.message) return p.message
    return p?.code === 'changed-since' || p?.code === 'in-use' ? t(`undo.${p.code}`) : t('undo.other')
  }
  return (
    <details className={s.conflicts} open>
      <summary>{t('undo.conflicts', { count })}</summary>
      <ul>
        {list.map((x, i) => {
          const { app, form } = splitForm(x.form)
          return (
            <li key={i}>
              {app && <Link to={`/apps/${app}/forms/${form}/${x.record}`}>{t('undo.record')}</Link>}
              {x.field && <code>{x.field}</code>}
              <span>{reason(x)}</span>
            </li>
          )
        })}
      </ul>
    </details>
  )
}
