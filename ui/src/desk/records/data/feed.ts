import type { RecordDocument } from '@/shared/api'

/** Names for the ids that records hold: field, id, name. */
export type Labels = Record<string, Record<string, string>>
export type PageOf = { items: RecordDocument[]; cursor?: string; total?: number; labels?: Labels }

export type Row = {
  id: string
  record: RecordDocument
  labels: Labels
  /** It is no longer what the list asks for; it stays in sight until the list is refreshed. */
  gone?: boolean
  /** Counts changes by others since it was shown; the row lights up when it grows. */
  changes: number
}

export type Load = (ask: { cursor?: string; limit: number; signal: AbortSignal }) => Promise<PageOf>

type Chunk = { cursor: string | undefined; count: number; rows: Row[] | undefined; at: number }

const pageSize = 100
const ahead = 80
/** Pages kept in memory around what is in sight. */
const keep = 30
/** The most that one request answers. */
const top = 500

/**
 * The records of a list as they are scrolled: pages by cursor, asked for before they are reached, let go of when they
 * are far. What others change is merged without moving anything; what would move waits as `news`.
 */
export class Feed {
  error: unknown
  done = false
  loading = false
  /** As the server counted it with the first page. */
  total: number | undefined
  /** Records that the list would show and does not yet. */
  news = 0
  /** Rises with every change; what is drawn follows it. */
  version = 0
  /** Where the list was scrolled to when it was left. */
  scroll = 0

  private chunks: Chunk[] = []
  private cursor: string | undefined
  private waiting: Row[] | undefined
  private waitingPage: PageOf | undefined
  private followers = new Set<() => void>()
  private abort = new AbortController()
  private refetching = new Set<Chunk>()
  private syncing = false
  private again = false

  constructor(private readonly load: Load) {}

  subscribe = (f: () => void) => {
    this.followers.add(f)
    return () => void this.followers.delete(f)
  }
  snapshot = () => this.version

  private tell() {
    this.version++
    this.followers.forEach((f) => f())
  }

  get size(): number {
    const last = this.chunks.at(-1)
    return last ? last.at + last.count : 0
  }

  get started() {
    return this.chunks.length > 0 || this.done
  }

  private chunkAt(index: number): Chunk | undefined {
    let lo = 0
    let hi = this.chunks.length - 1
    while (lo <= hi) {
      const mid = (lo + hi) >> 1
      const c = this.chunks[mid]!
      if (index < c.at) hi = mid - 1
      else if (index >= c.at + c.count) lo = mid + 1
      else return c
    }
    return undefined
  }

  /** The row at a place; undefined while it is not here. */
  get(index: number): Row | undefined {
    const c = this.chunkAt(index)
    return c?.rows?.[index - c.at]
  }

  /** Ids of all rows that are here, in order. */
  ids(): string[] {
    return this.chunks.flatMap((c) => c.rows?.map((r) => r.id) ?? [])
  }

  find(id: string): Row | undefined {
    for (const c of this.chunks) {
      const row = c.rows?.find((r) => r.id === id)
      if (row) return row
    }
    return undefined
  }

  indexOf(id: string): number {
    for (const c of this.chunks) {
      const i = c.rows?.findIndex((r) => r.id === id) ?? -1
      if (i >= 0) return c.at + i
    }
    return -1
  }

  /** Says what is in sight: loads on before its end is reached, and again what was let go of. */
  ensure(first: number, last: number) {
    if (!this.done && !this.loading && this.error === undefined && last >= this.size - ahead) void this.more()
    for (const c of this.chunks) {
      if (c.rows === undefined && c.at <= last && c.at + c.count > first) void this.refetch(c)
    }
  }

  retry() {
    this.error = undefined
    void this.more()
  }

  private place() {
    let at = 0
    for (const c of this.chunks) {
      c.at = at
      at += c.count
    }
  }

  private async more() {
    this.loading = true
    const cursor = this.cursor
    const signal = this.abort.signal
    try {
      const page = await this.load({ cursor, limit: pageSize, signal })
      if (signal.aborted) return
      const rows = rowsOf(page)
      this.chunks.push({ cursor, count: rows.length, rows, at: this.size })
      this.cursor = page.cursor
      this.done = page.cursor === undefined
      if (page.total !== undefined) this.total = page.total
    } catch (error) {
      if (signal.aborted) return
      this.error = error
    }
    this.loading = false
    this.tell()
  }

  private async refetch(c: Chunk) {
    if (this.refetching.has(c)) return
    this.refetching.add(c)
    const signal = this.abort.signal
    try {
      const page = await this.load({ cursor: c.cursor, limit: pageSize, signal })
      if (!signal.aborted) {
        c.rows = rowsOf(page)
        c.count = c.rows.length
        this.place()
      }
    } catch {
      // it is asked for again when it is scrolled over again
    }
    this.refetching.delete(c)
    if (!signal.aborted) this.tell()
  }

  /** Lets go of pages far from what is in sight. */
  trim(middle: number) {
    const kept = this.chunks.filter((c) => c.rows !== undefined)
    if (kept.length <= keep) return
    kept.sort((a, b) => Math.abs(a.at - middle) - Math.abs(b.at - middle))
    for (const c of kept.slice(keep)) c.rows = undefined
  }

  /** Begins anew, keeping what is shown until the first page is there. */
  async reload() {
    this.abort.abort()
    this.abort = new AbortController()
    const signal = this.abort.signal
    this.loading = true
    this.error = undefined
    try {
      const limit = Math.min(top, Math.max(pageSize, this.size))
      const page = await this.load({ cursor: undefined, limit, signal })
      if (signal.aborted) return
      this.begin(page, rowsOf(page))
    } catch (error) {
      if (signal.aborted) return
      this.error = error
    }
    this.loading = false
    this.tell()
  }

  private begin(page: PageOf, rows: Row[]) {
    this.chunks = rows.length > 0 ? [{ cursor: undefined, count: rows.length, rows, at: 0 }] : []
    this.cursor = page.cursor
    this.done = page.cursor === undefined
    if (page.total !== undefined) this.total = page.total
    this.news = 0
    this.waiting = this.waitingPage = undefined
  }

  /** Asks what others changed: rows here get their new values in place, what is new or moved waits. */
  async sync() {
    if (!this.started || this.loading) {
      if (this.loading) this.again = true
      return
    }
    if (this.syncing) {
      this.again = true
      return
    }
    this.syncing = true
    const signal = this.abort.signal
    try {
      const limit = Math.min(top, Math.max(pageSize, this.size))
      const page = await this.load({ cursor: undefined, limit, signal })
      if (!signal.aborted) this.merge(page)
    } catch {
      // the next event asks again
    }
    this.syncing = false
    if (this.again) {
      this.again = false
      void this.sync()
    }
  }

  private merge(page: PageOf) {
    const fresh = rowsOf(page)
    const byId = new Map(fresh.map((r) => [r.id, r]))
    // an answer that ended before our rows did says nothing of those behind its end
    const whole = page.cursor === undefined
    const here = new Set<string>()
    let changed = false
    for (const c of this.chunks) {
      c.rows = c.rows?.map((row, i) => {
        here.add(row.id)
        const now = byId.get(row.id)
        if (!now) {
          if (row.gone || (!whole && c.at + i >= fresh.length)) return row
          changed = true
          return { ...row, gone: true }
        }
        if (!row.gone && sameVersion(now.record, row.record)) return row
        changed = true
        return { ...now, changes: row.changes + (sameVersion(now.record, row.record) ? 0 : 1) }
      })
    }
    // where rows were let go of, nobody can tell what is new among them
    const known = this.chunks.every((c) => c.rows !== undefined || c.at >= fresh.length)
    const news = known ? fresh.filter((r) => !here.has(r.id)).length : 0
    if (page.total !== undefined && page.total !== this.total) {
      this.total = page.total
      changed = true
    }
    const wait = news > 0
    if (!changed && news === this.news) return
    if (this.size === 0 && news > 0) this.begin(page, fresh)
    else {
      this.news = news
      this.waiting = wait ? fresh : undefined
      this.waitingPage = wait ? page : undefined
    }
    this.tell()
  }

  /** Shows what waits. */
  accept() {
    if (this.waiting && this.waitingPage) {
      const had = new Map(this.chunks.flatMap((c) => c.rows?.map((r) => [r.id, r] as const) ?? []))
      const rows = this.waiting.map((r) => {
        const old = had.get(r.id)
        return old && sameVersion(old.record, r.record) ? old : { ...r, changes: old ? old.changes : 1 }
      })
      this.begin(this.waitingPage, rows)
      this.tell()
    } else void this.reload()
  }

  /** Puts what the reader themselves wrote in place. */
  put(record: RecordDocument, labels?: Labels) {
    for (const c of this.chunks) {
      const i = c.rows?.findIndex((r) => r.id === record.id) ?? -1
      if (i < 0 || !c.rows) continue
      const old = c.rows[i]!
      const rows = [...c.rows]
      rows[i] = { ...old, record, labels: labels ? joined(old.labels, labels) : old.labels }
      c.rows = rows
      this.tell()
      return
    }
  }

  /** Puts a row at the top, where the reader themselves moved it. */
  insert(row: Row) {
    const first = this.chunks[0]
    if (first?.rows) {
      first.rows = [row, ...first.rows.filter((r) => r.id !== row.id)]
      first.count = first.rows.length
    } else if (!first) this.chunks.push({ cursor: undefined, count: 1, rows: [row], at: 0 })
    if (this.total !== undefined) this.total++
    this.place()
    this.tell()
  }

  /** Takes out what the reader themselves removed. */
  take(ids: ReadonlySet<string>) {
    for (const c of this.chunks) {
      if (!c.rows) continue
      const rows = c.rows.filter((r) => !ids.has(r.id))
      if (this.total !== undefined) this.total -= c.rows.length - rows.length
      c.rows = rows
      c.count = rows.length
    }
    this.place()
    this.tell()
  }
}

function rowsOf(page: PageOf): Row[] {
  const labels = page.labels ?? {}
  return page.items.map((record) => ({ id: record.id, record, labels, changes: 0 }))
}

const sameVersion = (a: RecordDocument, b: RecordDocument) => a.rev === b.rev && a.crev === b.crev

export function joined(a: Labels, b: Labels): Labels {
  const out: Labels = { ...a }
  for (const [field, names] of Object.entries(b)) out[field] = { ...out[field], ...names }
  return out
}
