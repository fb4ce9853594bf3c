import { useQuery } from '@tanstack/react-query'
import { Check, ChevronDown, CircleX, Trophy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordDocument } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Menu, type MenuEntry } from '@/shared/overlay'
import type { FormModel, Move } from '@/shared/schema'
import { Button, cx } from '@/shared/ui'
import { MoveDialog } from './MoveDialog'
import { stagesQuery } from './data'
import { movesFrom, pathOf } from './path'
import s from './Record.module.css'

/** Where the record stands and what comes next; a click on a stage that can be reached moves it there. */
export function StagePath({ model, record }: { model: FormModel; record: RecordDocument }) {
  const { t } = useTranslation('desk/record')
  const text = useText()
  const [move, setMove] = useState<Move>()
  const stages = model.stages!
  const now = record.data[stages.field] as string | undefined
  const steps = pathOf(stages, now)
  const { data: log } = useQuery(stagesQuery(model.form, record.id))
  const moves = record.deletedAt || !model.can('transition') ? [] : movesFrom(stages, now)
  const able = (m: Move) => m.allowed && record.moves?.includes(m.key) !== false
  const why = (m: Move) => (m.reason ? t(`reason.${m.reason}`) : t('reason.forbidden'))
  const items: MenuEntry[] = moves.map((m) => ({
    label: able(m)
      ? text(m.title) || t('moveTo', { stage: text(stages.states.find((x) => x.key === m.to)?.title) })
      : `${text(m.title)} · ${why(m)}`,
    disabled: !able(m),
    onSelect: () => setMove(m),
  }))
  return (
    <div className={s.stages}>
      <ol className={s.steps} aria-label={t('stages')}>
        {steps.map(({ state, place }) => {
          const m = moves.find((x) => x.to === state.key)
          const title = text(state.title)
          const days = state.category !== 'open' ? undefined : place === 'now' ? log?.days : log?.total[state.key]
          const late = place === 'now' && log?.limit !== undefined && log.days > log.limit
          const stay =
            days === undefined
              ? undefined
              : place === 'now' && log?.limit
                ? t('stayLimit', { count: days, limit: log.limit })
                : t('stayDays', { count: days })
          const body = (
            <>
              <span className={s.bar} aria-hidden />
              <span className={s.stageName}>
                {place === 'done' && state.category === 'done' ? (
                  <Trophy size={14} aria-hidden />
                ) : place === 'done' && state.category === 'failed' ? (
                  <CircleX size={14} aria-hidden />
                ) : (
                  place === 'done' && <Check size={14} aria-hidden />
                )}
                {title}
                <span className="visually-hidden">{t(`place_${place}`)}</span>
              </span>
              {stay && place !== 'next' && <span className={cx(s.stay, 'num', late && s.late)}>{stay}</span>}
            </>
          )
          return (
            <li
              key={state.key}
              className={cx(
                s.step,
                s[place],
                state.category === 'failed' && s.failed,
                state.category === 'done' && place === 'done' && s.won,
              )}
              aria-current={place === 'now' ? 'step' : undefined}
            >
              {m && able(m) ? (
                <button type="button" onClick={() => setMove(m)} title={text(m.title)}>
                  {body}
                </button>
              ) : (
                <span title={m ? why(m) : undefined}>{body}</span>
              )}
            </li>
          )
        })}
      </ol>
      {items.length > 0 && (
        <Menu
          align="end"
          trigger={
            <Button size="small" className="no-print">
              {t('move')} <ChevronDown size={14} aria-hidden />
            </Button>
          }
          items={items}
        />
      )}
      {move && <MoveDialog model={model} record={record} move={move} onClose={() => setMove(undefined)} />}
    </div>
  )
}
