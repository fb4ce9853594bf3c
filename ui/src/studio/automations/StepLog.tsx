import { CircleAlert, CircleCheck, CircleMinus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { components } from '@/shared/api'
import { useText } from '@/shared/i18n'
import type { AutomationDef } from '../model/types'
import { findStep } from '../model/steps'
import type { StepType } from './stepTypes'
import s from './Automations.module.css'

type RunStep = components['schemas']['RunStep']

/** What each step worked with and gave, or why it did not. */
export function StepLog({
  log,
  types,
  def,
  titles,
}: {
  log: readonly RunStep[]
  types: readonly StepType[]
  def?: AutomationDef
  titles?: { [key: string]: string }
}) {
  const { t } = useTranslation('studio')
  const text = useText()
  return (
    <ol className={s.log}>
      {log.map((x, i) => {
        const step = def && findStep(def, x.step)?.step
        const name = titles?.[x.step] || text(step?.title) || text(types.find((q) => q.key === x.type)?.title) || x.step
        const data = [
          ['in', x.in],
          ['out', x.out],
          ['would', x.would],
          ['wrote', x.wrote],
          ['trace', x.trace],
        ].filter(([, v]) => v !== undefined && v !== null && !(Array.isArray(v) && v.length === 0))
        return (
          <li key={i}>
            <details>
              <summary>
                {x.reason ? (
                  <CircleAlert size={16} className={s.bad} aria-hidden />
                ) : x.skipped ? (
                  <CircleMinus size={16} className={s.note} aria-hidden />
                ) : (
                  <CircleCheck size={16} className={s.good} aria-hidden />
                )}
                <span className="ellipsis">{name}</span>
                <small>{x.reason ? t('auto.failed') : x.skipped ? t('auto.skipped') : ''}</small>
              </summary>
              {x.reason && <p className={s.bad}>{x.reason}</p>}
              {data.map(([kind, v]) => (
                <div key={String(kind)}>
                  <h4>{t(`auto.log.${String(kind)}`)}</h4>
                  <pre>{typeof v === 'string' ? v : JSON.stringify(v, null, 2)}</pre>
                </div>
              ))}
            </details>
          </li>
        )
      })}
    </ol>
  )
}
