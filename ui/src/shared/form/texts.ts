import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../format'
import { useText, type Text } from '../i18n'
import type { FieldProblem } from './problems'

/** Says a problem in the reader's language: the server's words, the definition's, or ours for the code. */
export function useProblemText(): (p: FieldProblem) => string {
  const { t } = useTranslation('shared/form')
  const text = useText()
  const format = useFormat()
  return useCallback(
    (p) => {
      if (p.message) return p.message
      if (p.code === 'rule') return text(p.params?.text as Text)
      const params: { [key: string]: unknown } = {}
      for (const [k, v] of Object.entries(p.params ?? {})) {
        const size = p.code === 'file-too-large' && typeof v === 'number'
        params[k] = size
          ? `${format.number(Math.round(((v as number) / 1048576) * 10) / 10)} MB`
          : typeof v === 'number'
            ? format.number(v)
            : v
      }
      return t(`problems.${p.code}`, { ...params, defaultValue: t('problems.other') })
    },
    [t, text, format],
  )
}
