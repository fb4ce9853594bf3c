import { CalendarRange, ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import { Popover } from '@/shared/overlay'
import { Button, cx, IconButton, Segmented } from '@/shared/ui'
import { unitOf } from './bucket'
import { bucketName, periodName } from './names'
import { bucketFor, daysOf, type Period } from './period'
import type { View } from './view'
import s from './Toolbar.module.css'

type Props = { period: Period; onChange: (p: Period) => void; view: View }

const quick = [
  'today',
  'yesterday',
  'this-week',
  'last-week',
  'this-month',
  'last-month',
  'this-quarter',
  'last-quarter',
  'this-year',
  'last-year',
]

/** Which time the figures are of: the usual ones in sight, any month, quarter, year or days one step further. */
export function PeriodFilter({ period, onChange, view }: Props) {
  const { t, today, reader } = view
  const [open, setOpen] = useState(false)
  const now = period.kind === 'named' ? period.name : period.kind
  const common = { 'this-month': 'month', 'this-quarter': 'quarter', 'this-year': 'year', all: 'all' } as const
  const { name, days } = periodName(period, today, reader, t)
  const choose = (p: Period) => {
    setOpen(false)
    onChange(p)
  }
  return (
    <>
      <div className={s.segments}>
        <Segmented
          label={t('period.label')}
          value={now in common ? now : ''}
          options={Object.entries(common).map(([value, key]) => ({ value, label: t(`period.${key}`) }))}
          onChange={(v) => onChange(v === 'all' ? { kind: 'all' } : { kind: 'named', name: v })}
        />
      </div>
      <Popover
        open={open}
        onOpenChange={setOpen}
        label={t('period.choose')}
        trigger={
          <Button icon={<CalendarRange size={16} strokeWidth={1.75} aria-hidden />}>
            {period.kind !== 'all' && <span className="visually-hidden">{t('period.choose')} </span>}
            {period.kind === 'days' ? (
              <span className="num">{days}</span>
            ) : period.kind === 'all' ? (
              t('period.choose')
            ) : (
              name
            )}
            {period.kind !== 'days' && days && <span className={cx(s.quiet, 'num')}>{days}</span>}
            <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
          </Button>
        }
      >
        <Picker key={JSON.stringify(period)} period={period} onChoose={choose} view={view} />
      </Popover>
    </>
  )
}

function Picker({ period, onChoose, view }: { period: Period; onChoose: (p: Period) => void; view: View }) {
  const { t, today, reader } = view
  const span = daysOf(period, today)
  const [year, setYear] = useState(Number((span.to ?? span.from ?? today).slice(0, 4)))
  const chosen = period.kind === 'named' ? bucketFor(period.name, today) : undefined
  const bucket = (b: string, label: string) => (
    <button
      key={b}
      type="button"
      className={cx(s.pick, chosen === b && s.chosen)}
      aria-pressed={chosen === b}
      onClick={() => onChoose({ kind: 'named', name: b })}
    >
      {label}
    </button>
  )
  const short = (m: number) =>
    new Intl.DateTimeFormat(reader.language, { month: 'short', timeZone: 'UTC' }).format(Date.UTC(2000, m, 1))
  return (
    <div className={s.picker}>
      <ul className={s.quick}>
        {quick.map((q) => (
          <li key={q}>
            <button
              type="button"
              className={cx(s.pick, period.kind === 'named' && period.name === q && s.chosen)}
              onClick={() => onChoose({ kind: 'named', name: q })}
            >
              {t(`period.quick.${q}`)}
            </button>
          </li>
        ))}
      </ul>
      <div className={s.calendar}>
        <div className={s.year}>
          <IconButton size="small" label={t('period.earlier')} onClick={() => setYear(year - 1)}>
            <ChevronLeft size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
          {bucket(String(year), t('period.wholeYear', { year }))}
          <IconButton size="small" label={t('period.later')} onClick={() => setYear(year + 1)}>
            <ChevronRight size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
        </div>
        <div className={s.grid}>
          {[1, 2, 3, 4].map((q) => bucket(`${year}-Q${q}`, t('bucket.shortQuarter', { n: t(`bucket.nth.${q}`), q })))}
        </div>
        <div className={s.grid}>
          {Array.from({ length: 12 }, (_, m) => bucket(`${year}-${String(m + 1).padStart(2, '0')}`, short(m)))}
        </div>
        <Days period={period} onChoose={onChoose} view={view} />
      </div>
      <span className="visually-hidden" aria-live="polite">
        {chosen && unitOf(chosen) ? bucketName(chosen, reader, t) : ''}
      </span>
    </div>
  )
}

function Days({ period, onChoose, view }: { period: Period; onChoose: (p: Period) => void; view: View }) {
  const { t, today } = view
  const span = daysOf(period, today)
  const [from, setFrom] = useState(span.from ?? '')
  const [to, setTo] = useState(span.to ?? '')
  const id = useId()
  const wrong = from !== '' && to !== '' && to < from
  return (
    <form
      className={s.days}
      onSubmit={(e) => {
        e.preventDefault()
        if (!wrong && (from || to)) onChoose({ kind: 'days', ...(from ? { from } : {}), ...(to ? { to } : {}) })
      }}
    >
      <label>
        <span>{t('period.from')}</span>
        <input type="date" value={from} max="9999-12-31" onChange={(e) => setFrom(e.target.value)} />
      </label>
      <label>
        <span>{t('period.to')}</span>
        <input
          type="date"
          value={to}
          max="9999-12-31"
          onChange={(e) => setTo(e.target.value)}
          aria-invalid={wrong || undefined}
          aria-describedby={wrong ? id : undefined}
        />
      </label>
      {wrong && (
        <p id={id} role="alert" className={s.wrong}>
          {t('period.order')}
        </p>
      )}
      <Button type="submit" disabled={wrong || (!from && !to)}>
        {t('period.apply')}
      </Button>
    </form>
  )
}
