import { describe, expect, it } from 'vitest'
import type { RecordDocument } from '@/shared/api'
import { Feed, type Load } from './feed'

const record = (n: number, rev = 1): RecordDocument => ({
  id: `r${String(n).padStart(5, '0')}`,
  rev,
  crev: 0,
  form: 'lab.thing',
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'u',
  updatedAt: '2026-01-01T00:00:00.000Z',
  updatedBy: 'u',
  data: { n },
})

/** A server with records that can be changed between requests. */
function server(records: RecordDocument[]) {
  const asked: { cursor?: string; limit: number }[] = []
  let fails = 0
  const load: Load = async ({ cursor, limit }) => {
    asked.push({ cursor, limit })
    if (fails > 0) {
      fails--
      throw new Error('away')
    }
    const from = cursor === undefined ? 0 : records.findIndex((r) => r.id > cursor)
    const items = from < 0 ? [] : records.slice(from, from + limit)
    const end = from < 0 || from + limit >= records.length
    return { items, cursor: end ? undefined : items.at(-1)!.id, total: Math.min(records.length, 10_000), labels: {} }
  }
  return { load, asked, records, fail: (n: number) => (fails = n) }
}

const settled = () => new Promise<void>((r) => setTimeout(r))
const many = (n: number) => Array.from({ length: n }, (_, i) => record(i * 2))

async function scrolled(s: ReturnType<typeof server>, to: number) {
  const feed = new Feed(s.load)
  for (let last = 0; last <= to && !feed.done; last = feed.size) {
    feed.ensure(Math.max(0, last - 30), last)
    await settled()
  }
  return feed
}

describe('a list of records', () => {
  it('loads on before the end of what it has is in sight', async () => {
    const s = server(many(250))
    const feed = new Feed(s.load)
    feed.ensure(0, 10)
    await settled()
    expect(feed.size).toBe(100)
    feed.ensure(0, 15)
    expect(s.asked).toHaveLength(1)
    feed.ensure(5, 25)
    await settled()
    expect(feed.size).toBe(200)
    expect(feed.get(150)?.record.data.n).toBe(300)
  })

  it('keeps what it has when a page does not arrive, and goes on when asked again', async () => {
    const s = server(many(250))
    const feed = await scrolled(s, 50)
    s.fail(1)
    feed.ensure(90, 99)
    await settled()
    expect(feed.error).toBeInstanceOf(Error)
    expect(feed.size).toBe(100)
    feed.retry()
    await settled()
    expect(feed.error).toBeUndefined()
    expect(feed.size).toBe(200)
  })

  it('lets go of pages far away and brings them back in the same place', async () => {
    const s = server(many(6000))
    const feed = await scrolled(s, 5000)
    feed.trim(5000)
    expect(feed.get(0)).toBeUndefined()
    expect(feed.size).toBeGreaterThan(5000)
    feed.ensure(0, 20)
    await settled()
    expect(feed.get(0)?.id).toBe('r00000')
    expect(feed.get(5000)?.record.data.n).toBe(10_000)
  })

  it('shows changes by others in place and lets new records wait', async () => {
    const s = server(many(10))
    const feed = await scrolled(s, 5)
    s.records[3] = record(6, 2)
    s.records.splice(1, 0, record(1))
    await feed.sync()
    expect(feed.size).toBe(10)
    expect(feed.get(3)).toMatchObject({ id: 'r00006', changes: 1 })
    expect(feed.news).toBe(1)
    feed.accept()
    expect(feed.size).toBe(11)
    expect(feed.get(1)?.id).toBe('r00001')
    expect(feed.news).toBe(0)
  })

  it('leaves a record in sight that the list no longer finds, marked', async () => {
    const s = server(many(10))
    const feed = await scrolled(s, 5)
    s.records.splice(4, 1)
    await feed.sync()
    expect(feed.get(4)).toMatchObject({ id: 'r00008', gone: true })
    expect(feed.total).toBe(9)
    s.records.splice(4, 0, record(8))
    await feed.sync()
    expect(feed.get(4)?.gone).toBeUndefined()
  })

  it('does not take the end of an answer for the end of the list', async () => {
    const s = server(many(800))
    const feed = await scrolled(s, 690)
    await feed.sync()
    expect(feed.get(650)?.gone).toBeUndefined()
  })

  it('fills an empty list at once', async () => {
    const s = server([])
    const feed = await scrolled(s, 0)
    expect(feed.done).toBe(true)
    s.records.push(record(1))
    await feed.sync()
    expect(feed.size).toBe(1)
    expect(feed.news).toBe(0)
  })

  it('takes out what was removed and closes the gap', async () => {
    const s = server(many(150))
    const feed = await scrolled(s, 140)
    feed.take(new Set(['r00000', 'r00004', 'r00240']))
    expect(feed.size).toBe(147)
    expect(feed.get(0)?.id).toBe('r00002')
    expect(feed.get(118)?.id).toBe('r00242')
    expect(feed.total).toBe(147)
  })
})
