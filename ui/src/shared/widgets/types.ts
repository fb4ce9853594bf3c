import type { ComponentType } from 'react'
import type { FieldProblem } from '../form'
import type { FieldModel } from '../schema'

/** phone: thumbs, native pickers, full width. desktop: dense, keyboard, lists that drop down. */
export type Density = 'phone' | 'desktop'

/** Where a value belongs: files are read through the record that holds them. */
export type Place = { form: string; id?: string }

/** What a control gets. It is inside a label's reach by `id`, or named by `label` where there is none to see. */
export type EditProps = {
  field: FieldModel
  value: unknown
  /** What was typed where that is not yet a value, else the value: what the control shows. */
  raw: unknown
  onChange: (raw: unknown) => void
  /** The person went on: problems are shown from now on. */
  onLeave: () => void
  id: string
  label: string
  required: boolean
  invalid: boolean
  disabled?: boolean
  describedBy?: string
  density: Density
  /** In a row of a sub-table: no border of its own, named by `label`. */
  inCell?: boolean
  takeFocus?: boolean
  /** All problems of the field; a table shows those of its cells itself. */
  problems: FieldProblem[]
  place?: Place
  /** Work that saving has to wait for, such as an upload. */
  waitFor?: (work: Promise<unknown>) => void
}

export type ViewProps = { field: FieldModel; value: unknown; density: Density; place?: Place }

export type CellProps = { field: FieldModel; value: unknown; place?: Place }

/** How a type of field is edited, read, and shown in a list. */
export type Widget = {
  Edit?: ComponentType<EditProps>
  View: ComponentType<ViewProps>
  Cell?: ComponentType<CellProps>
  /** It takes the whole width of a section while it is edited. */
  wide?: boolean
  /** It is a group of controls: its label names the group. */
  group?: boolean
}

/** The attributes by which a control belongs to its label, help and problems. */
export function aria(p: EditProps) {
  return {
    id: p.id,
    'aria-label': p.inCell ? p.label : undefined,
    'aria-invalid': p.invalid || undefined,
    'aria-required': p.required || undefined,
    'aria-describedby': p.describedBy,
    autoFocus: p.takeFocus,
  }
}
