import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { addUnits, formatDate, parseDate, parseInstant, wallOf } from '../../formula'
import { useFormat } from '../../format'
import { cx } from '../../ui'
import c from '../control.module.css'
import { aria, type CellProps, type EditProps, type ViewProps, type Widget } from '../types'

/** The native control shows only what it can hold; text that is pasted into it is read by the form. */
function usePaste(p: EditProps) {
  return (e: React.ClipboardEvent) => {
    const s = e.clipboardData.getData('text').trim()
    if (!s) return
    e.preventDefault()
    p.onChange(s)
    p.onLeave()
  }
}

function DateEdit(p: EditProps) {
  const { t } = useTranslation('shared/widgets')
  const format = useFormat()
  const onPaste = usePaste(p)
  const value = typeof p.value === 'string' ? p.value : ''
  const quick = useMemo(() => {
    const day = parseDate(format.today()) ?? 0
    const monday = addUnits('week', day - ((((day + 3) % 7) + 7) % 7), 1)
    return [
      { day: formatDate(day), label: t('today') },
      { day: formatDate(day + 1), label: t('tomorrow') },
      { day: formatDate(monday), label: t('nextMonday') },
    ]
  }, [format, t])
  return (
    <>
      <input
        {...aria(p)}
        type="date"
        className={cx(c.control, p.density === 'phone' && c.phone, p.inCell && c.cell)}
        min="0001-01-01"
        max="9999-12-31"
        data-empty={value === '' || undefined}
        value={value}
        disabled={p.disabled}
        onPaste={onPaste}
        onChange={(e) => p.onChange(e.target.value)}
        onBlur={p.onLeave}
      />
      {p.density === 'phone' && !p.inCell && !p.disabled && (
        <div className={cx(c.chips, c.phone, c.below)}>
          {quick.map((q) => (
            <button
              key={q.label}
              type="button"
              className={c.chip}
              data-chosen={q.day === value || undefined}
              aria-pressed={q.day === value}
              onClick={() => p.onChange(q.day === value ? '' : q.day)}
            >
              {q.label}
            </button>
          ))}
        </div>
      )}
    </>
  )
}

/** The clock of the reader's zone to the minute, as the native control wants it. */
function wallText(v: unknown, zone: string): string {
  if (typeof v !== 'string') return ''
  const ms = parseInstant(v)
  if (ms === undefined) return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(v) ? v : ''
  const [day, clock] = wallOf(ms, zone)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${formatDate(day)}T${two(Math.floor(clock / 3_600_000))}:${two(Math.floor(clock / 60_000) % 60)}`
}

function DateTimeEdit(p: EditProps) {
  const format = useFormat()
  const onPaste = usePaste(p)
  const shown = wallText(p.raw, format.reader.zone)
  return (
    <input
      {...aria(p)}
      type="datetime-local"
      className={cx(c.control, p.density === 'phone' && c.phone, p.inCell && c.cell)}
      min="0001-01-01T00:00"
      max="9999-12-31T23:59"
      data-empty={shown === '' || undefined}
      value={shown}
      disabled={p.disabled}
      onPaste={onPaste}
      onChange={(e) => p.onChange(e.target.value)}
      onBlur={p.onLeave}
    />
  )
}

function DateView({ value }: ViewProps) {
  const format = useFormat()
  return <time dateTime={String(value)}>{format.day(String(value), 'full')}</time>
}

function DateCell({ value }: CellProps) {
  const format = useFormat()
  return (
    <time dateTime={String(value)} className="num" title={format.day(String(value), 'full')}>
      {format.day(String(value))}
    </time>
  )
}

function DateTimeView({ value }: ViewProps) {
  const format = useFormat()
  return (
    <time dateTime={String(value)} title={format.instant(String(value), 'full')}>
      {format.instant(String(value))}
    </time>
  )
}

export const date: Widget = { Edit: DateEdit, View: DateView, Cell: DateCell }
export const datetime: Widget = {
  Edit: DateTimeEdit,
  View: DateTimeView,
  Cell: (p) => <DateTimeView {...p} density="desktop" />,
}
