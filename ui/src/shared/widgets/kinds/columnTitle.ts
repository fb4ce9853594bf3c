import { useFormat } from '../../format'
import { useText } from '../../i18n'
import type { FieldModel } from '../../schema'
import { currencySign } from './Number'

/** A column's name, with its unit once. */
export function useColumnTitle(): (f: FieldModel) => string {
  const text = useText()
  const format = useFormat()
  return (f) => {
    const unit = f.as === 'percent' ? '' : f.currency || f.as === 'currency' ? currencySign(f, format) : text(f.unit)
    return unit ? `${text(f.title)} (${unit})` : text(f.title)
  }
}
