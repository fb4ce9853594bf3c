import { EyeOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { isEmpty, type FieldModel } from '../schema'
import { useDensity, useWidget } from './registry'
import type { Density, Place } from './types'

type Props = { field: FieldModel; value: unknown; place?: Place; density?: Density }

/** A value as it is read; — where there is none. */
export function ValueView({ field, value, place, density }: Props) {
  const { View } = useWidget(field)
  const shown = useDensity(density)
  if (isEmpty(value)) return <Nothing />
  if (field.access === 'masked') return <Masked value={value} />
  return <View field={field} value={value} density={shown} place={place} />
}

/** A value in a row of a list: one line, figures without their unit; nothing where there is none. */
export function ValueCell({ field, value, place }: Omit<Props, 'density'>) {
  const { View, Cell } = useWidget(field)
  if (isEmpty(value)) return null
  if (field.access === 'masked') return <Masked value={value} />
  return Cell ? (
    <Cell field={field} value={value} place={place} />
  ) : (
    <View field={field} value={value} density="desktop" place={place} />
  )
}

function Nothing() {
  return (
    <span aria-hidden style={{ color: 'var(--text-3)' }}>
      —
    </span>
  )
}

/** What the caller may only know in part. */
function Masked({ value }: { value: unknown }) {
  const { t } = useTranslation('shared/widgets')
  return (
    <span title={t('masked')} style={{ display: 'inline-flex', alignItems: 'center', gap: 6, color: 'var(--text-2)' }}>
      {typeof value === 'string' ? value : '•••'}
      <EyeOff size={14} strokeWidth={1.75} role="img" aria-label={t('masked')} />
    </span>
  )
}

/** Figures stand right in lists. */
export const alignsRight = (field: FieldModel): boolean =>
  field.as === 'number' || field.as === 'currency' || field.as === 'percent'
