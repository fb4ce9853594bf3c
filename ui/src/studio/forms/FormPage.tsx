import {
  DndContext,
  DragOverlay,
  PointerSensor,
  pointerWithin,
  useSensor,
  useSensors,
  type DragMoveEvent,
} from '@dnd-kit/core'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { formModel, type FieldType } from '@/shared/schema'
import { Empty, Failed, Skeleton, toast } from '@/shared/ui'
import { useBench, useDoc, useLint, usePreview, usePublished, useStudio } from '../context'
import { Panes } from '../frame/Panes'
import type { PageProps } from '../frame/tabs'
import { entryOf } from '../model/entry'
import { addSection, duplicateField, moveField, outline, placeOf, stepField, xField, type Place } from '../model/form'
import { spotOf } from '../model/places'
import { bothLanguages } from '../model/starts'
import type { FormDef } from '../model/types'
import { TypeIcon } from '../pickers/TypeIcon'
import { useInfoContext } from '../useInfo'
import { Canvas, type Frame } from './Canvas'
import { dropPlace, type Carried, type Over } from './drop'
import { withNewField } from './newField'
import { Outline } from './Outline'
import { Palette } from './Palette'
import { Properties } from './props/Properties'
import { RemoveField } from './RemoveField'
import { useSample } from './sample'
import { useSelection } from './selection'
import { TryForm } from './TryForm'
import { useFormEdit } from './useFormEdit'
import s from './Designer.module.css'

/** The designer of a form: palette and outline, the real form in the middle, the settings of what is selected. */
export function FormPage({ itemKey, library }: PageProps) {
  const { t } = useTranslation('studio')
  const { doc, error, retry } = useDoc('form', itemKey)
  if (!itemKey) return <Empty title={t('noForms')}>{t('noFormsText')}</Empty>
  if (error) return <Failed error={error} retry={retry} />
  if (!doc) return <Skeleton rows={10} />
  return <Designer itemKey={itemKey} form="" library={library} />
}

function Designer({ itemKey, library }: PageProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const bench = useBench()
  const form = bench.value('form', itemKey) as FormDef
  const edit = useFormEdit(itemKey)
  const published = usePublished(app).data?.forms.find((f) => f.key === itemKey)
  const drafted = usePreview()?.find((f) => f.key === itemKey)
  const currency = useMe().data?.workspace.currency ?? 'CNY'
  const info = useInfoContext(library)
  const lint = useLint()
  const [selection, select] = useSelection()
  const [frame, setFrame] = useState<Frame>(() => (window.innerWidth < 700 ? 'phone' : 'desktop'))
  const [trying, setTrying] = useState(false)
  const [removing, setRemoving] = useState<string>()
  const [carried, setCarried] = useState<Carried>()
  const [target, setTarget] = useState<Place>()
  const pointer = useRef({ x: 0, y: 0 })
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }))

  const model = useMemo(
    () => formModel(entryOf(form, info, drafted, published)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the library changes with everything that the context holds
    [form, drafted, published, library, info.text],
  )
  const sample = useSample(app, model, published !== undefined)
  const wrong = useMemo(() => {
    const out = new Map<string, string>()
    for (const p of lint.problems) {
      const spot = spotOf(p.pointer ?? '', (k, key) => library.value(k as 'form', key))
      if (spot?.app === app && spot.kind === 'form' && spot.key === itemKey && spot.field && p.severity !== 'warning')
        out.set(spot.field, p.message ?? p.code)
    }
    return out
  }, [lint.problems, library, app, itemKey])

  const add = (type: FieldType, to?: Place) => {
    const behind = selection.kind === 'field' ? placeOf(form, selection.key) : undefined
    const into =
      selection.kind === 'section'
        ? { section: selection.key, index: outline(form).find((x) => x.key === selection.key)?.fields.length ?? 0 }
        : undefined
    const next = withNewField(form, type, currency, to ?? (behind && { ...behind, index: behind.index + 1 }) ?? into)
    edit(() => next.form)
    select({ kind: 'field', key: next.key })
  }
  const newSection = () => {
    const next = addSection(form, bothLanguages('section'), selection.kind === 'section' ? selection.key : undefined)
    edit(() => next.form)
    select({ kind: 'section', key: next.key })
  }
  const chosenField = selection.kind === 'field' ? selection.key : undefined
  const actions = {
    move: (by: -1 | 1) => chosenField && edit((d) => stepField(d, chosenField, by)),
    duplicate: () => {
      if (!chosenField) return
      const next = duplicateField(form, chosenField)
      edit(() => next.form)
      select({ kind: 'field', key: next.key })
      toast(t('duplicated'))
    },
    remove: () => setRemoving(chosenField),
  }

  const hover = (e: DragMoveEvent) => {
    const start = e.activatorEvent as PointerEvent
    pointer.current = { x: start.clientX + e.delta.x, y: start.clientY + e.delta.y }
    const data = e.over?.data.current as (Omit<Over, 'rect'> & { pane: string }) | undefined
    const what = e.active.data.current as Carried | undefined
    if (!data || !what || !e.over) return setTarget(undefined)
    const columns = form.layout?.find((x) => x.key === data.section)?.columns ?? 1
    const wide = data.field
      ? ['table', 'longtext', 'file', 'image'].includes(xField(form, data.field)?.type ?? '')
      : false
    const beside = data.pane === 'canvas' && frame === 'desktop' && columns > 1 && !wide
    setTarget(dropPlace({ ...data, rect: e.over.rect }, pointer.current, what, beside))
  }
  const drop = () => {
    if (carried && target) {
      if ('type' in carried) add(carried.type as FieldType, target)
      else {
        edit((d) => moveField(d, carried.field, target))
        select({ kind: 'field', key: carried.field })
      }
    }
    setCarried(undefined)
    setTarget(undefined)
  }
  // the line is drawn among the fields as they stand, the carried one among them
  const line =
    target &&
    carried &&
    'field' in carried &&
    carried.from.section === target.section &&
    carried.from.index <= target.index
      ? { ...target, index: target.index + 1 }
      : target

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      onDragStart={(e) => setCarried(e.active.data.current as Carried)}
      onDragMove={hover}
      onDragOver={hover}
      onDragEnd={drop}
      onDragCancel={() => {
        setCarried(undefined)
        setTarget(undefined)
      }}
      accessibility={{ screenReaderInstructions: { draggable: t('canvas.instructions') } }}
    >
      <Panes
        labels={[t('pane.structure'), t('pane.form'), t('pane.settings')]}
        chosen={'key' in selection ? `${selection.kind}:${selection.key}` : undefined}
        left={
          <>
            <Palette onAdd={(type) => add(type)} />
            <Outline
              form={form}
              selection={selection}
              select={select}
              wrong={new Set(wrong.keys())}
              onAddSection={newSection}
            />
          </>
        }
        middle={
          <Canvas
            form={form}
            model={model}
            sample={sample.record}
            frame={frame}
            onFrame={setFrame}
            selection={selection}
            select={select}
            wrong={wrong}
            target={line}
            onAddSection={newSection}
            onTry={() => setTrying(true)}
            actions={actions}
          />
        }
        right={
          <Properties
            form={form}
            library={library}
            selection={selection}
            select={select}
            edit={edit}
            problems={lint.problems}
            sample={sample}
            onRemove={(key) => setRemoving(key)}
            onDuplicate={actions.duplicate}
          />
        }
      />
      <DragOverlay dropAnimation={null}>
        {carried && (
          <span className={s.carried}>
            <TypeIcon type={'type' in carried ? carried.type : xField(form, carried.field)?.type} />
            {'type' in carried ? t(`types.${carried.type}`) : text(xField(form, carried.field)?.title) || carried.field}
          </span>
        )}
      </DragOverlay>
      {trying && <TryForm model={model} frame={frame} onClose={() => setTrying(false)} />}
      {removing && (
        <RemoveField
          form={form}
          field={removing}
          library={library}
          edit={edit}
          onDone={(gone) => {
            setRemoving(undefined)
            if (gone) select({ kind: 'form' })
          }}
        />
      )}
    </DndContext>
  )
}
