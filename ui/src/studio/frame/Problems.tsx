import { CircleAlert, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/shared/api'
import { useText } from '@/shared/i18n'
import type { Library } from '../context'
import { spotOf } from '../model/places'
import type { FormDef, Kind } from '../model/types'
import s from './Frame.module.css'

type Props = { problems: readonly Problem[]; library: Library; onRepair: (pointer: string) => void }

/** Problems that publishing would have, each with the way to where it is mended. */
export function Problems({ problems, library, onRepair }: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const where = (pointer: string) => {
    const spot = spotOf(pointer, (k, key) => library.value(k as Kind, key))
    if (!spot) return ''
    const d = library.value(spot.kind as Kind, spot.key)
    const parts = [t(`of.${spot.kind}`, { defaultValue: spot.kind }) + ' ' + (text(d?.title) || spot.key)]
    if (spot.field) parts.push(text((d as FormDef)?.schema?.properties?.[spot.field]?.['x-field']?.title) || spot.field)
    else if (spot.item ?? spot.section ?? spot.rule) parts.push((spot.item ?? spot.section ?? spot.rule) as string)
    return parts.join(' › ')
  }
  return (
    <ul className={s.problems}>
      {problems.map((p, i) => (
        <li key={i}>
          <button type="button" className={s.problem} onClick={() => onRepair(p.pointer ?? '')}>
            {p.severity === 'warning' ? (
              <TriangleAlert size={16} className={s.warn} aria-hidden />
            ) : (
              <CircleAlert size={16} className={s.bad} aria-hidden />
            )}
            <span>
              {p.message ?? p.code}
              <small>{where(p.pointer ?? '')}</small>
            </span>
            <em>{t('problems.repair')}</em>
          </button>
        </li>
      ))}
    </ul>
  )
}
