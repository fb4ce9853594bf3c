import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Popover } from '@/shared/overlay'
import { SearchInput, Select } from '@/shared/ui'
import type { FieldInfo } from '../model/infos'
import { TypeIcon } from './TypeIcon'
import s from './pickers.module.css'

type OneProps = {
  fields: readonly FieldInfo[]
  value: string | undefined
  onChange: (key: string | undefined) => void
  empty?: string
  id?: string
  label?: string
  className?: string
}

/** One field, by its title. What is chosen stays in sight even where it is not there any more. */
export function FieldSelect({ fields, value, onChange, empty, id, label, className, ...aria }: OneProps) {
  const { t } = useTranslation('studio')
  const known = !value || fields.some((f) => f.key === value)
  return (
    <Select
      id={id}
      className={className}
      aria-label={label}
      value={value ?? ''}
      onChange={(e) => onChange(e.target.value || undefined)}
      {...aria}
    >
      {(empty !== undefined || !value) && <option value="">{empty ?? t('choose')}</option>}
      {!known && <option value={value}>{t('gone', { key: value })}</option>}
      {fields.map((f) => (
        <option key={f.key} value={f.key}>
          {f.title}
        </option>
      ))}
    </Select>
  )
}

type ManyProps = {
  fields: readonly FieldInfo[]
  value: readonly string[]
  onChange: (keys: string[]) => void
  label: string
  id?: string
}

/** Several fields as chips, in their order. */
export function FieldChips({ fields, value, onChange, label, id }: ManyProps) {
  const { t } = useTranslation('studio')
  const byKey = new Map(fields.map((f) => [f.key, f]))
  return (
    <div className={s.chips} role="group" aria-label={label}>
      {value.map((k) => {
        const title = byKey.get(k)?.title ?? k
        return (
          <span key={k} className={s.chip}>
            {title}
            <button
              type="button"
              aria-label={t('takeAway', { name: title })}
              onClick={() => onChange(value.filter((x) => x !== k))}
            >
              <X size={12} aria-hidden />
            </button>
          </span>
        )
      })}
      <FieldAdder
        id={id}
        fields={fields.filter((f) => !value.includes(f.key))}
        onAdd={(k) => onChange([...value, k])}
        label={t('addTo', { name: label })}
      />
    </div>
  )
}

/** A small list of fields to pick from, with search. */
export function FieldAdder({
  fields,
  onAdd,
  label,
  id,
  says,
}: {
  fields: readonly FieldInfo[]
  onAdd: (key: string) => void
  label: string
  id?: string
  /** On the button, where it is more than adding. */
  says?: string
}) {
  const { t } = useTranslation('studio')
  const [open, setOpen] = useState(false)
  const [word, setWord] = useState('')
  const w = word.trim().toLowerCase()
  const shown = fields.filter((f) => f.title.toLowerCase().includes(w) || f.key.toLowerCase().includes(w))
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={label}
      trigger={
        <button type="button" id={id} className={s.link} aria-label={label}>
          <Plus size={14} aria-hidden />
          {says ?? t('addField')}
        </button>
      }
    >
      <div className={s.list}>
        {fields.length > 8 && (
          <SearchInput label={t('searchFields')} value={word} onChange={(e) => setWord(e.target.value)} />
        )}
        {shown.map((f) => {
          return (
            <button
              key={f.key}
              type="button"
              className={s.listItem}
              onClick={() => {
                onAdd(f.key)
                setOpen(false)
                setWord('')
              }}
            >
              <TypeIcon type={f.type} />
              {f.title}
              <small>{f.key}</small>
            </button>
          )
        })}
        {shown.length === 0 && <p className={s.note}>{t('noFields')}</p>}
      </div>
    </Popover>
  )
}
