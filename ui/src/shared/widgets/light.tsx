import { lazy, Suspense, type ComponentType, type ReactNode } from 'react'
import { Skeleton } from '../ui'
import type { CellProps, EditProps, ViewProps, Widget } from './types'

/**
 * What the phone's build takes in place of the largest widgets: they come when a form first shows one. widgets.ts and
 * picker/index.tsx take from here what they take from the real modules elsewhere.
 */
function later(load: () => Promise<Widget>): Widget {
  const part = <P extends object>(name: 'Edit' | 'View' | 'Cell') => {
    const Inside = lazy(async () => ({ default: (await load())[name] as unknown as ComponentType<P> }))
    return function Later(props: P): ReactNode {
      return <Suspense fallback={<Skeleton rows={1} height={44} />}>{<Inside {...props} />}</Suspense>
    }
  }
  return {
    Edit: part<EditProps>('Edit'),
    View: part<ViewProps>('View'),
    Cell: part<CellProps>('Cell'),
    wide: true,
    group: true,
  }
}

export const table: Widget = later(async () => (await import('./kinds/Table')).table)
export const attachment: Widget = later(async () => (await import('./kinds/Files')).attachment)

/** The desktop's picker; the phone has a sheet. */
export const Combobox = () => null
