import { useQuery, useQueryClient } from '@tanstack/react-query'
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, must, splitForm } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { Button, cx, Empty, Failed, Select, Skeleton, Tag, toast, toastError } from '@/shared/ui'
import { StepLog } from './StepLog'
import type { StepType } from './stepTypes'
import s from './Automations.module.css'

const colours: { [state: string]: string } = {
  queued: 'gray',
  running: 'blue',
  done: 'green',
  failed: 'red',
  cancelled: 'gray',
}

/** What an automation did: every run with its steps, why it stopped, and the way to let it go on. */
export function Runs({ automation, types }: { automation: string; types: readonly StepType[] }) {
  const { t } = useTranslation('studio')
  const format = useFormat()
  const client = useQueryClient()
  const [state, setState] = useState('')
  const [open, setOpen] = useState<string>()
  const runs = useQuery({
    queryKey: ['studio', 'runs', automation, state],
    staleTime: 0,
    refetchInterval: 10_000,
    queryFn: async () =>
      await must(
        api.GET('/api/v1/runs', { params: { query: { automation, limit: '30', ...(state ? { state } : {}) } } }),
      ),
  })
  const log = useQuery({
    queryKey: ['studio', 'run', open],
    enabled: open !== undefined,
    staleTime: 0,
    queryFn: async () => await must(api.GET('/api/v1/runs/{id}', { params: { path: { id: open ?? '' } } })),
  })
  const act = async (what: 'replay' | 'resume' | 'cancel', id: string) => {
    try {
      const path = { params: { path: { id } } }
      if (what === 'replay') await api.POST('/api/v1/runs/{id}/replay', path)
      else if (what === 'resume') await api.POST('/api/v1/runs/{id}/resume', path)
      else await api.POST('/api/v1/runs/{id}/cancel', path)
      toast(t(`auto.acted.${what}`))
      await client.invalidateQueries({ queryKey: ['studio', 'runs'] })
      await client.invalidateQueries({ queryKey: ['studio', 'run', id] })
    } catch (e) {
      toastError(e)
    }
  }
  return (
    <section className={s.runs} aria-label={t('auto.runs')}>
      <Select aria-label={t('auto.state')} value={state} onChange={(e) => setState(e.target.value)}>
        <option value="">{t('auto.allStates')}</option>
        {Object.keys(colours).map((x) => (
          <option key={x} value={x}>
            {t(`auto.states.${x}`)}
          </option>
        ))}
      </Select>
      {runs.error ? (
        <Failed error={runs.error} retry={() => void runs.refetch()} />
      ) : !runs.data ? (
        <Skeleton />
      ) : runs.data.items.length === 0 ? (
        <Empty title={t('auto.noRuns')}>{t('auto.noRunsText')}</Empty>
      ) : (
        <ul>
          {runs.data.items.map((r) => {
            const form = r.trigger.form ? splitForm(r.trigger.form) : undefined
            return (
              <li key={r.id} className={cx(s.run, open === r.id && s.runOpen)}>
                <button
                  type="button"
                  className={s.runHead}
                  aria-expanded={open === r.id}
                  onClick={() => setOpen(open === r.id ? undefined : r.id)}
                >
                  <Tag color={colours[r.state]}>{t(`auto.states.${r.state}`)}</Tag>
                  <span title={format.instant(r.createdAt, 'full')}>{format.ago(r.createdAt)}</span>
                  <small>{t('auto.stepCount', { count: r.taken })}</small>
                </button>
                {open === r.id && (
                  <div className={s.runBody}>
                    {form && r.trigger.record && (
                      <Link to={`/apps/${form.app}/forms/${form.form}/${r.trigger.record}`}>
                        {t('auto.openRecord')}
                      </Link>
                    )}
                    {log.data?.log ? (
                      <StepLog log={log.data.log} types={types} titles={log.data.titles} />
                    ) : log.error ? (
                      <Failed error={log.error} />
                    ) : (
                      <Skeleton rows={3} />
                    )}
                    <div className={s.runActions}>
                      {r.state === 'failed' && (
                        <Button size="small" onClick={() => void act('resume', r.id)}>
                          {t('auto.resume')}
                        </Button>
                      )}
                      {r.state === 'queued' || r.state === 'running' ? (
                        <Button size="small" onClick={() => void act('cancel', r.id)}>
                          {t('auto.cancel')}
                        </Button>
                      ) : (
                        <Button
                          size="small"
                          icon={<RotateCcw size={14} aria-hidden />}
                          onClick={() => void act('replay', r.id)}
                        >
                          {t('auto.replay')}
                        </Button>
                      )}
                    </div>
                  </div>
                )}
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}
