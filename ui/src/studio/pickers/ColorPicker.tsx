import { useTranslation } from 'react-i18next'
import { Popover } from '@/shared/overlay'
import { cx } from '@/shared/ui'
import { colours } from '../model/fieldTypes'
import s from './pickers.module.css'

/** One of the palette's colours; each has a name, nobody has to tell them apart by eye. */
export function ColorPicker({
  label,
  value,
  onChange,
  small,
}: {
  label: string
  value: string | undefined
  onChange: (v: string) => void
  small?: boolean
}) {
  const { t } = useTranslation('studio')
  const shown = value && (colours as readonly string[]).includes(value) ? value : 'gray'
  return (
    <Popover
      label={label}
      trigger={
        <button
          type="button"
          className={cx(s.swatchButton, small && s.swatchSmall)}
          aria-label={`${label}: ${t(`colours.${shown}`)}`}
          title={t(`colours.${shown}`)}
        >
          <span className={s.swatch} style={{ background: `var(--${shown})` }} aria-hidden />
          {!small && t(`colours.${shown}`)}
        </button>
      }
    >
      <div className={s.swatches} role="radiogroup" aria-label={label}>
        {colours.map((c) => (
          <button
            key={c}
            type="button"
            role="radio"
            aria-checked={c === shown}
            className={s.swatchChoice}
            onClick={() => onChange(c)}
            title={t(`colours.${c}`)}
            aria-label={t(`colours.${c}`)}
          >
            <span className={s.swatch} style={{ background: `var(--${c})` }} aria-hidden />
          </button>
        ))}
      </div>
    </Popover>
  )
}
