import type { HTMLInputTypeAttribute, InputHTMLAttributes } from 'react'
import { cx } from '../../ui'
import c from '../control.module.css'
import { useText } from '../../i18n'
import { aria, type CellProps, type EditProps, type ViewProps, type Widget } from '../types'

const asText = (v: unknown) =>
  v === undefined || v === null ? '' : typeof v === 'object' ? JSON.stringify(v) : String(v)

type Kind = Pick<InputHTMLAttributes<HTMLInputElement>, 'inputMode' | 'autoComplete'> & { type: HTMLInputTypeAttribute }

/** A control of one line. The browser's own checks are left aside: problems are ours, in the reader's words. */
export function LineEdit({ kind, ...p }: EditProps & { kind: Kind }) {
  const text = useText()
  return (
    <input
      {...aria(p)}
      {...kind}
      className={cx(c.control, p.density === 'phone' && c.phone, p.inCell && c.cell)}
      value={asText(p.raw)}
      placeholder={p.inCell ? undefined : text(p.field.placeholder)}
      disabled={p.disabled}
      dir={kind.type === 'text' ? 'auto' : undefined}
      spellCheck={kind.type === 'text' ? undefined : false}
      onChange={(e) => p.onChange(e.target.value)}
      onBlur={p.onLeave}
    />
  )
}

export function TextView({ value }: ViewProps) {
  return <bdi style={{ overflowWrap: 'anywhere' }}>{asText(value)}</bdi>
}

export function TextCell({ value }: CellProps) {
  const s = asText(value)
  return (
    <bdi className="ellipsis" title={s.length > 24 ? s : undefined}>
      {s}
    </bdi>
  )
}

export const text: Widget = { Edit: (p) => <LineEdit {...p} kind={{ type: 'text' }} />, View: TextView, Cell: TextCell }

/** Text of several lines, which grows with what is written. */
function LongEdit(p: EditProps) {
  const text = useText()
  const s = asText(p.raw)
  return (
    <div className={cx(c.grow, p.density === 'phone' && c.phone, p.inCell && c.cell)} data-text={s}>
      <textarea
        {...aria(p)}
        className={c.control}
        rows={1}
        dir="auto"
        value={s}
        placeholder={p.inCell ? undefined : text(p.field.placeholder)}
        disabled={p.disabled}
        onChange={(e) => p.onChange(e.target.value)}
        onBlur={p.onLeave}
      />
    </div>
  )
}

export const longtext: Widget = {
  Edit: LongEdit,
  View: ({ value }) => (
    <bdi dir="auto" style={{ display: 'block', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {asText(value)}
    </bdi>
  ),
  Cell: TextCell,
  wide: true,
}

/** A link that leaves the list row it may stand in alone. */
function Out({ href, value, blank }: { href: string; value: string; blank?: boolean }) {
  return (
    <a
      href={href}
      {...(blank && { target: '_blank', rel: 'noopener noreferrer' })}
      style={{ overflowWrap: 'anywhere' }}
      onClick={(e) => e.stopPropagation()}
    >
      {value}
    </a>
  )
}

export const phone: Widget = {
  Edit: (p) => <LineEdit {...p} kind={{ type: 'tel', inputMode: 'tel', autoComplete: 'off' }} />,
  View: ({ value }) => <Out href={`tel:${asText(value).replace(/[^\d+]/g, '')}`} value={asText(value)} />,
  Cell: TextCell,
}

export const email: Widget = {
  // not type=email: browsers rewrite what is typed into it, and refuse letters of other scripts
  Edit: (p) => <LineEdit {...p} kind={{ type: 'text', inputMode: 'email', autoComplete: 'off' }} />,
  View: ({ value }) => <Out href={`mailto:${encodeURI(asText(value))}`} value={asText(value)} />,
  Cell: TextCell,
}

/** Only web addresses become links, whatever a value holds. */
export const url: Widget = {
  Edit: (p) => <LineEdit {...p} kind={{ type: 'text', inputMode: 'url', autoComplete: 'off' }} />,
  View: (p) =>
    /^https?:\/\//i.test(asText(p.value)) ? (
      <Out href={asText(p.value)} value={asText(p.value)} blank />
    ) : (
      <TextView {...p} />
    ),
  Cell: TextCell,
}
