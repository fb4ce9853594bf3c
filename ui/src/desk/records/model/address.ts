import type { Wire } from './filter'

/** What of a list its address holds, so that it can be kept and shared. */
export type Address = {
  /** The view's id; none is the first. */
  view?: string
  /** What was added to the view, or stands in place of its own filter where the view may be changed. */
  filter?: Wire
  sort?: string[]
  search?: string
  /** Record that is open beside the list. */
  open?: string
  /** Title of where the reader comes from: a dashboard whose figure led here. */
  from?: string
  /** Field whose values are a board's columns, in place of the view's. */
  group?: string
  /** First day of the month that a calendar shows. */
  month?: string
}

const name = /^-?[a-z][A-Za-z0-9_]*(\.[a-z][A-Za-z0-9_]*)*$/

/** Reads an address; what cannot be read is left out. */
export function readAddress(p: URLSearchParams): Address {
  const filter = wire(p.get('filter'))
  const sort = p
    .get('sort')
    ?.split(',')
    .filter((s) => name.test(s))
  const month = p.get('month')
  return prune({
    view: p.get('view') || undefined,
    filter,
    sort: sort && sort.length > 0 ? sort.slice(0, 5) : undefined,
    search: p.get('search')?.slice(0, 200) || undefined,
    open: p.get('open') || undefined,
    from: p.get('from')?.slice(0, 200) || undefined,
    group: p.get('group') || undefined,
    month: month && /^\d{4}-\d{2}$/.test(month) ? month : undefined,
  })
}

function wire(text: string | null): Wire | undefined {
  if (!text) return undefined
  try {
    const v: unknown = JSON.parse(text)
    return typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Wire) : undefined
  } catch {
    return undefined
  }
}

function prune(a: Address): Address {
  return Object.fromEntries(Object.entries(a).filter(([, v]) => v !== undefined)) as Address
}

export function writeAddress(a: Address): URLSearchParams {
  const p = new URLSearchParams()
  if (a.view) p.set('view', a.view)
  if (a.filter) p.set('filter', JSON.stringify(a.filter))
  if (a.sort && a.sort.length > 0) p.set('sort', a.sort.join(','))
  if (a.search) p.set('search', a.search)
  if (a.group) p.set('group', a.group)
  if (a.month) p.set('month', a.month)
  if (a.open) p.set('open', a.open)
  if (a.from) p.set('from', a.from)
  return p
}
