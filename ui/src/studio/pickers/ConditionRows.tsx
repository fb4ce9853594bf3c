import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton, Segmented, Select } from '@/shared/ui'
import { cx } from '@/shared/ui'
import { opsFor, type Op, type Row, type Rows } from '../model/condition'
import { asks, type FieldInfo } from '../model/infos'
import { replaced } from '../model/json'
import { FieldSelect } from './FieldSelect'
import { ValueInput } from './ValueInput'
import s from './pickers.module.css'

type Props = {
  use: 'expr' | 'filter'
  fields: readonly FieldInfo[]
  value: Rows
  onChange: (v: Rows) => void
  wide?: boolean
}

/** Conditions that hold all or any, a row each: field, operator, value. */
export function ConditionRows({ use, fields, value, onChange, wide }: Props) {
  const { t } = useTranslation('studio')
  const shown = fields.filter(asks)
  const setRow = (i: number, row: Row) => onChange({ ...value, rows: replaced(value.rows, i, row) })
  return (
    <div className={s.rows}>
      {value.rows.length > 1 && (
        <div className={s.join}>
          {t('condition.holds')}
          <Segmented
            small
            label={t('condition.join')}
            value={value.join}
            options={[
              { value: 'and', label: t('condition.all') },
              { value: 'or', label: t('condition.any') },
            ]}
            onChange={(join) => onChange({ ...value, join })}
          />
        </div>
      )}
      {value.rows.map((row, i) => {
        const field = shown.find((f) => f.key === row.field)
        const ops = opsFor(field?.as ?? 'text', use)
        const shownOps = ops.includes(row.op) ? ops : [row.op, ...ops]
        return (
          <div
            key={i}
            className={cx(s.row, wide && s.wideRow)}
            role="group"
            aria-label={t('condition.row', { n: i + 1 })}
          >
            <FieldSelect
              fields={shown}
              value={row.field}
              label={t('condition.field')}
              onChange={(key) => {
                const next = shown.find((f) => f.key === key)
                const allowed = opsFor(next?.as ?? 'text', use)
                setRow(i, { field: key ?? '', op: allowed.includes(row.op) ? row.op : (allowed[0] ?? 'eq') })
              }}
            />
            <Select
              aria-label={t('condition.op')}
              value={row.op}
              onChange={(e) => {
                const op = e.target.value as Op
                const list = (o: Op) => ['in', 'nin', 'hasAny', 'hasAll', 'between'].includes(o)
                const keep = list(op) === list(row.op) && (op === 'within') === (row.op === 'within')
                setRow(i, {
                  field: row.field,
                  op,
                  ...(keep && row.value !== undefined && op !== 'empty' && op !== 'notEmpty'
                    ? { value: row.value }
                    : {}),
                })
              }}
            >
              {shownOps.map((o) => (
                <option key={o} value={o}>
                  {t(`ops.${o}`)}
                </option>
              ))}
            </Select>
            {wide && (
              <span className={s.value}>
                <ValueInput
                  field={field}
                  row={row}
                  onChange={(v) =>
                    setRow(i, { field: row.field, op: row.op, ...(v === undefined ? {} : { value: v }) })
                  }
                />
              </span>
            )}
            <IconButton
              size="small"
              label={t('condition.remove', { n: i + 1 })}
              onClick={() => onChange({ ...value, rows: value.rows.filter((_, j) => j !== i) })}
            >
              <X size={14} aria-hidden />
            </IconButton>
            {!wide && row.op !== 'empty' && row.op !== 'notEmpty' && (
              <span className={s.value}>
                <ValueInput
                  field={field}
                  row={row}
                  onChange={(v) =>
                    setRow(i, { field: row.field, op: row.op, ...(v === undefined ? {} : { value: v }) })
                  }
                />
              </span>
            )}
          </div>
        )
      })}
      <div className={s.rowFoot}>
        <button
          type="button"
          className={s.link}
          disabled={shown.length === 0}
          onClick={() => {
            const f = shown[0]
            onChange({
              ...value,
              rows: [...value.rows, { field: f?.key ?? '', op: opsFor(f?.as ?? 'text', use)[0] ?? 'eq' }],
            })
          }}
        >
          <Plus size={14} aria-hidden />
          {t('condition.add')}
        </button>
      </div>
    </div>
  )
}
