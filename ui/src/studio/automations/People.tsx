import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useDepartments, useUsers } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Checkbox, IconButton, Select } from '@/shared/ui'
import type { Library } from '../context'
import type { FieldInfo } from '../model/infos'
import { isObject, patched, replaced, type Json, type JsonObject } from '../model/json'
import type { RoleDef } from '../model/types'
import { FieldSelect } from '../pickers/FieldSelect'
import { FormulaEditor } from '../pickers/FormulaEditor'
import k from '../pickers/pickers.module.css'
import s from './Automations.module.css'

type Props = {
  label: string
  value: Json | undefined
  fields: FieldInfo[]
  names: FieldInfo[]
  library: Library
  onChange: (v: Json | undefined) => void
}

const kinds = ['field', 'role', 'users', 'department', 'expr'] as const

/** Whom: people of a field, of a role, of a department, named ones, or what an expression gives. */
export function People({ label, value, fields, names, library, onChange }: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const users = useUsers()
  const departments = useDepartments()
  const list = (Array.isArray(value) ? value : []).filter(isObject)
  const set = (i: number, p: JsonObject) => onChange(replaced(list, i, p))
  const start = (kind: (typeof kinds)[number]): JsonObject =>
    kind === 'field'
      ? { field: fields[0]?.key ?? 'owner' }
      : kind === 'role'
        ? { role: library.list<RoleDef>('role')[0]?.key ?? '' }
        : kind === 'users'
          ? { users: [users.data?.[0]?.id ?? ''] }
          : kind === 'department'
            ? { department: departments.data?.[0]?.id ?? '' }
            : { expr: 'user.id' }
  return (
    <div className={k.rows} role="group" aria-label={label}>
      {list.map((p, i) => {
        const kind = kinds.find((q) => q in p) ?? 'expr'
        const many = Array.isArray(p.users) ? p.users.map(String) : []
        return (
          <div key={i} className={s.value}>
            <div className={s.valueHead}>
              <Select
                aria-label={t('people.kind')}
                value={kind}
                onChange={(e) => set(i, start(e.target.value as (typeof kinds)[number]))}
              >
                {kinds.map((q) => (
                  <option key={q} value={q}>
                    {t(`people.${q}`)}
                  </option>
                ))}
              </Select>
              <IconButton
                size="small"
                label={t('takeAway', { name: t(`people.${kind}`) })}
                onClick={() => onChange(list.filter((_, j) => j !== i))}
              >
                <X size={14} aria-hidden />
              </IconButton>
            </div>
            {kind === 'field' && (
              <FieldSelect
                label={t('people.field')}
                fields={fields}
                value={p.field as string}
                onChange={(v) => set(i, { ...p, field: v ?? '' })}
              />
            )}
            {kind === 'role' && (
              <Select
                aria-label={t('people.role')}
                value={String(p.role)}
                onChange={(e) => set(i, { ...p, role: e.target.value })}
              >
                {library.list<RoleDef>('role').map((r) => (
                  <option key={r.key} value={r.key}>
                    {text(r.title) || r.key}
                  </option>
                ))}
              </Select>
            )}
            {kind === 'users' && (
              <div className={s.people}>
                {users.data
                  ?.filter((u) => u.active)
                  .map((u) => (
                    <Checkbox
                      key={u.id}
                      label={u.name}
                      checked={many.includes(u.id)}
                      onChange={(e) =>
                        set(i, { ...p, users: e.target.checked ? [...many, u.id] : many.filter((x) => x !== u.id) })
                      }
                    />
                  ))}
              </div>
            )}
            {kind === 'department' && (
              <Select
                aria-label={t('people.department')}
                value={typeof p.department === 'string' ? p.department : ''}
                onChange={(e) => set(i, { ...p, department: e.target.value })}
              >
                {departments.data?.map((x) => (
                  <option key={x.id} value={x.id}>
                    {x.name}
                  </option>
                ))}
              </Select>
            )}
            {kind === 'expr' && (
              <FormulaEditor
                label={t('people.expr')}
                value={String(p.expr ?? '')}
                fields={names}
                onChange={(v) => set(i, { ...p, expr: v || 'nil' })}
              />
            )}
            {kind !== 'users' && (
              <Checkbox
                label={t('people.leaders')}
                checked={p.leaders === true}
                onChange={(e) => set(i, patched<JsonObject>(p, { leaders: e.target.checked || undefined }))}
              />
            )}
          </div>
        )
      })}
      <div className={k.rowFoot}>
        <button
          type="button"
          className={k.link}
          onClick={() => onChange([...list, start(fields.length > 0 ? 'field' : 'role')])}
        >
          <Plus size={14} aria-hidden />
          {t('people.add')}
        </button>
      </div>
    </div>
  )
}
