import { CircleAlert, CircleCheck } from 'lucide-react'
import { Dialog } from '@/shared/overlay'
import { Button } from '@/shared/ui'
import type { Env } from '../data/env'
import { byReason } from '../model/bulk'
import type { Run } from './useBulk'
import s from './bulk.module.css'

type Props = { run: Run; env: Env; base: string; onStop: () => void; onClose: () => void; onUndo?: () => void }

const shownPer = 20

/** How far work on many records is; afterwards what was not done, and why. */
export function RunDialog({ run, env, base, onStop, onClose, onUndo }: Props) {
  const { t, fmt } = env
  const p = run.progress
  const failed = p?.failed ?? []
  const n = (x: number) => fmt.number(x, 0)
  const title = run.running
    ? t('bulk.running')
    : p?.stopped
      ? t('bulk.stopped', { ok: n(p.ok) })
      : failed.length > 0
        ? t('bulk.doneSome', { ok: n(p?.ok ?? 0), failed: n(failed.length) })
        : t('bulk.doneAll', { n: n(p?.ok ?? 0) })
  return (
    <Dialog
      open
      onOpenChange={() => !run.running && onClose()}
      size="small"
      title={title}
      footer={
        run.running ? (
          <Button onClick={onStop}>{t('bulk.stop')}</Button>
        ) : (
          <>
            {onUndo && run.done.length > 0 && <Button onClick={onUndo}>{t('bulk.undo')}</Button>}
            <Button tone="primary" onClick={onClose}>
              {t('bulk.close')}
            </Button>
          </>
        )
      }
    >
      <div className={s.run} aria-live="polite">
        <progress value={p?.done ?? 0} max={Math.max(1, p?.total ?? 1)} aria-label={title} />
        <p className="num">{p ? t('bulk.progress', { done: n(p.done), total: n(p.total) }) : t('bulk.collecting')}</p>
        {!run.running && failed.length === 0 && (
          <p className={s.fine}>
            <CircleCheck size={16} strokeWidth={1.75} aria-hidden /> {t('bulk.doneAll', { n: n(p?.ok ?? 0) })}
          </p>
        )}
        {failed.length > 0 && (
          <section aria-label={t('bulk.failures')}>
            <h3>{t('bulk.failures')}</h3>
            {byReason(failed).map((g) => (
              <div key={g.reason} className={s.reason}>
                <p>
                  <CircleAlert size={16} strokeWidth={1.75} aria-hidden /> {g.reason}
                </p>
                <ul>
                  {g.ids.slice(0, shownPer).map((id) => (
                    <li key={id}>
                      <a href={`${base}/${id}`} target="_blank" rel="noreferrer">
                        {run.titles.get(id) || id.slice(-6)}
                      </a>
                    </li>
                  ))}
                  {g.ids.length > shownPer && <li>{t('bulk.moreFailures', { n: n(g.ids.length - shownPer) })}</li>}
                </ul>
              </div>
            ))}
          </section>
        )}
      </div>
    </Dialog>
  )
}
