import { Copy, Trash2 } from 'lucide-react'
import { memo, useId, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useProblemText, type FieldProblem } from '../../form'
import { useText } from '../../i18n'
import type { FieldModel, Row } from '../../schema'
import { cx } from '../../ui'
import { useWidget } from '../registry'
import type { Density, Place } from '../types'
import { alignsRight, ValueCell, ValueView } from '../ValueView'
import { Computed } from './Computed'
import s from './Table.module.css'
import type { RowActions } from './useRows'

export type CellOf = {
  row: Row
  n: number
  column: FieldModel
  act: RowActions
  problems?: FieldProblem[]
  density: Density
  inCell: boolean
  disabled?: boolean
  place?: Place
  waitFor?: (w: Promise<unknown>) => void
}

/** The control of one cell, with what is wrong with it. */
export function CellEdit({ row, n, column: f, act, problems = [], density, inCell, disabled, place, waitFor }: CellOf) {
  const { t } = useTranslation('shared/widgets')
  const { Edit } = useWidget(f)
  const text = useText()
  const say = useProblemText()
  const own = useId()
  const id = row._id ?? ''
  const note = problems.length > 0 ? `${own}-note` : undefined
  if (inCell && f.computed)
    return (
      <output className={s.computed} aria-label={t('cell', { column: text(f.title), n })}>
        <ValueCell field={f} value={row[f.key]} place={place} />
      </output>
    )
  if (f.computed)
    return (
      <>
        <span id={`${own}-label`} className={s.cardLabel}>
          {text(f.title)}
        </span>
        <Computed field={f} value={row[f.key]} density={density} place={place} id={own} />
      </>
    )
  if (!Edit) return <ValueView field={f} value={row[f.key]} density={density} place={place} />
  return (
    <>
      {!inCell && (
        <label htmlFor={own} className={s.cardLabel}>
          {text(f.title)}
          {f.required && (
            <span className={s.required} aria-hidden>
              {' '}
              *
            </span>
          )}
        </label>
      )}
      <Edit
        field={f}
        value={row[f.key]}
        raw={row[f.key]}
        onChange={(v) => act.set(id, f.key, v)}
        onLeave={() => act.leave(id, f.key)}
        id={own}
        label={inCell ? t('cell', { column: text(f.title), n }) : text(f.title)}
        required={f.required}
        invalid={problems.length > 0}
        disabled={disabled || !f.writable}
        describedBy={note}
        density={density}
        inCell={inCell}
        problems={problems}
        place={place}
        waitFor={waitFor}
      />
      {note && (
        <div id={note} className={s.problem}>
          {problems.map((p) => say(p)).join('；')}
        </div>
      )}
    </>
  )
}

type Props = {
  row: Row
  index: number
  columns: readonly FieldModel[]
  act: RowActions
  problems: ReadonlyMap<string, FieldProblem[]>
  disabled?: boolean
  full: boolean
  place?: Place
  waitFor?: (w: Promise<unknown>) => void
}

/** A row of a sub-table on a desktop. It is drawn again only when it, its number or its problems change. */
export const TableRow = memo(function TableRow({
  row,
  index,
  columns,
  act,
  problems,
  disabled,
  full,
  place,
  waitFor,
}: Props) {
  const { t } = useTranslation('shared/widgets')
  const id = row._id ?? ''
  const n = index + 1
  const onKeyDown = (e: KeyboardEvent) => {
    if (disabled || e.nativeEvent.isComposing || e.defaultPrevented) return
    const column = (e.target as HTMLElement).closest<HTMLElement>('[data-column]')?.dataset.column
    if (!column) return
    const area = e.target instanceof HTMLTextAreaElement
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) act.addAfter(id, column)
    else if (e.key === 'Enter' && !area && !e.shiftKey) act.down(id, column)
    else if (e.altKey && e.key === 'ArrowUp') act.move(id, -1, column)
    else if (e.altKey && e.key === 'ArrowDown') act.move(id, 1, column)
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  return (
    <tr data-row={id} aria-rowindex={index + 2} onKeyDown={onKeyDown}>
      <td className={cx(s.number, 'num')}>{n}</td>
      {columns.map((c) => (
        <td key={c.key} data-column={c.key} className={cx(alignsRight(c) && s.right)}>
          <CellEdit
            row={row}
            n={n}
            column={c}
            act={act}
            problems={problems.get(`${id}/${c.key}`)}
            density="desktop"
            inCell
            disabled={disabled}
            place={place}
            waitFor={waitFor}
          />
        </td>
      ))}
      <td className={s.actions}>
        {!disabled && (
          <>
            <button
              type="button"
              className={s.button}
              aria-label={t('copyRow', { n })}
              title={t('copyRow', { n })}
              disabled={full}
              onClick={() => act.copy(id)}
            >
              <Copy size={16} strokeWidth={1.75} aria-hidden />
            </button>
            <button
              type="button"
              className={s.button}
              aria-label={t('deleteRow', { n })}
              title={t('deleteRow', { n })}
              onClick={() => act.remove(id)}
            >
              <Trash2 size={16} strokeWidth={1.75} aria-hidden />
            </button>
          </>
        )}
      </td>
    </tr>
  )
}, sameRow)

function sameRow(a: Props, b: Props): boolean {
  if (
    a.row !== b.row ||
    a.index !== b.index ||
    a.columns !== b.columns ||
    a.disabled !== b.disabled ||
    a.full !== b.full
  )
    return false
  if (a.problems === b.problems) return true
  const id = a.row._id ?? ''
  return a.columns.every((c) => sameProblems(a.problems.get(`${id}/${c.key}`), b.problems.get(`${id}/${c.key}`)))
}

function sameProblems(a: FieldProblem[] | undefined, b: FieldProblem[] | undefined): boolean {
  return (
    a === b ||
    (a?.length === b?.length && (a ?? []).every((p, i) => p.code === b?.[i]?.code && p.message === b?.[i]?.message))
  )
}
