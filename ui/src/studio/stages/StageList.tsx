import { DndContext, KeyboardSensor, PointerSensor, closestCenter, useSensor, useSensors } from '@dnd-kit/core'
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { GripVertical, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { cx, IconButton, Tag } from '@/shared/ui'
import type { EditForm } from '../forms/useFormEdit'
import { bothLanguages } from '../model/starts'
import { addState, moveState } from '../model/stages'
import type { FormDef, State } from '../model/types'
import s from './Stages.module.css'

type Props = { form: FormDef; edit: EditForm; current: string; choose: (key: string) => void }

/** The stages in their order; dragging changes it. */
export function StageList({ form, edit, current, choose }: Props) {
  const { t } = useTranslation('studio')
  const states = form.stages?.states ?? []
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  return (
    <nav className={s.states} aria-label={t('stages.states')}>
      <header className={s.statesHead}>
        <h2>{t('stages.states')}</h2>
        <IconButton
          size="small"
          label={t('stages.addState')}
          onClick={() => {
            const next = addState(form, bothLanguages('state'))
            edit(() => next.form)
            choose(next.key)
          }}
        >
          <Plus size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </header>
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        onDragEnd={(e) => {
          const from = states.findIndex((x) => x.key === e.active.id)
          const to = states.findIndex((x) => x.key === e.over?.id)
          if (from >= 0 && to >= 0 && from !== to) edit((d) => moveState(d, from, to))
        }}
      >
        <SortableContext items={states.map((x) => x.key)} strategy={verticalListSortingStrategy}>
          <ul>
            {states.map((x) => (
              <StateRow
                key={x.key}
                state={x}
                initial={form.stages?.initial === x.key}
                current={current === x.key}
                onChoose={() => choose(x.key)}
              />
            ))}
          </ul>
        </SortableContext>
      </DndContext>
    </nav>
  )
}

function StateRow({
  state,
  initial,
  current,
  onChoose,
}: {
  state: State
  initial: boolean
  current: boolean
  onChoose: () => void
}) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { setNodeRef, transform, transition, attributes, listeners } = useSortable({ id: state.key })
  const name = text(state.title) || state.key
  return (
    <li
      ref={setNodeRef}
      className={cx(s.stateRow, current && s.current)}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <button type="button" className={s.grip} aria-label={t('options.move', { name })} {...attributes} {...listeners}>
        <GripVertical size={14} aria-hidden />
      </button>
      <button type="button" className={s.stateName} aria-pressed={current} onClick={onChoose}>
        <Tag color={state.color}>{name}</Tag>
        <small>
          {[
            initial && t('stages.initial'),
            state.category && state.category !== 'open' && t(`stages.${state.category}`),
            state.percent !== undefined && `${state.percent}%`,
            state.hidden && t('stages.hidden'),
          ]
            .filter(Boolean)
            .join(' · ')}
        </small>
      </button>
    </li>
  )
}
