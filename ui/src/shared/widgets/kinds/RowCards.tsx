import { ChevronDown, ChevronUp, Copy, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isEmpty, type FieldModel, type Row } from '../../schema'
import { cx } from '../../ui'
import type { EditProps } from '../types'
import { ValueCell } from '../ValueView'
import { CellEdit } from './TableRow'
import s from './Table.module.css'
import { useRows } from './useRows'

/** The rows of a sub-table on a phone: a card each, of which one is open at a time. */
export function RowCards(p: EditProps & { columns: readonly FieldModel[] }) {
  const { t } = useTranslation('shared/widgets')
  const { rows, act, problems, root, full } = useRows(p)
  const [open, setOpen] = useState<string>()
  const wrong = (r: Row) => p.columns.some((c) => problems.has(`${r._id ?? ''}/${c.key}`))
  return (
    <div ref={root} className={s.cards} data-problem={p.invalid || undefined}>
      {rows.map((r, i) => (
        <Card
          key={r._id ?? i}
          {...p}
          row={r}
          n={i + 1}
          open={open === r._id || wrong(r)}
          toggle={() => setOpen(open === r._id ? undefined : r._id)}
          act={act}
          rowProblems={problems}
          full={full}
        />
      ))}
      {!p.disabled && (
        <button
          type="button"
          id={p.id}
          className={s.addWide}
          disabled={full}
          aria-describedby={p.describedBy}
          onClick={() => setOpen(act.add())}
        >
          <Plus size={20} strokeWidth={1.75} aria-hidden />
          {t('addRow')}
        </button>
      )}
    </div>
  )
}

type CardProps = EditProps & {
  columns: readonly FieldModel[]
  row: Row
  n: number
  open: boolean
  toggle: () => void
  act: ReturnType<typeof useRows>['act']
  rowProblems: ReturnType<typeof useRows>['problems']
  full: boolean
}

function Card({ columns, row, n, open, toggle, act, rowProblems, full, ...p }: CardProps) {
  const { t } = useTranslation('shared/widgets')
  const id = row._id ?? ''
  const filled = columns.filter((c) => !isEmpty(row[c.key]))
  // a row in which nothing stands yet is there to be filled in
  const shown = open || filled.every((c) => c.computed || row[c.key] === c.default)
  return (
    <section className={s.card} data-row={id} aria-label={t('row', { n })}>
      <header className={s.cardHead}>
        <button type="button" className={s.summary} aria-expanded={shown} onClick={toggle}>
          <span className={cx(s.number, 'num')} aria-hidden>
            {n}
          </span>
          <span className={s.said}>
            {!shown &&
              filled.slice(0, 3).map((c) => <ValueCell key={c.key} field={c} value={row[c.key]} place={p.place} />)}
            {shown && t('row', { n })}
          </span>
          {shown ? (
            <ChevronUp size={20} strokeWidth={1.75} aria-hidden />
          ) : (
            <ChevronDown size={20} strokeWidth={1.75} aria-hidden />
          )}
        </button>
      </header>
      {shown && (
        <div className={s.cardBody}>
          {columns.map((c) => (
            <div key={c.key} data-column={c.key} className={s.cardField}>
              <CellEdit
                row={row}
                n={n}
                column={c}
                act={act}
                problems={rowProblems.get(`${id}/${c.key}`)}
                density="phone"
                inCell={false}
                disabled={p.disabled}
                place={p.place}
                waitFor={p.waitFor}
              />
            </div>
          ))}
          {!p.disabled && (
            <div className={s.cardActions}>
              <button
                type="button"
                className={s.wideButton}
                disabled={full}
                aria-label={t('copyRow', { n })}
                onClick={() => act.copy(id)}
              >
                <Copy size={20} strokeWidth={1.75} aria-hidden />
              </button>
              <button
                type="button"
                className={s.wideButton}
                aria-label={t('deleteRow', { n })}
                onClick={() => act.remove(id)}
              >
                <Trash2 size={20} strokeWidth={1.75} aria-hidden />
              </button>
            </div>
          )}
        </div>
      )}
    </section>
  )
}
