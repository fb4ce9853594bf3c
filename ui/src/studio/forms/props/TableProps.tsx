import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Menu } from '@/shared/overlay'
import { IconButton, Switch } from '@/shared/ui'
import { fieldTypes, numberTypes } from '../../model/fieldTypes'
import { updateProperty } from '../../model/form'
import { moved, patched, some } from '../../model/json'
import { unlike } from '../../model/keys'
import type { Items, Property, XField } from '../../model/types'
import { Prop, PropGroup } from '../../pickers/Prop'
import { TypeIcon } from '../../pickers/TypeIcon'
import { TextInput } from '../../pickers/TextInput'
import { fieldOfType } from '../newField'
import { NumberInput } from './NumberInput'
import { OptionList } from './OptionsProps'
import { FormSelect } from './RelationProps'
import { FormatProps } from './FormatProps'
import type { TypePanel } from './TypeProps'
import s from '../Designer.module.css'
import k from '../../pickers/pickers.module.css'

/** The columns of a sub-table. */
export function TableProps({ form, field, x, set, edit, library }: TypePanel) {
  const { t } = useTranslation('studio')
  const currency = useMe().data?.workspace.currency ?? 'CNY'
  const [open, setOpen] = useState<string>()
  const items: Items = form.schema.properties[field]?.items ?? {}
  const columns = Object.entries(items.properties ?? {})
  const setItems = (next: Items, mark?: string) =>
    edit((d) => updateProperty(d, field, { items: next }), mark && `${field}.${mark}`)
  const setColumns = (list: [string, Property][], mark?: string) =>
    setItems({ ...items, type: 'object', properties: Object.fromEntries(list) }, mark)
  const setColumn = (key: string, p: Property, mark?: string) =>
    setColumns(
      columns.map(([c, q]) => [c, c === key ? p : q]),
      mark && `${key}.${mark}`,
    )
  const required = (key: string, on: boolean) => {
    const rest = (items.required ?? []).filter((r) => r !== key)
    setItems(patched(items, { required: some(on ? [...rest, key] : rest) }))
  }
  return (
    <PropGroup title={t('table.columns')}>
      <div className={s.columns}>
        {columns.map(([key, p], i) => (
          <Column
            key={key}
            columnKey={key}
            property={p}
            open={open === key}
            required={items.required?.includes(key) ?? false}
            library={library}
            onOpen={() => setOpen(open === key ? undefined : key)}
            onChange={(next, mark) => setColumn(key, next, mark)}
            onRequired={(on) => required(key, on)}
            onMove={(by) => columns[i + by] && setColumns(moved(columns, i, i + by))}
            onRemove={() =>
              setItems({
                ...patched(items, { required: some((items.required ?? []).filter((r) => r !== key)) }),
                properties: Object.fromEntries(columns.filter(([c]) => c !== key)),
              })
            }
          />
        ))}
      </div>
      <div className={k.rowFoot}>
        <Menu
          trigger={
            <button type="button" className={k.link}>
              <Plus size={14} aria-hidden />
              {t('table.add')}
            </button>
          }
          items={fieldTypes
            .filter((c) => c.column)
            .map((c) => {
              const Shape = c.icon
              return {
                label: t(`types.${c.type}`),
                icon: <Shape size={16} strokeWidth={1.75} aria-hidden />,
                onSelect: () => {
                  const key = unlike(c.type, new Set(columns.map(([q]) => q)))
                  setColumns([...columns, [key, fieldOfType(c.type, currency)]])
                  setOpen(key)
                },
              }
            })}
        />
      </div>
      <Prop label={t('table.maxRows')}>
        {(a) => (
          <NumberInput
            {...a}
            min={1}
            max={5000}
            whole
            value={x.maxRows}
            onChange={(v) => set({ maxRows: v }, 'maxRows')}
          />
        )}
      </Prop>
    </PropGroup>
  )
}

type ColumnProps = {
  columnKey: string
  property: Property
  open: boolean
  required: boolean
  library: TypePanel['library']
  onOpen: () => void
  onChange: (p: Property, mark?: string) => void
  onRequired: (on: boolean) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
}

function Column({
  columnKey,
  property,
  open,
  required,
  library,
  onOpen,
  onChange,
  onRequired,
  onMove,
  onRemove,
}: ColumnProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const x: XField = property['x-field'] ?? { type: 'text' }
  const name = text(x.title) || columnKey
  const set = (patch: { [K in keyof XField]?: XField[K] }, mark?: string) =>
    onChange({ ...property, 'x-field': patched(x, patch) }, mark)
  return (
    <div className={s.column}>
      <div className={s.columnHead}>
        <button
          type="button"
          className={s.fold}
          aria-expanded={open}
          aria-label={t('outline.fold', { name })}
          onClick={onOpen}
        >
          {open ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}
        </button>
        <button type="button" onClick={onOpen}>
          <TypeIcon type={x.type} />
          <span className="ellipsis">{name}</span>
        </button>
        <IconButton size="small" label={t('move.upName', { name })} onClick={() => onMove(-1)}>
          <ArrowUp size={14} aria-hidden />
        </IconButton>
        <IconButton size="small" label={t('move.downName', { name })} onClick={() => onMove(1)}>
          <ArrowDown size={14} aria-hidden />
        </IconButton>
        <IconButton size="small" label={t('takeAway', { name })} onClick={onRemove}>
          <X size={14} aria-hidden />
        </IconButton>
      </div>
      {open && (
        <div className={s.columnBody}>
          <Prop label={t('props.title')}>
            {(a) => <TextInput {...a} value={x.title} onChange={(v) => set({ title: v }, 'title')} />}
          </Prop>
          {numberTypes.has(x.type) && <FormatProps x={x} set={set} />}
          {x.type === 'relation' && (
            <Prop label={t('relation.form')}>
              {(a) => <FormSelect {...a} library={library} value={x.form} onChange={(form) => set({ form })} />}
            </Prop>
          )}
          {(x.type === 'select' || x.type === 'multiselect') && !x.optionSet && (
            <OptionList options={x.options ?? []} onChange={(options, mark) => set({ options }, mark)} />
          )}
          <Switch label={t('props.required')} checked={required} onChange={onRequired} />
        </div>
      )}
    </div>
  )
}
