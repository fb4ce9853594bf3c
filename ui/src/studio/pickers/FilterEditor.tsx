import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextArea } from '@/shared/ui'
import { fromFilter, toFilter, type Rows } from '../model/condition'
import type { FieldInfo } from '../model/infos'
import { equal } from '../model/json'
import type { Filter } from '../model/types'
import { ConditionRows } from './ConditionRows'
import s from './pickers.module.css'

type Props = {
  value: Filter | undefined
  onChange: (v: Filter | undefined) => void
  fields: readonly FieldInfo[]
  label: string
  wide?: boolean
}

/** A filter as rows; one that nests deeper as JSON. */
export function FilterEditor({ value, onChange, fields, label, wide }: Props) {
  const { t } = useTranslation('studio')
  const [draft, setDraft] = useState<{ rows: Rows; of: Filter | undefined }>()
  const rows = draft && equal(draft.of, value) ? draft.rows : fromFilter(value)
  const known = rows?.rows.every((r) => !r.field || fields.some((f) => f.key === r.field))
  if (!rows || !known) return <Text value={value} onChange={onChange} label={label} note={t('condition.nested')} />
  return (
    <ConditionRows
      use="filter"
      fields={fields}
      value={rows}
      wide={wide}
      onChange={(next) => {
        const done = next.rows.filter(
          (r) => r.field && (r.op === 'empty' || r.op === 'notEmpty' || r.value !== undefined),
        )
        const filter = toFilter({ ...next, rows: done })
        setDraft({ rows: next, of: filter })
        if (!equal(filter, value)) onChange(filter)
      }}
    />
  )
}

function Text({
  value,
  onChange,
  label,
  note,
}: {
  value: Filter | undefined
  onChange: (v: Filter | undefined) => void
  label: string
  note: string
}) {
  const { t } = useTranslation('studio')
  const [typed, setTyped] = useState<string>()
  const [wrong, setWrong] = useState(false)
  return (
    <div className={s.rows}>
      <TextArea
        rows={6}
        aria-label={label}
        aria-invalid={wrong || undefined}
        style={{ fontFamily: 'monospace' }}
        value={typed ?? JSON.stringify(value, null, 2)}
        onChange={(e) => {
          setTyped(e.target.value)
          try {
            onChange(e.target.value.trim() ? (JSON.parse(e.target.value) as Filter) : undefined)
            setWrong(false)
          } catch {
            setWrong(true)
          }
        }}
      />
      <p className={wrong ? s.bad : s.note}>{wrong ? t('json.broken') : note}</p>
    </div>
  )
}
