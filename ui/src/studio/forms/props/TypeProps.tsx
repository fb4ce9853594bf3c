import { useTranslation } from 'react-i18next'
import { Input, Select } from '@/shared/ui'
import { numberTypes } from '../../model/fieldTypes'
import { updateProperty } from '../../model/form'
import type { XField } from '../../model/types'
import { Prop, PropGroup } from '../../pickers/Prop'

import { ComputedProps } from './ComputedProps'
import { NumberInput } from './NumberInput'
import { OptionsProps } from './OptionsProps'
import type { PanelProps } from './Properties'
import { RelationProps } from './RelationProps'
import { FormatProps } from './FormatProps'
import { TableProps } from './TableProps'

export type TypePanel = PanelProps & {
  field: string
  x: XField
  set: (patch: { [K in keyof XField]?: XField[K] }, mark?: string) => void
}

/** The settings that only some types have. */
export function TypeProps(p: TypePanel) {
  const { x } = p
  switch (x.type) {
    case 'text':
    case 'longtext':
      return <TextProps {...p} />
    case 'select':
    case 'multiselect':
      return p.form.stages?.field === p.field ? <StageNote {...p} /> : <OptionsProps {...p} />
    case 'relation':
      return <RelationProps {...p} />
    case 'table':
      return <TableProps {...p} />
    case 'serial':
      return <SerialProps {...p} />
    case 'formula':
    case 'lookup':
    case 'rollup':
      return <ComputedProps {...p} />
    case 'file':
    case 'image':
      return <FileProps {...p} />
    default:
      return numberTypes.has(x.type) ? <NumberProps {...p} /> : null
  }
}

function StageNote({ form }: TypePanel) {
  const { t } = useTranslation('studio')
  return (
    <PropGroup>
      <p>
        {t('stages.note')} <a href={`./../stages/${form.key}`}>{t('tabs.stages')}</a>
      </p>
    </PropGroup>
  )
}

function TextProps({ form, field, edit }: TypePanel) {
  const { t } = useTranslation('studio')
  const p = form.schema.properties[field] ?? {}
  const set = (patch: Parameters<typeof updateProperty>[2], mark: string) =>
    edit((d) => updateProperty(d, field, patch), `${field}.${mark}`)
  return (
    <PropGroup title={t('limits.title')}>
      <Prop label={t('limits.minLength')}>
        {(a) => <NumberInput {...a} min={0} value={p.minLength} onChange={(v) => set({ minLength: v }, 'minLength')} />}
      </Prop>
      <Prop label={t('limits.maxLength')}>
        {(a) => <NumberInput {...a} min={1} value={p.maxLength} onChange={(v) => set({ maxLength: v }, 'maxLength')} />}
      </Prop>
      <Prop label={t('limits.pattern')} help={t('limits.patternHelp')}>
        {(a) => (
          <Input
            {...a}
            value={p.pattern ?? ''}
            onChange={(e) => set({ pattern: e.target.value || undefined }, 'pattern')}
          />
        )}
      </Prop>
    </PropGroup>
  )
}

function NumberProps({ form, field, x, set, edit }: TypePanel) {
  const { t } = useTranslation('studio')
  const p = form.schema.properties[field] ?? {}
  const limit = (patch: Parameters<typeof updateProperty>[2], mark: string) =>
    edit((d) => updateProperty(d, field, patch), `${field}.${mark}`)
  return (
    <PropGroup title={t('format.title')}>
      <FormatProps x={x} set={set} />
      <Prop label={t('limits.minimum')}>
        {(a) => <NumberInput {...a} value={p.minimum} onChange={(v) => limit({ minimum: v }, 'minimum')} />}
      </Prop>
      <Prop label={t('limits.maximum')}>
        {(a) => <NumberInput {...a} value={p.maximum} onChange={(v) => limit({ maximum: v }, 'maximum')} />}
      </Prop>
    </PropGroup>
  )
}

function SerialProps({ x, set }: TypePanel) {
  const { t } = useTranslation('studio')
  return (
    <PropGroup title={t('serial.title')}>
      <Prop label={t('serial.pattern')} help={t('serial.help')}>
        {(a) => (
          <Input
            {...a}
            value={x.pattern ?? ''}
            onChange={(e) => set({ pattern: e.target.value || undefined }, 'pattern')}
          />
        )}
      </Prop>
      <Prop label={t('serial.reset')}>
        {(a) => (
          <Select {...a} value={x.reset ?? 'never'} onChange={(e) => set({ reset: e.target.value as XField['reset'] })}>
            {['never', 'year', 'month', 'day'].map((r) => (
              <option key={r} value={r}>
                {t(`serial.${r}`)}
              </option>
            ))}
          </Select>
        )}
      </Prop>
    </PropGroup>
  )
}

function FileProps({ x, set }: TypePanel) {
  const { t } = useTranslation('studio')
  const mib = x.maxSize === undefined ? undefined : x.maxSize / 1024 / 1024
  return (
    <PropGroup title={t('limits.title')}>
      <Prop label={t('files.maxSize')} help={t('files.maxSizeHelp')}>
        {(a) => (
          <NumberInput
            {...a}
            min={1}
            value={mib}
            onChange={(v) => set({ maxSize: v === undefined ? undefined : Math.round(v * 1024 * 1024) }, 'maxSize')}
          />
        )}
      </Prop>
      {x.type === 'file' && (
        <Prop label={t('files.accept')} help={t('files.acceptHelp')}>
          {(a) => (
            <Input
              {...a}
              defaultValue={(x.accept ?? []).join(', ')}
              onBlur={(e) => {
                const list = e.target.value.split(/[,，\s]+/).filter(Boolean)
                set({ accept: list.length > 0 ? list : undefined })
              }}
            />
          )}
        </Prop>
      )}
    </PropGroup>
  )
}
