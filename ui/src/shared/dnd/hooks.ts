import { useDraggable, useDroppable } from '@dnd-kit/core'

/** Makes an element draggable: spread `props` on it, give it `ref`. Space on the focused element picks it up. */
export function useDrag(id: string, disabled?: boolean) {
  const { setNodeRef, attributes, listeners, isDragging } = useDraggable({ id, disabled })
  return { ref: setNodeRef, props: { ...attributes, ...listeners }, dragging: isDragging }
}

/** Makes an element a place to drop on. */
export function useDrop(id: string) {
  const { setNodeRef, isOver } = useDroppable({ id })
  return { ref: setNodeRef, over: isOver }
}
