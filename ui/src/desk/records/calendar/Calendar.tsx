import { useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useMemo, type MouseEvent } from 'react'
import { keys, type FormEntry, type RecordDocument } from '@/shared/api'
import { dayOf } from '@/shared/format'
import { formModel } from '@/shared/schema'
import { Button, cx, Empty, Failed, IconButton } from '@/shared/ui'
import { loader } from '../data/ask'
import { optionOf, plainOf } from '../data/cells'
import type { Env } from '../data/env'
import type { Labels } from '../data/feed'
import type { ListState } from '../data/useListState'
import { isDate, valueOf, type ListField } from '../model/fields'
import { both } from '../model/filter'
import { addMonths, daysOfPage } from '../model/month'
import s from './Calendar.module.css'

type Props = {
  app: string
  entry: FormEntry
  state: ListState
  env: Env
  base: string
  fields: ListField[]
  shown: readonly string[]
  onOpen: (id: string, how: 'page' | 'side') => void
}

const most = 500
const perDay = 4

/** Records by a date, a month a page. */
export function Calendar({ app, entry, state, env, base, fields, shown, onOpen }: Props) {
  const { t, fmt } = env
  const dates = fields.filter((f) => isDate(f) && f.askable)
  const by = dates.find((f) => f.key === state.view.groupBy) ?? dates.find((f) => !f.envelope) ?? dates[0]
  const month = state.address.month ?? env.today.slice(0, 7)
  const days = useMemo(() => daysOfPage(month), [month])
  const model = formModel(entry)
  const sub = fields.find(
    (f) => shown.includes(f.key) && f.key !== entry.titleField && (f.as === 'relation' || f.as === 'currency'),
  )
  const ask = {
    filter: by && both(state.filter, { field: by.key, op: 'within', value: { from: days[0], to: days.at(-1) } }),
    search: state.search,
    sort: by ? [by.key] : [],
    fields: [...new Set([entry.titleField, by?.key, model.stages?.field, sub?.key].filter((x) => x !== undefined))],
  }
  const query = useQuery({
    queryKey: keys.page(entry.form, { calendar: ask }),
    enabled: by !== undefined,
    queryFn: ({ signal }) => loader(app, entry.key, ask)({ limit: most, signal }),
  })
  const byDay = new Map<string, RecordDocument[]>()
  for (const r of query.data?.items ?? []) {
    const v = by && valueOf(r, by)
    if (typeof v !== 'string') continue
    const day = v.length === 10 ? v : dayOf(new Date(v), fmt.reader)
    byDay.set(day, [...(byDay.get(day) ?? []), r])
  }

  if (!by) return <Empty title={t('calendar.noDate')} />
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />

  const name = new Intl.DateTimeFormat(env.language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  )
  const weekday = new Intl.DateTimeFormat(env.language, { weekday: 'short', timeZone: 'UTC' })
  const go = (m: string) => state.go({ month: m === env.today.slice(0, 7) ? undefined : m })
  const head = entry.titleField === undefined ? undefined : fields.find((f) => f.key === entry.titleField)
  const labels: Labels = query.data?.labels ?? {}
  const onClick = (e: MouseEvent) => {
    const a = (e.target as HTMLElement).closest<HTMLElement>('a[data-id]')
    if (!a?.dataset.id || e.ctrlKey || e.metaKey || e.shiftKey) return
    e.preventDefault()
    onOpen(a.dataset.id, 'side')
  }
  return (
    <div className={s.calendar}>
      <header className={s.head}>
        <h2 aria-live="polite">{name}</h2>
        <IconButton size="small" label={t('calendar.previous')} onClick={() => go(addMonths(month, -1))}>
          <ChevronLeft size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
        <IconButton size="small" label={t('calendar.next')} onClick={() => go(addMonths(month, 1))}>
          <ChevronRight size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
        <Button size="small" tone="quiet" onClick={() => go(env.today.slice(0, 7))}>
          {t('calendar.today')}
        </Button>
        {query.data?.cursor !== undefined && <span className={s.note}>{t('calendar.tooMany', { n: most })}</span>}
      </header>
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- the links inside hear keys */}
      <table
        className={s.grid}
        aria-label={t('calendar.label', { month: name })}
        aria-busy={query.isFetching}
        onClick={onClick}
      >
        <thead>
          <tr>
            {days.slice(0, 7).map((d) => (
              <th key={d}>{weekday.format(new Date(`${d}T00:00:00Z`))}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: days.length / 7 }, (_, w) => (
            <tr key={w}>
              {days.slice(w * 7, w * 7 + 7).map((d) => {
                const all = byDay.get(d) ?? []
                return (
                  <td key={d} className={cx(d.slice(0, 7) !== month && s.other, d === env.today && s.today)}>
                    <span className={s.day} aria-label={t('calendar.on', { day: fmt.day(d), n: all.length })}>
                      {Number(d.slice(8))}
                    </span>
                    {all.slice(0, perDay).map((r) => {
                      const stage =
                        model.stages &&
                        optionOf(model.field(model.stages.field)?.options ?? [], r.data[model.stages.field])
                      return (
                        <a
                          key={r.id}
                          className={s.entry}
                          href={`${base}/${r.id}`}
                          data-id={r.id}
                          style={{ borderColor: `var(--${stage?.color ?? 'gray'})` }}
                        >
                          <span className="ellipsis">
                            {(head && plainOf(head, valueOf(r, head), labels, env)) || t('unnamed')}
                          </span>
                          {sub && <span className={s.sub}>{plainOf(sub, valueOf(r, sub), labels, env)}</span>}
                        </a>
                      )
                    })}
                    {all.length > perDay && (
                      <button
                        type="button"
                        className={s.more}
                        onClick={() =>
                          state.go(
                            {
                              view: 'all',
                              filter: both(state.filter, { field: by.key, op: 'within', value: d }),
                              month: undefined,
                            },
                            true,
                          )
                        }
                      >
                        {t('calendar.more', { n: all.length - perDay })}
                      </button>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
