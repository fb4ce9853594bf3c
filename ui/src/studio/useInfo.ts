import { useMemo } from 'react'
import { useText } from '@/shared/i18n'
import { formNamed, useForms, useStudio, type Library } from './context'
import { fieldInfos, type FieldInfo, type InfoContext } from './model/infos'
import type { OptionSetDef } from './model/types'

/** What describing fields needs: the forms of the workspace, option sets, the reader's language. */
export function useInfoContext(library: Library): InfoContext {
  const { app } = useStudio()
  const text = useText()
  const forms = useForms(library)
  return {
    app,
    forms,
    text,
    optionSet: (key) => (library.value('optionset', key) as OptionSetDef | undefined)?.options ?? [],
  }
}

/** The fields of a form by the name that a definition uses. */
export function useFields(library: Library, name: string | undefined): FieldInfo[] {
  const c = useInfoContext(library)
  const form = formNamed(c.forms, c.app, name)
  const { text } = c
  // eslint-disable-next-line react-hooks/exhaustive-deps -- what it is made of changes with these
  return useMemo(() => (form ? fieldInfos(form, c) : []), [form?.properties, form?.stages, text, library])
}
