import { createElement } from 'react'
import { typeIcon } from '../model/fieldTypes'

/** The icon of a type of field. */
export const TypeIcon = ({ type, size = 16 }: { type: string | undefined; size?: number }) =>
  createElement(typeIcon(type), { size, strokeWidth: 1.75, 'aria-hidden': true })
