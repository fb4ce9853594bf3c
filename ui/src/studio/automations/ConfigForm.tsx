import { useTranslation } from 'react-i18next'
import type { Problem } from '@/shared/api'
import { useText, type Text } from '@/shared/i18n'
import { Input, Select, Switch } from '@/shared/ui'
import type { Library } from '../context'
import { NumberInput } from '../forms/props/NumberInput'
import { FormSelect } from '../forms/props/RelationProps'
import type { FieldInfo } from '../model/infos'
import { isObject, type Json } from '../model/json'
import { marksAt } from '../model/marks'
import type { AutomationDef, Filter, Step } from '../model/types'
import { FieldSelect } from '../pickers/FieldSelect'
import { FilterEditor } from '../pickers/FilterEditor'
import { FormulaEditor } from '../pickers/FormulaEditor'
import { Prop } from '../pickers/Prop'
import { TextInput } from '../pickers/TextInput'
import { useFields } from '../useInfo'
import { JsonValue } from './JsonValue'
import { People } from './People'
import type { StepType } from './stepTypes'
import { Values } from './Values'

type Config = { [key: string]: Json }
type Setting = {
  'x-title'?: Text
  'x-description'?: Text
  'x-control'?: string
  'x-form'?: string
  type?: string | string[]
  enum?: string[]
  $ref?: string
}

type Props = {
  step: Step
  type: StepType
  def: AutomationDef
  library: Library
  scope: { own: FieldInfo[]; names: FieldInfo[] }
  problems: readonly Problem[]
  at: string
  onChange: (config: Config, mark?: string) => void
}

/** The settings of a step, made from the schema of its type. What has no control of its own is edited as JSON. */
export function ConfigForm({ step, type, def, library, scope, problems, at, onChange }: Props) {
  const text = useText()
  const config = step.config ?? {}
  const settings = (type.schema.properties ?? {}) as unknown as { [key: string]: Setting }
  const set = (key: string, v: Json | undefined) => {
    const next = { ...config }
    if (v === undefined) delete next[key]
    else next[key] = v
    onChange(next, key)
  }
  // what it cannot do without first, then what is set
  const required = (type.schema.required ?? []) as string[]
  const rank = (key: string) => (required.includes(key) ? required.indexOf(key) - 100 : key in config ? 0 : 1)
  const sorted = Object.entries(settings).sort(([a], [b]) => rank(a) - rank(b))
  return sorted.map(([key, x]) => {
    if (x['x-control'] === 'steps' || x['x-control'] === 'cases') return null
    const wrong = marksAt(problems, `${at}/${key}`)
    return (
      <Prop
        key={key}
        label={text(x['x-title']) || key}
        help={text(x['x-description'])}
        error={x['x-control'] === 'expr' ? undefined : wrong[0]?.message}
        stacked
      >
        {(a) => (
          <Control
            id={a.id}
            setting={x}
            value={config[key]}
            config={config}
            def={def}
            library={library}
            scope={scope}
            marks={wrong}
            label={text(x['x-title']) || key}
            onChange={(v) => set(key, v)}
          />
        )}
      </Prop>
    )
  })
}

type ControlProps = {
  id: string
  setting: Setting
  value: Json | undefined
  config: Config
  def: AutomationDef
  library: Library
  scope: Props['scope']
  marks: ReturnType<typeof marksAt>
  label: string
  onChange: (v: Json | undefined) => void
}

function Control({ id, setting, value, config, def, library, scope, marks, label, onChange }: ControlProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const of =
    setting['x-form'] && setting['x-form'] !== 'record'
      ? ((config[setting['x-form']] as string | undefined) ?? def.form)
      : def.form
  const fields = useFields(library, of)
  const expr =
    isObject(value) && typeof value.expr === 'string'
      ? value.expr
      : typeof value === 'string' && setting['x-control'] === 'expr'
        ? value
        : undefined
  switch (setting['x-control']) {
    case 'form':
      return <FormSelect id={id} library={library} value={value as string | undefined} onChange={(v) => onChange(v)} />
    case 'field':
      return (
        <FieldSelect
          id={id}
          fields={fields}
          value={value as string | undefined}
          empty={t('auto.noField')}
          onChange={(v) => onChange(v)}
        />
      )
    case 'filter':
      return (
        <FilterEditor
          label={label}
          fields={fields}
          value={value as Filter | undefined}
          onChange={(v) => onChange(v as unknown as Json)}
        />
      )
    case 'expr':
      return (
        <FormulaEditor
          label={label}
          value={expr ?? ''}
          fields={scope.names}
          marks={marks}
          placeholder={t('auto.exprHint')}
          onChange={(v) => onChange(v.trim() ? { expr: v } : undefined)}
        />
      )
    case 'values':
      return (
        <Values
          label={label}
          value={value}
          fields={setting['x-form'] ? fields : undefined}
          names={scope.names}
          onChange={onChange}
        />
      )
    case 'people':
      return (
        <People
          label={label}
          value={value}
          fields={scope.own.filter((f) => f.as === 'user')}
          names={scope.names}
          library={library}
          onChange={onChange}
        />
      )
    case 'text':
      return Array.isArray(setting.type) || setting.$ref ? (
        <TextInput id={id} long value={value as Text} onChange={(v) => onChange(v as Json | undefined)} />
      ) : (
        <Input
          id={id}
          value={(value as string | undefined) ?? ''}
          onChange={(e) => onChange(e.target.value || undefined)}
        />
      )
    case 'stage': {
      const stages =
        fields.find((f) => f.options.length > 0 && f.key === 'stage')?.options ??
        fields.find((f) => f.type === 'select')?.options ??
        []
      return (
        <Select
          id={id}
          value={typeof value === 'string' ? value : ''}
          onChange={(e) => onChange(e.target.value || undefined)}
        >
          <option value="">{t('choose')}</option>
          {stages.map((o) => (
            <option key={o.value} value={o.value}>
              {text(o.title) || o.value}
            </option>
          ))}
        </Select>
      )
    }
    default:
  }
  if (setting.enum)
    return (
      <Select
        id={id}
        value={(value as string | undefined) ?? ''}
        onChange={(e) => onChange(e.target.value || undefined)}
      >
        <option value="">{t('choose')}</option>
        {setting.enum.map((o) => (
          <option key={o} value={o}>
            {t(`auto.enum.${o}`, { defaultValue: t(`fns.${o}`, { defaultValue: o }) })}
          </option>
        ))}
      </Select>
    )
  const kind = Array.isArray(setting.type) ? setting.type[0] : setting.type
  if (kind === 'boolean')
    return <Switch hideLabel label={label} checked={value === true} onChange={(v) => onChange(v || undefined)} />
  if ((kind === 'integer' || kind === 'number') && !isObject(value))
    return (
      <NumberInput
        id={id}
        whole={kind === 'integer'}
        value={value as number | undefined}
        onChange={(v) => onChange(v)}
      />
    )
  if (kind === 'string')
    return (
      <Input
        id={id}
        value={(value as string | undefined) ?? ''}
        onChange={(e) => onChange(e.target.value || undefined)}
      />
    )
  return <JsonValue id={id} label={label} value={value} onChange={onChange} />
}
