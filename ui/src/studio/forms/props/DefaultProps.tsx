import { useTranslation } from 'react-i18next'
import { PencilLine } from 'lucide-react'
import { useText } from '@/shared/i18n'
import { Input, Segmented, Select } from '@/shared/ui'
import { numberTypes } from '../../model/fieldTypes'
import { computed } from '../../model/condition'
import { fieldInfos } from '../../model/infos'
import { marksAt } from '../../model/marks'
import { useStudio } from '../../context'
import type { XField } from '../../model/types'
import { FormulaEditor } from '../../pickers/FormulaEditor'
import { Prop, PropGroup } from '../../pickers/Prop'
import { useInfoContext } from '../../useInfo'
import type { PanelProps } from './Properties'

type Props = PanelProps & {
  field: string
  x: XField
  set: (patch: { [K in keyof XField]?: XField[K] }, mark?: string) => void
}

/** What a new record starts with: nothing, a value, or what an expression gives. */
export function DefaultProps({ form, field, x, set, library, problems }: Props) {
  const { t } = useTranslation('studio')
  const { app } = useStudio()
  const text = useText()
  const info = useInfoContext(library)
  const expr = computed(x.default)
  const person =
    x.type === 'user'
      ? 'user.id'
      : x.type === 'department'
        ? 'user.department'
        : x.type === 'date'
          ? 'today()'
          : x.type === 'datetime'
            ? 'now()'
            : undefined
  const kind = x.default === undefined ? 'none' : expr === undefined ? 'value' : expr === person ? 'own' : 'formula'
  const options = x.options ?? (x.optionSet ? info.optionSet(x.optionSet) : [])
  const constant = !['user', 'department', 'relation', 'multiselect'].includes(x.type)
  const first = (): XField['default'] =>
    x.type === 'switch' ? true : x.type === 'select' ? options[0]?.value : numberTypes.has(x.type) ? 0 : ''
  return (
    <PropGroup title={t('default.title')} icon={<PencilLine size={16} strokeWidth={1.75} aria-hidden />}>
      <Segmented
        small
        label={t('default.title')}
        value={kind}
        options={[
          { value: 'none', label: t('default.none') },
          ...(person ? [{ value: 'own' as const, label: t(`default.${x.type}`) }] : []),
          ...(constant ? [{ value: 'value' as const, label: t('default.value') }] : []),
          { value: 'formula', label: t('default.formula') },
        ]}
        onChange={(k) =>
          set({
            default:
              k === 'none'
                ? undefined
                : k === 'own'
                  ? { expr: person ?? '' }
                  : k === 'value'
                    ? first()
                    : { expr: expr ?? person ?? 'nil' },
          })
        }
      />
      {kind === 'value' && (
        <Prop label={t('default.value')}>
          {(a) =>
            x.type === 'select' ? (
              <Select {...a} value={String(x.default)} onChange={(e) => set({ default: e.target.value })}>
                {options.map((o) => (
                  <option key={o.value} value={o.value}>
                    {text(o.title) || o.value}
                  </option>
                ))}
              </Select>
            ) : x.type === 'switch' ? (
              <Select {...a} value={String(x.default)} onChange={(e) => set({ default: e.target.value === 'true' })}>
                <option value="true">{t('yes')}</option>
                <option value="false">{t('no')}</option>
              </Select>
            ) : (
              <Input
                {...a}
                type={numberTypes.has(x.type) ? 'number' : x.type === 'date' ? 'date' : 'text'}
                step="any"
                value={String(x.default ?? '')}
                onChange={(e) =>
                  set(
                    {
                      default: numberTypes.has(x.type)
                        ? e.target.value === ''
                          ? 0
                          : Number(e.target.value)
                        : e.target.value,
                    },
                    'default',
                  )
                }
              />
            )
          }
        </Prop>
      )}
      {kind === 'formula' && (
        <FormulaEditor
          label={t('default.formula')}
          value={expr ?? ''}
          fields={fieldInfos({ properties: form.schema.properties, stages: form.stages }, info).filter(
            (f) => f.key !== field,
          )}
          marks={marksAt(problems, `/${app}/form/${form.key}/schema/properties/${field}/x-field/default`)}
          onChange={(v) => set({ default: { expr: v } }, 'default')}
        />
      )}
    </PropGroup>
  )
}
