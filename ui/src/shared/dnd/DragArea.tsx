import {
  closestCenter,
  DndContext,
  DragOverlay,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useSensor,
  useSensors,
  type Announcements,
  type CollisionDetection,
  type KeyboardCoordinateGetter,
} from '@dnd-kit/core'
import { useState, type ReactNode } from 'react'

/** What is being dragged, and over which place. */
export type Dragged = { id: string; over: string | undefined }

/** What assistive technology says on the way. */
export type Spoken = {
  instructions: string
  picked: (id: string) => string
  over: (id: string, over: string | undefined) => string
  dropped: (id: string, over: string | undefined) => string
  cancelled: string
}

type Props = {
  spoken: Spoken
  onStart?: (id: string) => void
  onOver?: (d: Dragged) => void
  /** Let go over a place, or over none. */
  onDrop: (d: Dragged) => void
  onCancel?: () => void
  /** What follows the pointer. */
  overlay: (id: string) => ReactNode
  children: ReactNode
}

/** Under the pointer, else the nearest place: keyboards have no pointer. */
const collide: CollisionDetection = (args) => (args.pointerCoordinates ? pointerWithin(args) : closestCenter(args))

/** The arrows go from place to place, not by pixels. */
const step: KeyboardCoordinateGetter = (event, { currentCoordinates, context }) => {
  const by = event.code === 'ArrowRight' ? 1 : event.code === 'ArrowLeft' ? -1 : 0
  if (by === 0) return undefined
  event.preventDefault()
  const places = context.droppableContainers
    .getEnabled()
    .flatMap((c) => {
      // measured as the drag begins, which a quick key may be ahead of
      const rect = context.droppableRects.get(c.id) ?? c.node.current?.getBoundingClientRect()
      return rect ? [{ id: c.id, rect }] : []
    })
    .sort((a, b) => a.rect.left - b.rect.left)
  const under = places.findIndex((p) => currentCoordinates.x < p.rect.left + p.rect.width)
  const at = context.over ? places.findIndex((p) => p.id === context.over?.id) : under
  const to = places[Math.max(0, at) + by]
  if (!to) return undefined
  context.droppableContainers.get(to.id)?.node.current?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  return { x: to.rect.left + 8, y: currentCoordinates.y }
}

/** Where things are dragged with mouse, finger or keyboard (Space picks up and drops, arrows move, Esc puts back). */
export function DragArea({ spoken, onStart, onOver, onDrop, onCancel, overlay, children }: Props) {
  const [active, setActive] = useState<string>()
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, {
      coordinateGetter: step,
      keyboardCodes: { start: ['Space'], cancel: ['Escape'], end: ['Space', 'Enter'] },
    }),
  )
  const announcements: Announcements = {
    onDragStart: ({ active }) => spoken.picked(String(active.id)),
    onDragOver: ({ active, over }) => spoken.over(String(active.id), over ? String(over.id) : undefined),
    onDragEnd: ({ active, over }) => spoken.dropped(String(active.id), over ? String(over.id) : undefined),
    onDragCancel: () => spoken.cancelled,
  }
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={collide}
      autoScroll={{ layoutShiftCompensation: false }}
      accessibility={{ announcements, screenReaderInstructions: { draggable: spoken.instructions } }}
      onDragStart={({ active }) => {
        setActive(String(active.id))
        onStart?.(String(active.id))
      }}
      onDragOver={({ active, over }) => onOver?.({ id: String(active.id), over: over ? String(over.id) : undefined })}
      onDragEnd={({ active, over }) => {
        setActive(undefined)
        onDrop({ id: String(active.id), over: over ? String(over.id) : undefined })
      }}
      onDragCancel={() => {
        setActive(undefined)
        onCancel?.()
      }}
    >
      {children}
      <DragOverlay dropAnimation={null}>
        {active === undefined ? null : <div data-dnd-overlay>{overlay(active)}</div>}
      </DragOverlay>
    </DndContext>
  )
}
