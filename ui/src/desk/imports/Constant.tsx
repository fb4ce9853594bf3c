import { useTranslation } from 'react-i18next'
import { useDepartments, useUsers } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Input, Select } from '@/shared/ui'
import type { TargetField } from './target'

type Props = { field: TargetField; label: string; value: unknown; onChange: (v: unknown) => void }

/** The editor of a value that every row gets. */
export function Constant({ field, label, value, onChange }: Props) {
  const { t } = useTranslation('desk/imports')
  const text = useText()
  const users = useUsers()
  const departments = useDepartments()
  const choose = (options: { value: string; title: string }[]) => (
    <Select aria-label={label} value={String(value ?? '')} onChange={(e) => onChange(e.target.value)}>
      <option value="" />
      {options.map((o) => (
        <option key={o.value} value={o.value}>
          {o.title}
        </option>
      ))}
    </Select>
  )
  const typed = (type: string, read: (s: string) => unknown = (v) => v) => (
    <Input
      aria-label={label}
      type={type}
      value={String(value ?? '')}
      onChange={(e) => onChange(read(e.target.value))}
    />
  )
  switch (field.type) {
    case 'select':
      return choose((field.options ?? []).map((o) => ({ value: o.value, title: text(o.title) || o.value })))
    case 'multiselect':
      return (
        <Select
          aria-label={label}
          value={Array.isArray(value) ? String(value[0] ?? '') : ''}
          onChange={(e) => onChange(e.target.value ? [e.target.value] : [])}
        >
          <option value="" />
          {(field.options ?? []).map((o) => (
            <option key={o.value} value={o.value}>
              {text(o.title) || o.value}
            </option>
          ))}
        </Select>
      )
    case 'user':
      return choose((users.data ?? []).filter((u) => u.active).map((u) => ({ value: u.id, title: u.name })))
    case 'department':
      return choose((departments.data ?? []).map((d) => ({ value: d.id, title: d.name })))
    case 'switch':
      return (
        <Select aria-label={label} value={String(value)} onChange={(e) => onChange(e.target.value === 'true')}>
          <option value="true">{t('how.yes')}</option>
          <option value="false">{t('how.no')}</option>
        </Select>
      )
    case 'date':
      return typed('date')
    case 'datetime':
      return typed('datetime-local')
    case 'number':
    case 'currency':
    case 'percent':
      return typed('number', (s) => (s === '' ? '' : Number(s)))
    default:
      return typed('text')
  }
}
