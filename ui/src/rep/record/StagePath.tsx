import { useQuery } from '@tanstack/react-query'
import { ArrowRight, Check } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, keys, must, splitForm, type RecordDocument } from '@/shared/api'
import { useText } from '@/shared/i18n'
import type { FormModel, Move } from '@/shared/schema'
import { Button, cx } from '@/shared/ui'
import s from './StagePath.module.css'

const MoveSheet = lazy(() => import('./MoveSheet'))

/** Where a record stands on its path, how long already, and the ways on. */
export function StagePath({ model, record }: { model: FormModel; record: RecordDocument }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const stages = model.stages!
  const here = record.data[stages.field]
  const state = stages.states.find((x) => x.key === here)
  const path = stages.states.filter((x) => (x.category !== 'failed' && !x.hidden) || x.key === here)
  const at = path.findIndex((x) => x.key === here)
  const row = useRef<HTMLOListElement>(null)
  const [moving, setMoving] = useState<Move | 'choose'>()
  const { data: log } = useQuery({
    queryKey: [...keys.record(model.form, record.id), 'stages'],
    queryFn: () =>
      must(
        api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}/stages', {
          params: { path: { ...splitForm(model.form), id: record.id } },
        }),
      ),
  })

  useEffect(() => {
    const now = row.current?.children[at] as HTMLElement | undefined
    if (now && row.current) row.current.scrollLeft = now.offsetLeft - 48
  }, [at])

  const moves = stages.transitions.filter((m) => m.allowed && (record.moves?.includes(m.key) ?? false))
  const next = moves.find((m) => path.findIndex((x) => x.key === m.to) === at + 1)
  const late = log?.limit !== undefined && log.days > log.limit

  return (
    <section className={s.stage} aria-label={t('record.stage')}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways, which keys must reach */}
      <ol ref={row} className={s.path} tabIndex={0} aria-label={t('record.stage')}>
        {path.map((x, i) => (
          <li
            key={x.key}
            className={cx(s.step, i < at && s.done, i === at && s.now, x.category === 'failed' && s.failed)}
            aria-current={i === at ? 'step' : undefined}
          >
            {i < at && <Check size={14} strokeWidth={2} aria-label={t('record.done')} />}
            {text(x.title)}
          </li>
        ))}
      </ol>
      <div className={s.row}>
        {log && (
          <span className={cx(s.days, late && s.late)}>
            {log.limit === undefined
              ? t('record.days', { count: log.days, stage: text(state?.title) })
              : t('record.daysOf', { count: log.days, limit: log.limit, stage: text(state?.title) })}
          </span>
        )}
        {moves.length > 0 && (
          <span className={s.moves}>
            {next && (
              <Button
                size="large"
                className={s.next}
                icon={<ArrowRight size={18} strokeWidth={1.75} aria-hidden />}
                onClick={() => setMoving(next)}
              >
                {text(next.title)}
              </Button>
            )}
            {moves.length > (next ? 1 : 0) && (
              <Button size="large" className={next ? undefined : s.next} onClick={() => setMoving('choose')}>
                {next ? t('record.otherMoves') : t('record.move')}
              </Button>
            )}
          </span>
        )}
      </div>
      {moving && (
        <Suspense fallback={null}>
          <MoveSheet
            model={model}
            record={record}
            move={moving === 'choose' ? undefined : moving}
            moves={moves}
            onClose={() => setMoving(undefined)}
          />
        </Suspense>
      )}
    </section>
  )
}
