import { Sigma } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FieldModel } from '../../schema'
import { isEmpty } from '../../schema'
import { cx } from '../../ui'
import c from '../control.module.css'
import { ValueView } from '../ValueView'
import type { Density, Place } from '../types'

/** A value that nobody types: shown calmly in its place among the controls, with where it comes from. */
export function Computed({
  field,
  value,
  density,
  place,
  id,
  describedBy,
}: {
  field: FieldModel
  value: unknown
  density: Density
  place?: Place
  id: string
  describedBy?: string
}) {
  const { t } = useTranslation('shared/widgets')
  const serial = field.type === 'serial'
  return (
    <output
      id={id}
      aria-labelledby={`${id}-label`}
      aria-describedby={describedBy}
      className={cx(c.computed, density === 'phone' && c.phone)}
    >
      <span>
        {serial && isEmpty(value) ? (
          <span style={{ color: 'var(--text-3)' }}>{t('afterSaving')}</span>
        ) : (
          <ValueView field={field} value={value} density={density} place={place} />
        )}
      </span>
      {field.computed && (
        <span className={c.auto}>
          {!serial && <Sigma size={14} strokeWidth={1.75} aria-hidden />}
          {serial ? t('serial') : t('computed')}
        </span>
      )}
    </output>
  )
}
