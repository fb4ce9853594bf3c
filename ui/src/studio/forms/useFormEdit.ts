import { useCallback } from 'react'
import { useStudio } from '../context'
import type { FormDef } from '../model/types'

/** Edits the form that is open. Edits with the same mark shortly after each other are one step back. */
export function useFormEdit(key: string) {
  const { bench } = useStudio()
  return useCallback(
    (change: (d: FormDef) => FormDef, mark?: string) => bench.edit<FormDef>('form', key, change, mark),
    [bench, key],
  )
}
export type EditForm = ReturnType<typeof useFormEdit>
