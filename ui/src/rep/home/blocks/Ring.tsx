import s from './Ring.module.css'

const r = 44
const length = 2 * Math.PI * r

/** A ring that fills with what is reached, with a mark where it should be by now. */
export function Ring({ share, pace, label, note }: { share: number; pace?: number; label: string; note: string }) {
  const filled = Math.min(1, Math.max(0, share))
  const angle = (pace ?? 0) * 2 * Math.PI - Math.PI / 2
  const at = (d: number) => `${50 + d * Math.cos(angle)} ${50 + d * Math.sin(angle)}`
  return (
    <div className={s.ring}>
      <svg viewBox="0 0 100 100" width="112" height="112" aria-hidden>
        <circle cx="50" cy="50" r={r} className={s.track} />
        {filled > 0 && (
          <circle
            cx="50"
            cy="50"
            r={r}
            className={filled >= 1 ? s.full : s.fill}
            strokeDasharray={`${filled * length} ${length}`}
            transform="rotate(-90 50 50)"
          />
        )}
        {pace !== undefined && pace < 1 && <path d={`M${at(39)} L${at(49)}`} className={s.pace} />}
      </svg>
      <span className={s.inside}>
        <strong className="num">{label}</strong>
        <small>{note}</small>
      </span>
    </div>
  )
}
