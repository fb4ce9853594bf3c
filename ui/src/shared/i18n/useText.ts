import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { pickText, type Text } from './text'

/** `text(definition.title)` in the language in force; a component that uses it follows a switch of language. */
export function useText() {
  const { i18n } = useTranslation()
  return useCallback((t: Text) => pickText(t, i18n.language), [i18n.language])
}
