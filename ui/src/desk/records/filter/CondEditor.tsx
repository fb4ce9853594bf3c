import { Popover } from '@/shared/overlay'
import { Select } from '@/shared/ui'
import { titleOf } from '../data/env'
import type { ListField } from '../model/fields'
import { carry, complete, needsValue, opsOf, takesList, type Cond, type Op } from '../model/filter'
import { opText, valueText } from '../model/sentence'
import { useScope } from './scope'
import { ValueEditor } from './ValueEditor'
import s from './filter.module.css'

type Props = { cond: Cond; onChange: (c: Cond) => void }

/** A condition as controls: field, operator, value. Lists of choices open in a panel of their own. */
export function CondEditor({ cond, onChange }: Props) {
  const scope = useScope()
  const { env } = scope
  const field = scope.find(cond.field)
  if (!field || cond.op === 'raw')
    return (
      <span className={s.raw}>
        {field ? titleOf(field, env) : cond.field} {opText(cond.op, field, cond.value, env)}{' '}
        {valueText(cond, field, env, (id) => scope.name(field, id))}
      </span>
    )
  const picks = takesList(cond.op) || cond.op === 'under' || cond.op === 'notUnder'
  return (
    <>
      <FieldSelect value={cond.field} onChange={(key) => onChange(begin(cond, scope.find(key) ?? field))} />
      <OpSelect cond={cond} field={field} onChange={onChange} />
      {needsValue(cond.op) &&
        (picks ? (
          <Popover
            label={env.t('filter.value')}
            trigger={
              <button type="button" className={s.chosen} title={env.t('filter.value')}>
                {complete(cond) ? (
                  valueText(cond, field, env, (id) => scope.name(field, id), 3)
                ) : (
                  <span className={s.placeholder}>{env.t('filter.choose')}</span>
                )}
              </button>
            }
          >
            <div className={s.pickPanel}>
              <ValueEditor cond={cond} field={field} onChange={(value) => onChange({ ...cond, value })} />
            </div>
          </Popover>
        ) : (
          <div className={s.value}>
            <ValueEditor cond={cond} field={field} onChange={(value) => onChange({ ...cond, value })} />
          </div>
        ))}
    </>
  )
}

/** A condition about another field: its likeliest operator, nothing chosen yet. */
export function begin(c: Cond, field: ListField): Cond {
  const op: Op = opsOf(field.as)[0] ?? 'notEmpty'
  return { ...c, field: field.key, op, value: op === 'within' ? 'this-month' : undefined }
}

export function OpSelect({ cond, field, onChange }: Props & { field: ListField }) {
  const { env } = useScope()
  const ops = opsOf(field.as)
  return (
    <Select
      className={s.op}
      aria-label={env.t('filter.operator')}
      value={cond.op}
      onChange={(e) => {
        const op = e.target.value as Op
        onChange({
          ...cond,
          op,
          value: carry(cond.op, op, cond.value) ?? (op === 'within' || op === 'notWithin' ? 'this-month' : undefined),
        })
      }}
    >
      {(ops.includes(cond.op) ? ops : [cond.op, ...ops]).map((op) => (
        <option key={op} value={op}>
          {opText(op, field, cond.value, env)}
        </option>
      ))}
    </Select>
  )
}

function FieldSelect({ value, onChange }: { value: string; onChange: (key: string) => void }) {
  const scope = useScope()
  const { env } = scope
  const known = scope.fields.some((f) => f.key === value)
  const here = scope.find(value)
  return (
    <Select
      className={s.field}
      aria-label={env.t('filter.field')}
      value={value}
      onChange={(e) => onChange(e.target.value)}
    >
      {!known && here && <option value={value}>{titleOf(here, env)}</option>}
      {scope.fields.map((f) => (
        <option key={f.key} value={f.key}>
          {titleOf(f, env)}
        </option>
      ))}
    </Select>
  )
}
