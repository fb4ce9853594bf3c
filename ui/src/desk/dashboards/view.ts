import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/shared/api'
import { useFormat, type Reader } from '@/shared/format'
import type { TFunction } from 'i18next'
import { listAddress } from './drill'
import { exactFigure, shortFigure, shorteningFor, unitText, type Shortening } from './figures'
import type { CardModel, Figure, Label, Line } from './model'
import { bucketName } from './names'

/** What every card needs of its reader and its dashboard. */
export type View = {
  reader: Reader
  t: TFunction<'desk/dashboards'>
  today: string
  me?: string
  /** A label in full: buckets as words, what is missing said so. */
  name: (l: Label | undefined) => string
  exact: (v: number | null, f: Figure) => string
  /** How a figure's column is shortened, and its unit. */
  short: (values: (number | null)[], f: Figure) => { by: Shortening; unit: string; text: (v: number | null) => string }
  /** Where the records behind a row are; undefined where there are none. */
  to: (form: string, line: Pick<Line, 'filter'>) => string | undefined
}

export function useView(board: string): View {
  const { t } = useTranslation('desk/dashboards')
  const f = useFormat()
  const me = useMe().data?.user.id
  return useMemo((): View => {
    const { reader } = f
    const days = t('card.days')
    return {
      reader,
      t,
      today: f.today(),
      me,
      name: (l) => (l?.bucket ? bucketName(l.bucket, reader, t) : l?.text || t('card.missing')),
      exact: (v, x) => exactFigure(v, x.style, reader, days),
      short: (values, x) => {
        const by = shorteningFor(values, x.style, reader.language)
        return {
          by,
          unit: unitText(x.style, by, reader, days),
          text: (v) => (v === null ? '–' : shortFigure(v, x.style, by, reader)),
        }
      },
      to: (form, line) => (line.filter === undefined ? undefined : listAddress(form, line.filter, board)),
    }
  }, [t, f, me, board])
}

/** One column of figures of a model, in the order of its rows. */
export const column = (m: CardModel, i: number): (number | null)[] => m.lines.map((l) => l.values[i] ?? null)
