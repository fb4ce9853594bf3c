import { bucketOf, daysIn, moved, spanOf, unitOf, type Span, type Unit } from './bucket'

/** What the period filter says: everything, a name or a bucket, or two days of which one may be open. */
export type Period = { kind: 'all' } | { kind: 'named'; name: string } | { kind: 'days'; from?: string; to?: string }

const named = /^(this|last|next)-(day|week|month|quarter|year)$/
const single: Record<string, number> = { yesterday: -1, today: 0, tomorrow: 1 }

/** Whether the server would take it for a period. */
export const isPeriod = (name: string) => named.test(name) || name in single || spanOf(name) !== undefined

/** The period in an address; a dashboard's own where the address says nothing that makes sense. */
export function periodIn(params: URLSearchParams, own?: string): Period {
  const day = (k: string) => {
    const v = params.get(k) ?? ''
    return unitOf(v) === 'day' && spanOf(v) ? v : undefined
  }
  const [from, to] = [day('from'), day('to')]
  if (from || to) return { kind: 'days', ...(from ? { from } : {}), ...(to ? { to } : {}) }
  const said = params.get('period') ?? ''
  const name = said === 'all' || isPeriod(said) ? said : (own ?? '')
  return name && isPeriod(name) ? { kind: 'named', name } : { kind: 'all' }
}

/** The address with a period in it; a dashboard's own is left out. */
export function withPeriod(params: URLSearchParams, p: Period, own?: string): URLSearchParams {
  const out = new URLSearchParams(params)
  for (const k of ['period', 'from', 'to']) out.delete(k)
  if (p.kind === 'days') {
    if (p.from) out.set('from', p.from)
    if (p.to) out.set('to', p.to)
  } else {
    const name = p.kind === 'all' ? 'all' : p.name
    if (name !== (own || 'all')) out.set('period', name)
  }
  return out
}

/** What the server is asked for: what the address says, and the dashboard's own period where it says none. */
export function askOf(params: URLSearchParams): Record<string, string> {
  const p = periodIn(params, 'own')
  const out: Record<string, string> = {}
  if (p.kind === 'days') Object.assign(out, p)
  else if (p.kind === 'named') out.period = p.name
  else if (params.get('period') === 'all') out.period = 'all'
  delete out.kind
  const department = params.get('department')
  if (department) out.department = department
  return out
}

/** The bucket that a name means today. */
export function bucketFor(name: string, today: string): string | undefined {
  if (name in single) return moved(today, single[name]!)
  const m = named.exec(name)
  if (!m) return spanOf(name) ? name : undefined
  return moved(bucketOf(today, m[2] as Unit), m[1] === 'this' ? 0 : m[1] === 'last' ? -1 : 1)
}

/** First and last day of a period; open ends are left out, all time has neither. */
export function daysOf(p: Period, today: string): Partial<Span> {
  if (p.kind === 'all') return {}
  if (p.kind === 'days') return { ...(p.from ? { from: p.from } : {}), ...(p.to ? { to: p.to } : {}) }
  return spanOf(bucketFor(p.name, today) ?? '') ?? {}
}

/** How far today is into a period; undefined where it does not lie in one with two ends. */
export function progressOf(p: Period, today: string): { day: number; days: number; percent: number } | undefined {
  const { from, to } = daysOf(p, today)
  if (!from || !to || today < from || today > to) return undefined
  const [day, days] = [daysIn({ from, to: today }), daysIn({ from, to })]
  return { day, days, percent: (day / days) * 100 }
}
