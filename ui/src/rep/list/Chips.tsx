import { useEffect, useRef } from 'react'
import { cx } from '@/shared/ui'
import s from './Chips.module.css'

type Props = { label: string; chips: { key: string; text: string }[]; chosen: string; onChoose: (key: string) => void }

/** One of several, in a row that scrolls sideways. */
export function Chips({ label, chips, chosen, onChoose }: Props) {
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const at = row.current?.querySelector<HTMLElement>('[aria-pressed="true"]')
    if (at && row.current) row.current.scrollLeft = at.offsetLeft - 64
  }, [chosen])
  if (chips.length < 2) return null
  return (
    <div ref={row} className={s.row} role="group" aria-label={label}>
      {chips.map((c) => (
        <button
          key={c.key}
          type="button"
          className={cx(s.chip)}
          aria-pressed={c.key === chosen}
          onClick={() => onChoose(c.key)}
        >
          {c.text}
        </button>
      ))}
    </div>
  )
}
