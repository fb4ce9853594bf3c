import { useDraggable, useDroppable } from '@dnd-kit/core'

/**
 * Makes an element draggable. `ref` and `props` go on what mouse and finger drag; `grip` on what the keyboard stops at
 * inside it, a link or a button: Space there picks it up.
 */
export function useDrag(id: string, disabled?: boolean) {
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, isDragging } = useDraggable({ id, disabled })
  const { onKeyDown, ...pointers } = (listeners ?? {}) as { [event: string]: (e: never) => void }
  return {
    ref: setNodeRef,
    props: pointers,
    grip: {
      ref: setActivatorNodeRef,
      onKeyDown,
      'aria-describedby': disabled ? undefined : attributes['aria-describedby'],
    },
    dragging: isDragging,
  }
}

/** Makes an element a place to drop on. */
export function useDrop(id: string) {
  const { setNodeRef, isOver } = useDroppable({ id })
  return { ref: setNodeRef, over: isOver }
}
