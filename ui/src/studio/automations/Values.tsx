import { Plus, Sigma, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton, Input } from '@/shared/ui'
import type { FieldInfo } from '../model/infos'
import { isObject, type Json } from '../model/json'
import { fieldKeyOk, unlike } from '../model/keys'
import { FieldAdder } from '../pickers/FieldSelect'
import { FormulaEditor } from '../pickers/FormulaEditor'
import { ValueInput } from '../pickers/ValueInput'
import k from '../pickers/pickers.module.css'
import s from './Automations.module.css'

type Props = {
  label: string
  value: Json | undefined
  /** Without them any name may be given. */ fields: FieldInfo[] | undefined
  names: FieldInfo[]
  onChange: (v: Json | undefined) => void
}

/** Fields with what they are set to: a value, or an expression. */
export function Values({ label, value, fields, names, onChange }: Props) {
  const { t } = useTranslation('studio')
  const now = isObject(value) ? value : {}
  const set = (key: string, v: Json) => onChange({ ...now, [key]: v })
  const writable = fields?.filter((f) => !['serial', 'formula', 'lookup', 'rollup'].includes(f.type))
  return (
    <div className={k.rows} role="group" aria-label={label}>
      {Object.entries(now).map(([key, v]) => {
        const field = fields?.find((f) => f.key === key)
        const expr = isObject(v) && typeof v.expr === 'string' ? v.expr : undefined
        const name = field?.title ?? key
        return (
          <div key={key} className={s.value}>
            <div className={s.valueHead}>
              {fields ? (
                <span className="ellipsis">{name}</span>
              ) : (
                <Input
                  aria-label={t('auto.variable')}
                  defaultValue={key}
                  onBlur={(e) => {
                    const next = e.target.value
                    if (next !== key && fieldKeyOk(next) && !(next in now))
                      onChange(Object.fromEntries(Object.entries(now).map(([q, w]) => [q === key ? next : q, w])))
                  }}
                />
              )}
              <IconButton
                size="small"
                label={expr === undefined ? t('auto.useFormula') : t('auto.useValue')}
                pressed={expr !== undefined}
                onClick={() =>
                  set(key, expr === undefined ? { expr: typeof v === 'number' ? String(v) : 'nil' } : null)
                }
              >
                <Sigma size={14} aria-hidden />
              </IconButton>
              <IconButton
                size="small"
                label={t('takeAway', { name })}
                onClick={() => {
                  const next = { ...now }
                  delete next[key]
                  onChange(next)
                }}
              >
                <X size={14} aria-hidden />
              </IconButton>
            </div>
            {expr === undefined ? (
              <ValueInput
                field={field}
                row={{ field: key, op: field?.as === 'multiselect' ? 'in' : 'eq', value: v }}
                onChange={(w) => set(key, w ?? null)}
              />
            ) : (
              <FormulaEditor
                label={name}
                value={expr}
                fields={names}
                onChange={(w) => set(key, { expr: w || 'nil' })}
              />
            )}
          </div>
        )
      })}
      <div className={k.rowFoot}>
        {writable ? (
          <FieldAdder
            fields={writable.filter((f) => !(f.key in now))}
            label={t('addTo', { name: label })}
            onAdd={(key) => set(key, { expr: 'nil' })}
          />
        ) : (
          <button
            type="button"
            className={k.link}
            onClick={() => set(unlike('value', new Set(Object.keys(now))), { expr: 'nil' })}
          >
            <Plus size={14} aria-hidden />
            {t('addField')}
          </button>
        )}
      </div>
    </div>
  )
}
