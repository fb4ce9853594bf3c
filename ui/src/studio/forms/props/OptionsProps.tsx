import { DndContext, KeyboardSensor, PointerSensor, closestCenter, useSensor, useSensors } from '@dnd-kit/core'
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { Eye, EyeOff, GripVertical, List, Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { cx, IconButton, Select } from '@/shared/ui'
import { colours } from '../../model/fieldTypes'
import { moved, patched, replaced } from '../../model/json'
import { unlike } from '../../model/keys'
import { bothLanguages } from '../../model/starts'
import type { Option, OptionSetDef } from '../../model/types'
import { ColorPicker } from '../../pickers/ColorPicker'
import { Prop, PropGroup } from '../../pickers/Prop'
import { TextInput } from '../../pickers/TextInput'
import type { TypePanel } from './TypeProps'
import s from '../Designer.module.css'
import k from '../../pickers/pickers.module.css'

/** The options of a select: own ones, or a shared list. */
export function OptionsProps({ x, set, library }: TypePanel) {
  const { t } = useTranslation('studio')
  const text = useText()
  const sets = library.list<OptionSetDef>('optionset')
  return (
    <PropGroup title={t('options.title')} icon={<List size={16} strokeWidth={1.75} aria-hidden />}>
      {(sets.length > 0 || x.optionSet) && (
        <Prop label={t('options.source')}>
          {(a) => (
            <Select
              {...a}
              value={x.optionSet ?? ''}
              onChange={(e) =>
                set(
                  e.target.value
                    ? { optionSet: e.target.value, options: undefined }
                    : { optionSet: undefined, options: [{ value: 'option-1', title: bothLanguages('option', 1) }] },
                )
              }
            >
              <option value="">{t('options.own')}</option>
              {sets.map((o) => (
                <option key={o.key} value={o.key}>
                  {text(o.title) || o.key}
                </option>
              ))}
            </Select>
          )}
        </Prop>
      )}
      {!x.optionSet && <OptionList options={x.options ?? []} onChange={(options, mark) => set({ options }, mark)} />}
    </PropGroup>
  )
}

/** Options in their order: colour, title, hidden or not. Values never change, so records keep what they have. */
export function OptionList({
  options,
  onChange,
}: {
  options: Option[]
  onChange: (o: Option[], mark?: string) => void
}) {
  const { t } = useTranslation('studio')
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const add = () => {
    const value = unlike('option', new Set(options.map((o) => o.value)), '-')
    const n = options.length + 1
    onChange([...options, { value, title: bothLanguages('option', n), color: colours[n % colours.length] }])
  }
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={(e) => {
        const from = options.findIndex((o) => o.value === e.active.id)
        const to = options.findIndex((o) => o.value === e.over?.id)
        if (from >= 0 && to >= 0 && from !== to) onChange(moved(options, from, to))
      }}
    >
      <SortableContext items={options.map((o) => o.value)} strategy={verticalListSortingStrategy}>
        <div className={s.options}>
          {options.map((o, i) => (
            <OptionRow
              key={o.value}
              option={o}
              n={i + 1}
              onChange={(next, mark) => onChange(replaced(options, i, next), mark && `option.${o.value}.${mark}`)}
              onRemove={() => onChange(options.filter((_, j) => j !== i))}
            />
          ))}
        </div>
      </SortableContext>
      <div className={k.rowFoot}>
        <button type="button" className={k.link} onClick={add}>
          <Plus size={14} aria-hidden />
          {t('options.add')}
        </button>
      </div>
    </DndContext>
  )
}

function OptionRow({
  option,
  n,
  onChange,
  onRemove,
}: {
  option: Option
  n: number
  onChange: (o: Option, mark?: string) => void
  onRemove: () => void
}) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { setNodeRef, transform, transition, attributes, listeners } = useSortable({ id: option.value })
  const name = text(option.title) || option.value
  return (
    <div
      ref={setNodeRef}
      className={cx(s.option, option.hidden && s.optionOff)}
      style={{ transform: CSS.Translate.toString(transform), transition }}
      role="group"
      aria-label={name}
    >
      <button type="button" className={s.grip} aria-label={t('options.move', { name })} {...attributes} {...listeners}>
        <GripVertical size={14} aria-hidden />
      </button>
      <ColorPicker small label={t('color')} value={option.color} onChange={(color) => onChange({ ...option, color })} />
      <TextInput
        label={t('options.name', { n })}
        value={option.title ?? option.value}
        onChange={(title) => onChange(patched(option, { title }), 'title')}
      />
      <IconButton
        size="small"
        label={option.hidden ? t('options.show') : t('options.hide')}
        onClick={() => onChange(patched(option, { hidden: option.hidden ? undefined : true }))}
      >
        {option.hidden ? <EyeOff size={14} aria-hidden /> : <Eye size={14} aria-hidden />}
      </IconButton>
      <IconButton size="small" label={t('options.remove', { name })} onClick={onRemove}>
        <X size={14} aria-hidden />
      </IconButton>
    </div>
  )
}
