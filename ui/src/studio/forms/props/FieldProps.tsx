import { Copy, SlidersHorizontal, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { IconButton, Input, Switch } from '@/shared/ui'
import { useStudio } from '../../context'
import { computedTypes } from '../../model/fieldTypes'
import { fieldKeys, isRequired, renameField, setRequired, updateField } from '../../model/form'
import { fieldKeyOk, fieldKey } from '../../model/keys'
import { typeTitle } from '../../model/starts'
import { withoutStart } from '../../model/texts'
import type { Definition, FormDef, XField } from '../../model/types'
import { usesOf } from '../../model/uses'
import { Prop, PropGroup, PropSwitches } from '../../pickers/Prop'
import { TypeIcon } from '../../pickers/TypeIcon'
import { TextInput } from '../../pickers/TextInput'
import { UsesList } from '../UsesList'
import { DefaultProps } from './DefaultProps'
import type { PanelProps } from './Properties'
import { TypeProps } from './TypeProps'
import s from '../Designer.module.css'

type Props = PanelProps & { field: string; onRemove: () => void; onDuplicate: () => void }

const uniqueTypes = new Set([
  'text',
  'number',
  'select',
  'date',
  'datetime',
  'phone',
  'email',
  'url',
  'user',
  'department',
  'relation',
  'serial',
])
const searchTypes = new Set(['text', 'longtext', 'phone', 'email', 'url', 'serial', 'formula', 'lookup'])
const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

/** Everything about a field: what people read, what it takes, and what its type has of its own. */
export function FieldProps(p: Props) {
  const { form, field, edit, library, onRemove, onDuplicate, select } = p
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const x = form.schema.properties[field]?.['x-field'] as XField
  const set = (patch: { [K in keyof XField]?: XField[K] }, mark?: string) =>
    edit((d) => updateField(d, field, patch), mark && `${field}.${mark}`)
  const computed = computedTypes.has(x.type)
  const had = (library.published('form', form.key) as FormDef | undefined)?.schema.properties[field] !== undefined
  const stage = form.stages?.field === field
  const all = library.entries.flatMap((e) => (library.value(e.kind, e.key) as Definition | undefined) ?? [])
  const uses = usesOf(app, form.key, field, all)
  return (
    <>
      <PropGroup>
        <div className={s.title}>
          <TypeIcon type={x.type} size={20} />
          <h2 className="ellipsis">{text(x.title) || field}</h2>
          <span className={s.badge}>{t(`types.${x.type}`)}</span>
          <IconButton size="small" label={t('duplicate')} onClick={onDuplicate}>
            <Copy {...icon} />
          </IconButton>
          <IconButton size="small" label={t('remove.field')} onClick={onRemove}>
            <Trash2 {...icon} />
          </IconButton>
        </div>
        <Prop label={t('props.title')}>
          {(a) => (
            <TextInput
              {...a}
              value={x.title}
              maxLength={200}
              onChange={(v) => set({ title: withoutStart(v, typeTitle(x.type)) }, 'title')}
            />
          )}
        </Prop>
        <KeyProp
          field={field}
          fixed={had}
          taken={new Set(fieldKeys(form).filter((k) => k !== field))}
          suggested={fieldKey(x.title, x.type, new Set(fieldKeys(form).filter((k) => k !== field)))}
          onChange={(key) => {
            edit((d) => renameField(d, field, key))
            select({ kind: 'field', key })
          }}
        />
        <Prop label={t('props.help')}>
          {(a) => (
            <TextInput
              {...a}
              long
              value={x.help}
              placeholder={t('props.helpHint')}
              onChange={(v) => set({ help: v }, 'help')}
            />
          )}
        </Prop>
        {!computed &&
          ![
            'switch',
            'table',
            'file',
            'image',
            'user',
            'department',
            'relation',
            'date',
            'datetime',
            'select',
            'multiselect',
          ].includes(x.type) && (
            <Prop label={t('props.placeholder')}>
              {(a) => (
                <TextInput {...a} value={x.placeholder} onChange={(v) => set({ placeholder: v }, 'placeholder')} />
              )}
            </Prop>
          )}
      </PropGroup>
      <TypeProps {...p} x={x} set={set} />
      {!computed && !stage && !['table', 'file', 'image'].includes(x.type) && <DefaultProps {...p} x={x} set={set} />}
      <PropGroup title={t('props.rules')} icon={<SlidersHorizontal {...icon} />}>
        <PropSwitches>
          {!computed && !stage && x.type !== 'switch' && (
            <Switch
              label={t('props.required')}
              checked={isRequired(form, field)}
              onChange={(v) => edit((d) => setRequired(d, field, v))}
            />
          )}
          {uniqueTypes.has(x.type) && !stage && (
            <Switch
              label={t('props.unique')}
              checked={x.unique ?? false}
              onChange={(v) => set({ unique: v || undefined })}
            />
          )}
          {searchTypes.has(x.type) && (
            <Switch
              label={t('props.search')}
              checked={x.search ?? false}
              onChange={(v) => set({ search: v || undefined })}
            />
          )}
          {!computed && (
            <Switch
              label={t('props.readOnly')}
              checked={x.readOnly ?? false}
              onChange={(v) => set({ readOnly: v || undefined })}
            />
          )}
          <Switch
            label={t('props.hidden')}
            checked={x.hidden ?? false}
            onChange={(v) => set({ hidden: v || undefined })}
          />
          {form.titleField !== field && ['text', 'serial', 'formula', 'lookup', 'phone', 'email'].includes(x.type) && (
            <Switch
              label={t('props.titleField')}
              checked={false}
              onChange={() => edit((d) => ({ ...d, titleField: field }))}
            />
          )}
        </PropSwitches>
      </PropGroup>
      <PropGroup title={t('uses.title', { count: uses.length })}>
        {uses.length > 0 ? <UsesList uses={uses} /> : <p className={s.note}>{t('uses.none')}</p>}
      </PropGroup>
    </>
  )
}

type KeyProps = {
  field: string
  fixed: boolean
  taken: ReadonlySet<string>
  suggested: string
  onChange: (key: string) => void
}

/** The key: free until it is published, then it stays. */
function KeyProp({ field, fixed, taken, suggested, onChange }: KeyProps) {
  const { t } = useTranslation('studio')
  const [typed, setTyped] = useState(field)
  const wrong =
    typed === field
      ? undefined
      : !fieldKeyOk(typed)
        ? t('keys.wrongField')
        : taken.has(typed)
          ? t('keys.taken')
          : undefined
  return (
    <Prop label={t('keys.label')} error={wrong} help={fixed ? t('keys.fixed') : undefined}>
      {(a) => (
        <span style={{ display: 'flex', gap: 4 }}>
          <Input
            {...a}
            readOnly={fixed}
            value={typed}
            onChange={(e) => setTyped(e.target.value)}
            onBlur={() => !wrong && typed !== field && onChange(typed)}
            onKeyDown={(e) => e.key === 'Enter' && !wrong && typed !== field && onChange(typed)}
          />
          {!fixed && suggested !== field && (
            <button
              type="button"
              className={s.badge}
              style={{ border: 0, flex: 'none' }}
              title={t('keys.suggest')}
              onClick={() => onChange(suggested)}
            >
              {suggested}
            </button>
          )}
        </span>
      )}
    </Prop>
  )
}
