import { CircleAlert } from 'lucide-react'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ExpressionEditor, type Mark, type Name } from '@/shared/editor'
import type { FieldInfo } from '../model/infos'
import { FieldAdder } from './FieldSelect'
import s from './pickers.module.css'

type Props = {
  value: string
  onChange: (v: string) => void
  fields: readonly FieldInfo[]
  label: string
  marks?: readonly Mark[]
  placeholder?: string
}

const nameOf = (f: FieldInfo): Name => ({ key: f.key, title: f.title, type: f.as, columns: f.columns?.map(nameOf) })

/** An expression with completion, a list of fields to insert, and what is wrong with it. */
export function FormulaEditor({ value, onChange, fields, label, marks, placeholder }: Props) {
  const { t } = useTranslation('studio')
  const insert = useRef<(text: string) => void>(undefined)
  const names = useMemo(() => fields.map(nameOf), [fields])
  return (
    <div className={s.rows}>
      <ExpressionEditor
        value={value}
        onChange={onChange}
        names={names}
        label={label}
        marks={marks}
        placeholder={placeholder ?? t('formula.hint')}
        invalid={marks?.some((m) => !m.warning)}
        inserter={(f) => (insert.current = f)}
      />
      <div className={s.rowFoot}>
        <FieldAdder
          fields={fields}
          label={t('formula.insert')}
          says={t('formula.insert')}
          onAdd={(k) => insert.current?.(k)}
        />
      </div>
      {marks?.map((m, i) => (
        <p key={i} className={s.bad}>
          <CircleAlert size={14} aria-hidden />
          {m.message}
        </p>
      ))}
    </div>
  )
}
