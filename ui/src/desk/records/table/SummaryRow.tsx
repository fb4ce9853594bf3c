import { Sigma } from 'lucide-react'
import { Menu } from '@/shared/overlay'
import { cx } from '@/shared/ui'
import type { Figures } from '../data/ask'
import { figure } from '../data/cells'
import { titleOf, type Env } from '../data/env'
import type { Column } from '../model/columns'
import { functionsOf, isDate, isNumeric, type Fn, type ListField } from '../model/fields'
import type { Sight } from './Row'
import s from './Grid.module.css'

type Props = {
  columns: readonly Column[]
  sight: Sight
  env: Env
  width: number
  /** What stands under the title: how many there are. */
  count: string
  chosen: Record<string, Fn>
  figures: Figures | undefined
  onChoose: (field: string, fn: Fn | undefined) => void
}

/** Figures under the columns, over everything that the list finds. Each column's function is chosen here. */
export function SummaryRow(p: Props) {
  const first = p.columns[0]
  if (!first) return null
  return (
    <div className={s.summary} role="row" style={{ width: p.width }} aria-label={p.env.t('summary.label')}>
      <div className={cx(s.cell, s.pinned, s.total)} style={{ width: first.width }} role="gridcell" aria-live="polite">
        {p.count}
      </div>
      {p.sight.before > 0 && <span style={{ flex: 'none', width: p.sight.before }} />}
      {p.columns.slice(p.sight.from, p.sight.to).map((c) => (
        <Sum key={c.field.key} {...p} column={c} />
      ))}
    </div>
  )
}

function Sum({ column, env, chosen, figures, onChoose }: Props & { column: Column }) {
  const f = column.field
  const functions = functionsOf(f)
  const fn = chosen[f.key]
  const name = (x: Fn) =>
    isDate(f) && x === 'min'
      ? env.t('summary.earliest')
      : isDate(f) && x === 'max'
        ? env.t('summary.latest')
        : env.t(`summary.${x}`)
  const value = fn === undefined ? undefined : figures?.[`${fn}:${f.key}`]
  return (
    <div className={cx(s.cell, isNumeric(f) && s.number)} style={{ width: column.width }} role="gridcell">
      {functions.length > 0 && (
        <Menu
          align="end"
          trigger={
            <button
              type="button"
              className={cx(s.sum, fn === undefined && s.sumNone)}
              title={env.t('summary.choose', { field: titleOf(f, env) })}
              aria-label={fn === undefined ? env.t('summary.choose', { field: titleOf(f, env) }) : undefined}
            >
              {fn === undefined ? (
                <Sigma size={14} strokeWidth={1.75} aria-hidden />
              ) : (
                <>
                  <span className={s.sumValue}>{shown(f, fn, value, env)}</span>
                  <span className={s.sumName}>{name(fn)}</span>
                </>
              )}
            </button>
          }
          items={[
            {
              kind: 'check',
              label: env.t('summary.none'),
              checked: fn === undefined,
              onChange: () => onChoose(f.key, undefined),
            },
            { kind: 'line' },
            ...functions.map((x) => ({
              kind: 'check' as const,
              label: name(x),
              checked: x === fn,
              onChange: () => onChoose(f.key, x),
            })),
          ]}
        />
      )}
    </div>
  )
}

function shown(f: ListField, fn: Fn, value: unknown, env: Env): string {
  if (value === null || value === undefined || value === '') return '–'
  if (fn === 'count' || fn === 'distinct') return env.fmt.number(Number(value), 0)
  if (f.as === 'date') return env.fmt.day(String(value))
  if (f.as === 'datetime') return env.fmt.instant(String(value))
  if (f.as === 'percent') return env.fmt.percent(Number(value))
  return figure(f, Number(value), env)
}
