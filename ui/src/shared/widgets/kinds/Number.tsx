import { useState } from 'react'
import { plainText } from '../../formula'
import { useFormat, type Format } from '../../format'
import { useText } from '../../i18n'
import { scaleOf, type FieldModel } from '../../schema'
import { cx } from '../../ui'
import c from '../control.module.css'
import { aria, type CellProps, type EditProps, type ViewProps, type Widget } from '../types'

/** An amount always shows its decimals, other numbers those that they have. A year is no quantity: `plain` is not grouped. */
function written(f: FieldModel, v: number, format: Format): string {
  if (f.format === 'plain') return plainText(v)
  if (f.as === 'currency') return format.number(v, scaleOf(f))
  return f.scale === undefined ? format.number(v) : shortest(format, v, f.scale)
}

/** At most scale decimals, without trailing zeros. */
function shortest(format: Format, v: number, scale: number): string {
  const decimals = (plainText(v).split('.')[1] ?? '').length
  return format.number(v, Math.min(decimals, scale))
}

/** Grouped while it is read, plain while it is typed; what cannot be read as a number stays as it was typed. */
function NumberEdit(p: EditProps) {
  const format = useFormat()
  const text = useText()
  const [typing, setTyping] = useState<string>()
  const { field: f, raw } = p
  const rest = typeof raw === 'number' ? written(f, raw, format) : typeof raw === 'string' ? raw : ''
  const unit = f.as === 'percent' ? '%' : f.as === 'currency' ? currencySign(f, format) : text(f.unit)
  const before = f.as === 'currency'
  return (
    <div
      className={cx(c.box, c.number, p.density === 'phone' && c.phone, p.inCell && c.cell)}
      data-invalid={p.invalid || undefined}
      data-disabled={p.disabled || undefined}
    >
      {before && !p.inCell && (
        <span className={c.adorn} aria-hidden>
          {unit}
        </span>
      )}
      <input
        {...aria(p)}
        type="text"
        inputMode={f.scale === 0 ? 'numeric' : 'decimal'}
        autoComplete="off"
        value={typing ?? rest}
        placeholder={p.inCell ? undefined : text(f.placeholder)}
        disabled={p.disabled}
        onFocus={(e) => {
          setTyping(typeof raw === 'number' ? plainText(raw) : rest)
          const el = e.currentTarget
          requestAnimationFrame(() => el === document.activeElement && el.select())
        }}
        onChange={(e) => {
          setTyping(e.target.value)
          p.onChange(e.target.value)
        }}
        onBlur={() => {
          setTyping(undefined)
          p.onLeave()
        }}
      />
      {unit && !before && !p.inCell && (
        <span className={c.adorn} aria-hidden>
          {unit}
        </span>
      )}
    </div>
  )
}

/** The sign of a field's currency, ¥ or €. */
export function currencySign(f: FieldModel, format: Format): string {
  const code = f.currency ?? format.reader.currency
  try {
    const parts = new Intl.NumberFormat(format.reader.language, {
      style: 'currency',
      currency: code,
      currencyDisplay: 'narrowSymbol',
    }).formatToParts(0)
    return parts.find((x) => x.type === 'currency')?.value ?? code
  } catch {
    return code
  }
}

function NumberView({ field: f, value }: ViewProps) {
  const format = useFormat()
  const text = useText()
  if (typeof value !== 'number') return <span>{String(value)}</span>
  if (f.as === 'percent') return <span className="num">{shortest(format, value, scaleOf(f))}%</span>
  if (f.as === 'currency' || (f.as === 'number' && f.currency)) {
    const sign = currencySign(f, format)
    return (
      <span className="num">
        {value < 0 ? '-' : ''}
        {sign}
        {format.number(Math.abs(value), scaleOf(f))}
      </span>
    )
  }
  const unit = text(f.unit)
  return (
    <span className="num">
      {written(f, value, format)}
      {unit && ` ${unit}`}
    </span>
  )
}

/** In lists the unit stands once, in the header. */
function NumberCell({ field: f, value }: CellProps) {
  const format = useFormat()
  if (typeof value !== 'number') return <span>{String(value)}</span>
  const s =
    f.as === 'percent'
      ? `${shortest(format, value, scaleOf(f))}%`
      : f.currency
        ? format.number(value, scaleOf(f))
        : written(f, value, format)
  return <span className="num">{s}</span>
}

export const number: Widget = { Edit: NumberEdit, View: NumberView, Cell: NumberCell }
