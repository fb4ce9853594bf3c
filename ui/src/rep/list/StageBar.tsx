import { cx } from '@/shared/ui'
import type { Card } from '../model/card'
import s from './StageBar.module.css'

/** How far a record is on its path, as a bar of steps with its stage's name. */
export function StageBar({ stage }: { stage: NonNullable<Card['stage']> }) {
  return (
    <span className={s.stage}>
      {stage.category === 'open' && (
        <span className={s.bar} aria-hidden>
          {Array.from({ length: Math.min(stage.of, 8) }, (_, i) => (
            <i key={i} className={cx(i <= stage.at && s.done)} />
          ))}
        </span>
      )}
      <span className={cx(s.text, stage.category === 'done' && s.won, stage.category === 'failed' && s.failed)}>
        {stage.text}
      </span>
    </span>
  )
}
