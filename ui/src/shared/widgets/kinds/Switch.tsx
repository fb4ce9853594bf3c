import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cx } from '../../ui'
import c from '../control.module.css'
import { aria, type EditProps, type Widget } from '../types'

function SwitchEdit(p: EditProps) {
  const { t } = useTranslation('shared/widgets')
  const on = p.value === true
  return (
    <span className={cx(c.switch, p.density === 'phone' && c.phone, p.inCell && c.cell)}>
      <input
        {...aria(p)}
        aria-required={undefined}
        type="checkbox"
        role="switch"
        checked={on}
        disabled={p.disabled}
        onChange={(e) => p.onChange(e.target.checked)}
        onBlur={p.onLeave}
      />
      <span className={c.track} aria-hidden />
      {!p.inCell && (
        <span className={c.state} aria-hidden>
          {on ? t('yes') : t('no')}
        </span>
      )}
    </span>
  )
}

function Said({ value }: { value: unknown }) {
  const { t } = useTranslation('shared/widgets')
  return <span>{value === true ? t('yes') : t('no')}</span>
}

export const toggle: Widget = {
  Edit: SwitchEdit,
  View: Said,
  Cell: ({ value }) => (value === true ? <Ticked /> : <Said value={value} />),
}

function Ticked() {
  const { t } = useTranslation('shared/widgets')
  return <Check size={16} strokeWidth={1.75} aria-label={t('yes')} role="img" />
}
