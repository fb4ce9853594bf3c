import type { Place } from '../model/form'

/** Where something is held over. `field` is missing over the rest of a section. */
export type Over = {
  section: string
  field?: string
  index: number
  rect: { left: number; top: number; width: number; height: number }
}

/** What is carried: a type from the palette, or a field of the form. */
export type Carried = { type: string } | { field: string; from: Place }

/**
 * The place that letting go would give. Beside each other, left and right count; under each other, above and below. The
 * index is that after the carried field has left its own place, as `moveField` wants it.
 */
export function dropPlace(over: Over, pointer: { x: number; y: number }, carried: Carried, beside: boolean): Place {
  const { rect } = over
  let index = over.index
  if (over.field !== undefined) {
    const after = beside ? pointer.x > rect.left + rect.width / 2 : pointer.y > rect.top + rect.height / 2
    index += after ? 1 : 0
  }
  if ('field' in carried && carried.from.section === over.section && carried.from.index < index) index--
  return { section: over.section, index }
}
