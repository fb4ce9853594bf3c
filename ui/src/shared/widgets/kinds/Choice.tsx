import { useMemo } from 'react'
import { useText } from '../../i18n'
import { textLength } from '../../formula'
import type { FieldModel } from '../../schema'
import { cx, Tag } from '../../ui'
import c from '../control.module.css'
import { Pick, type Item } from '../picker'
import { aria, type EditProps, type Widget } from '../types'

const list = (v: unknown): string[] =>
  Array.isArray(v) ? (v as string[]) : typeof v === 'string' && v !== '' ? [v] : []

/** The options that may be chosen: retired ones only where the record still has them. */
function useItems(f: FieldModel, value: unknown): { items: Item[]; selected: Item[] } {
  const text = useText()
  return useMemo(() => {
    const has = list(value)
    const all = f.options.map((o): Item => ({
      value: o.value,
      title: text(o.title) || o.value,
      color: o.color,
      retired: o.hidden,
    }))
    const byValue = new Map(all.map((x) => [x.value, x]))
    return {
      items: all.filter((x) => !x.retired || has.includes(x.value)),
      selected: has.map((v) => byValue.get(v) ?? { value: v, title: v }),
    }
  }, [f, value, text])
}

function SelectEdit(p: EditProps) {
  const { items, selected } = useItems(p.field, p.raw)
  const text = useText()
  if (p.density === 'phone') {
    const short = items.length <= 6 && items.every((x) => textLength(x.title) <= 8)
    return short && !p.inCell ? <Chips {...p} items={items} /> : <NativeSelect {...p} items={items} />
  }
  return (
    <Pick
      {...p}
      source={{ items }}
      selected={selected}
      placeholder={p.inCell ? undefined : text(p.field.placeholder)}
      onChange={(v) => p.onChange(v[0] ?? '')}
    />
  )
}

function NativeSelect(p: EditProps & { items: Item[] }) {
  const value = list(p.raw)[0] ?? ''
  return (
    <select
      {...aria(p)}
      className={cx(c.control, c.phone)}
      value={value}
      disabled={p.disabled}
      onChange={(e) => p.onChange(e.target.value)}
      onBlur={p.onLeave}
    >
      <option value="">{p.required && value ? '' : '—'}</option>
      {p.items.map((x) => (
        <option key={x.value} value={x.value}>
          {x.title}
        </option>
      ))}
    </select>
  )
}

/** A few short answers, all in sight: one tap. A second tap takes it back where the field may stay empty. */
function Chips(p: EditProps & { items: Item[] }) {
  const value = list(p.raw)[0]
  return (
    <div
      role="radiogroup"
      aria-label={p.label}
      aria-describedby={p.describedBy}
      aria-required={p.required || undefined}
      aria-invalid={p.invalid || undefined}
      className={cx(c.chips, c.phone)}
    >
      {p.items.map((x, i) => (
        <label key={x.value} className={c.chip} data-chosen={x.value === value || undefined}>
          <input
            id={i === 0 ? p.id : undefined}
            type="radio"
            name={p.id}
            className="visually-hidden"
            checked={x.value === value}
            disabled={p.disabled}
            onChange={() => p.onChange(x.value)}
            onClick={() => x.value === value && !p.required && p.onChange('')}
            onBlur={p.onLeave}
          />
          {x.title}
        </label>
      ))}
    </div>
  )
}

function MultiEdit(p: EditProps) {
  const { items, selected } = useItems(p.field, p.raw)
  const text = useText()
  return (
    <Pick
      {...p}
      multiple
      source={{ items }}
      selected={selected}
      placeholder={p.inCell ? undefined : text(p.field.placeholder)}
      onChange={p.onChange}
    />
  )
}

function Tags({ field, value }: { field: FieldModel; value: unknown }) {
  const { selected } = useItems(field, value)
  return (
    <span className={c.linked} style={{ flexWrap: 'wrap' }}>
      {selected.map((x) => (
        <Tag key={x.value} color={x.color}>
          {x.title}
        </Tag>
      ))}
    </span>
  )
}

export const select: Widget = { Edit: SelectEdit, View: Tags, Cell: Tags }
export const multiselect: Widget = { Edit: MultiEdit, View: Tags, Cell: Tags }
