import { useDraggable } from '@dnd-kit/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldType } from '@/shared/schema'
import { cx, SearchInput } from '@/shared/ui'
import { fieldTypes, type TypeInfo } from '../model/fieldTypes'
import s from './Designer.module.css'

const often = 12

/** The types of fields: dragged into the form, or pressed to add one behind what is selected. */
export function Palette({ onAdd }: { onAdd: (type: FieldType) => void }) {
  const { t } = useTranslation('studio')
  const [word, setWord] = useState('')
  const [all, setAll] = useState(false)
  const w = word.trim().toLowerCase()
  const shown = fieldTypes.filter(
    (x) =>
      !w ||
      `${t(`types.${x.type}`)} ${x.type} ${t(`typeWords.${x.type}`, { defaultValue: '' })}`.toLowerCase().includes(w),
  )
  const list = w || all ? shown : ordered(shown).slice(0, often)
  return (
    <div className={s.palette}>
      <SearchInput label={t('palette.search')} value={word} onChange={(e) => setWord(e.target.value)} />
      <div className={s.types}>
        {list.map((x) => (
          <TypeButton key={x.type} info={x} onAdd={onAdd} />
        ))}
        {!w && (
          <button type="button" className={cx(s.type, s.moreTypes)} aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? t('palette.fewer') : t('palette.more', { count: fieldTypes.length - often })}
          </button>
        )}
      </div>
      {shown.length === 0 && <p className={s.note}>{t('palette.none')}</p>}
    </div>
  )
}

const first: FieldType[] = [
  'text',
  'longtext',
  'number',
  'currency',
  'select',
  'multiselect',
  'date',
  'user',
  'relation',
  'table',
  'file',
  'formula',
]
const ordered = (list: readonly TypeInfo[]) => [...list].sort((a, b) => rank(a) - rank(b))
const rank = (x: TypeInfo) => (first.indexOf(x.type) + 100) % 100 || (x.type === 'text' ? 0 : 99)

function TypeButton({ info, onAdd }: { info: TypeInfo; onAdd: (type: FieldType) => void }) {
  const { t } = useTranslation('studio')
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: `type:${info.type}`, data: { type: info.type } })
  const Shape = info.icon
  return (
    <button
      ref={setNodeRef}
      type="button"
      className={cx(s.type, isDragging && s.dragging)}
      title={t('palette.add', { type: t(`types.${info.type}`) })}
      onClick={() => onAdd(info.type)}
      onPointerDown={listeners?.onPointerDown as React.PointerEventHandler | undefined}
    >
      <Shape size={16} strokeWidth={1.75} aria-hidden />
      <span className="ellipsis">{t(`types.${info.type}`)}</span>
    </button>
  )
}
