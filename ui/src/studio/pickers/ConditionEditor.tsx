import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Mark } from '@/shared/editor'
import { fromExpr, toExpr, type Rows } from '../model/condition'
import type { FieldInfo } from '../model/infos'
import type { Expr } from '../model/types'
import { ConditionRows } from './ConditionRows'
import { FormulaEditor } from './FormulaEditor'
import s from './pickers.module.css'

type Props = {
  value: Expr | undefined
  onChange: (v: Expr | undefined) => void
  fields: readonly FieldInfo[]
  label: string
  marks?: readonly Mark[]
  wide?: boolean
}

const complete = (c: Rows) =>
  c.rows.every((r) => r.field && (r.op === 'empty' || r.op === 'notEmpty' || r.value !== undefined))

/** A condition: rows where rows can say it, else its expression. One can always change over to typing it. */
export function ConditionEditor({ value, onChange, fields, label, marks, wide }: Props) {
  const { t } = useTranslation('studio')
  const written = value?.expr ?? ''
  const [typing, setTyping] = useState(false)
  // rows that are not finished yet are no expression: they live here until they are
  const [draft, setDraft] = useState<{ rows: Rows; of: string }>()
  const known = fromExpr(written)
  const readable = known?.rows.every((r) => fields.some((f) => f.key === r.field))
  const rows = draft?.of === written ? draft.rows : known
  const set = (expr: string) => onChange(expr.trim() ? { expr } : undefined)
  if (typing || !rows || (!readable && written))
    return (
      <div className={s.rows}>
        <FormulaEditor value={written} onChange={set} fields={fields} label={label} marks={marks} />
        <div className={s.rowFoot}>
          {known && readable !== false ? (
            <button type="button" className={s.link} onClick={() => setTyping(false)}>
              {t('condition.build')}
            </button>
          ) : (
            <span className={s.note}>{t('condition.onlyText')}</span>
          )}
        </div>
      </div>
    )
  return (
    <div className={s.rows}>
      <ConditionRows
        use="expr"
        fields={fields}
        value={rows}
        wide={wide}
        onChange={(next) => {
          const done = { ...next, rows: next.rows.filter((r) => complete({ join: 'and', rows: [r] })) }
          const expr = toExpr(done)
          setDraft({ rows: next, of: expr })
          if (expr !== written) set(expr)
        }}
      />
      <div className={s.rowFoot}>
        <button type="button" className={s.link} onClick={() => setTyping(true)}>
          {t('condition.type')}
        </button>
      </div>
      {marks && marks.length > 0 && <p className={s.bad}>{marks[0]?.message}</p>}
    </div>
  )
}
