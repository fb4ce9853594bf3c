import { CircleAlert, CircleCheck, CircleSlash, Download } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useQueryClient } from '@tanstack/react-query'
import { api, keys } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { Confirm } from '@/shared/overlay'
import { Button, cx, Empty, Failed, Skeleton, toastError } from '@/shared/ui'
import { countsOf, importedFilter, underWay, useJob, type Job } from './jobs'
import type { Target } from './target'
import { Undo } from './Undo'
import s from './JobView.module.css'

type Props = { id: string; target: Target; onAgain: () => void }

/** An import that was started: how far it is, what came of it, and the way back. */
export function JobView({ id, target, onAgain }: Props) {
  const { t } = useTranslation('desk/imports')
  const job = useJob(id)
  const client = useQueryClient()
  const finished = job.data !== undefined && !underWay(job.data)
  useEffect(() => {
    if (!finished || target.kind === 'form') return
    void client.invalidateQueries({ queryKey: keys.users })
    void client.invalidateQueries({ queryKey: keys.departments })
  }, [finished, target.kind, client])
  if (job.error && !job.data) {
    return 'status' in job.error && job.error.status === 404 ? (
      <Empty title={t('job.gone')} action={<Button onClick={onAgain}>{t('job.again')}</Button>}>
        {t('job.goneText')}
      </Empty>
    ) : (
      <Failed error={job.error} retry={() => void job.refetch()} />
    )
  }
  if (!job.data) return <Skeleton rows={4} />
  return underWay(job.data) ? <Running job={job.data} /> : <Finished job={job.data} target={target} onAgain={onAgain} />
}

function Running({ job }: { job: Job }) {
  const { t } = useTranslation('desk/imports')
  const f = useFormat()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const [stopping, setStopping] = useState(false)
  const c = countsOf(job)
  const file = job.about?.file ?? ''
  const label = t(job.state === 'queued' ? 'job.queued' : 'job.running', { file })
  async function stop() {
    setAsking(false)
    setStopping(true)
    try {
      await api.POST('/api/v1/jobs/{id}/cancel', { params: { path: { id: job.id } } })
      await client.invalidateQueries({ queryKey: keys.jobs })
    } catch (error) {
      setStopping(false)
      toastError(error)
    }
  }
  return (
    <section className={s.job} aria-label={label}>
      <h2>{label}</h2>
      <progress className={s.bar} aria-label={label} {...(c.rows > 0 ? { value: c.done, max: c.rows } : {})} />
      <p className={cx(s.counts, 'num')} aria-live="polite">
        {c.rows > 0 && t('job.progress', { done: f.number(c.done), rows: f.number(c.rows) })}
        <span>
          {t('recent.counts', {
            created: f.number(c.created),
            updated: f.number(c.updated),
            refused: f.number(c.refused),
          })}
        </span>
      </p>
      <p className={s.quiet}>{t('job.leave')}</p>
      <div className={s.actions}>
        <Button busy={stopping} onClick={() => setAsking(true)}>
          {stopping ? t('job.stopping') : t('job.cancel')}
        </Button>
      </div>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('job.cancelAsk')}
        action={t('job.cancel')}
        danger
        onConfirm={() => void stop()}
      >
        {t('job.cancelText')}
      </Confirm>
    </section>
  )
}

const shapes = { done: CircleCheck, failed: CircleAlert, cancelled: CircleSlash } as const

function Finished({ job, target, onAgain }: { job: Job; target: Target; onAgain: () => void }) {
  const { t } = useTranslation('desk/imports')
  const f = useFormat()
  const c = countsOf(job)
  const state = job.state === 'failed' || job.state === 'cancelled' ? job.state : 'done'
  const Shape = shapes[state]
  const errors = typeof job.result?.errors === 'string' ? job.result.errors : undefined
  const written = c.created + c.updated
  const list =
    target.kind === 'form'
      ? `/apps/${target.form.form.split('.')[0]}/forms/${target.form.key}?${new URLSearchParams({ filter: JSON.stringify(importedFilter(job)), from: job.about?.file ?? '' }).toString()}`
      : '/people'
  const shown = (['created', 'updated', 'unchanged', 'refused', 'skipped', 'warnings'] as const).filter(
    (k) => c[k] > 0 || k === 'created' || k === 'updated' || k === 'refused',
  )
  return (
    <section className={s.job} aria-labelledby="job-title">
      <h2 id="job-title" className={cx(s.title, s[state])}>
        <Shape size={20} strokeWidth={1.75} aria-hidden />
        <span role="status">{t(`job.${state}`, { file: job.about?.file ?? '' })}</span>
      </h2>
      <p className={s.quiet}>
        <time dateTime={job.updatedAt}>{f.instant(job.updatedAt)}</time>
      </p>
      <dl className={s.figures}>
        {shown.map((k) => (
          <div key={k} className={cx(k === 'refused' && c.refused > 0 && s.red)}>
            <dt>{t(`job.${k}`)}</dt>
            <dd className="num">{f.number(c[k])}</dd>
          </div>
        ))}
      </dl>
      {job.problems?.map((p, i) => (
        <p key={i} role="alert" className={s.problem}>
          {p.message ?? p.code}
        </p>
      ))}
      {state !== 'done' && written > 0 && <p className={s.quiet}>{t('job.failedText')}</p>}
      {errors && (
        <p>
          <a className={s.errors} href={`/api/v1/files/${errors}`} download>
            <Download size={16} strokeWidth={1.75} aria-hidden />
            {t('job.errors')}
          </a>
          <span className={s.quiet}> {t('job.errorsHelp')}</span>
        </p>
      )}
      <div className={s.actions}>
        {written > 0 && (
          <Link to={list} className={s.open}>
            {t('job.open')}
          </Link>
        )}
        <Button onClick={onAgain}>{t('job.again')}</Button>
        {written > 0 && <Undo job={job} />}
      </div>
    </section>
  )
}
