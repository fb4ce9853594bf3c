import { useTranslation } from 'react-i18next'
import { Select } from '@/shared/ui'
import type { XField } from '../../model/types'
import { Prop } from '../../pickers/Prop'
import { TextInput } from '../../pickers/TextInput'
import { NumberInput } from './NumberInput'
import type { TypePanel } from './TypeProps'

const currencies = ['CNY', 'USD', 'EUR', 'HKD', 'JPY', 'GBP', 'SGD', 'KRW', 'TWD', 'AUD']

/** Decimals, unit and currency of a number. */
export function FormatProps({ x, set, currency }: { x: XField; set: TypePanel['set']; currency?: boolean }) {
  const { t } = useTranslation('studio')
  return (
    <>
      <Prop label={t('format.scale')}>
        {(a) => (
          <NumberInput {...a} min={0} max={10} whole value={x.scale} onChange={(v) => set({ scale: v }, 'scale')} />
        )}
      </Prop>
      {(x.type === 'currency' || currency) && (
        <Prop label={t('format.currency')}>
          {(a) => (
            <Select {...a} value={x.currency ?? ''} onChange={(e) => set({ currency: e.target.value || undefined })}>
              <option value="">{t('format.noCurrency')}</option>
              {[...new Set([...(x.currency ? [x.currency] : []), ...currencies])].map((c) => (
                <option key={c} value={c}>
                  {c}
                </option>
              ))}
            </Select>
          )}
        </Prop>
      )}
      {(x.type === 'number' || (currency && !x.currency)) && (
        <Prop label={t('format.unit')}>
          {(a) => <TextInput {...a} value={x.unit} maxLength={20} onChange={(v) => set({ unit: v }, 'unit')} />}
        </Prop>
      )}
    </>
  )
}
