import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/shared/format'
import { useText } from '@/shared/i18n'
import type { CellContext, Labels } from './cell'

/** What values need to be written out: language, formats, names. */
export function useCells(labels?: Labels): CellContext {
  const { t } = useTranslation('rep')
  const text = useText()
  const format = useFormat()
  return useMemo(() => ({ text, format, labels, yes: t('yes'), no: t('no') }), [text, format, labels, t])
}
