import { describe, expect, it } from 'vitest'
import { ApiError, type RecordDocument } from '../api'
import { Outbox, type Entry, type Send } from './outbox'
import { memoryStore } from './store'

const record = (id: string) => ({ id }) as RecordDocument
const entry = (id: string, o: Partial<Entry> = {}): Entry => ({
  id,
  user: 'u',
  at: Number(id.replace(/\D/g, '')) || 1,
  form: 'a.b',
  record: `r${id}`,
  what: 'create',
  title: id,
  data: {},
  state: 'waiting',
  ...o,
})
const away = new ApiError(0)
const refusal = new ApiError(422, { code: 'invalid', problems: [{ code: 'required', message: '必填' }] })

async function make(send: Send, store = memoryStore<Entry>()) {
  const sent: string[] = []
  const box = new Outbox(store, send, (s) => sent.push(s.entry.id))
  await box.start('u')
  return { box, sent, store }
}

describe('the outbox', () => {
  it('answers with the record when the server takes it, and keeps nothing', async () => {
    const { box, sent } = await make(async (e) => record(e.record))
    expect(await box.submit(entry('1'))).toEqual({ id: 'r1' })
    expect(box.list()).toEqual([])
    expect(sent).toEqual(['1'])
  })

  it('keeps a write while the server is away, and sends it once under the same key when it is back', async () => {
    let up = false
    const keys: string[] = []
    const { box, sent } = await make(async (e) => {
      keys.push(e.id)
      if (!up) throw away
      return record(e.record)
    })
    expect(await box.submit(entry('1'))).toBeUndefined()
    expect(box.list().map((e) => e.state)).toEqual(['waiting'])
    up = true
    await Promise.all([box.flush(), box.flush()])
    expect(keys).toEqual(['1', '1'])
    expect(sent).toEqual(['1'])
    expect(box.list()).toEqual([])
  })

  it('sends a comment past a change of its record that waits for a person, but not before the record is there', async () => {
    let up = false
    const heard: string[] = []
    const { box, sent } = await make(async (e) => {
      if (!up) throw away
      heard.push(e.id)
      if (e.id === '1' || e.id === '3') throw refusal
      return undefined
    })
    await box.submit(entry('1', { what: 'update', record: 'a' }))
    await box.submit(entry('2', { what: 'comment', record: 'a', comment: '已电话确认' }))
    await box.submit(entry('3', { what: 'create', record: 'b' }))
    await box.submit(entry('4', { what: 'comment', record: 'b', comment: '新的' }))
    up = true
    await box.flush()
    await box.flush()
    expect(heard).toEqual(['1', '2', '3'])
    expect(sent).toEqual(['2'])
    expect(box.list().map((e) => [e.id, e.state])).toEqual([
      ['1', 'refused'],
      ['3', 'refused'],
      ['4', 'waiting'],
    ])
  })

  it('lets nothing wait behind a comment that is refused', async () => {
    let up = false
    const { box, sent } = await make(async (e) => {
      if (!up) throw away
      if (e.what === 'comment') throw refusal
      return record(e.record)
    })
    await box.submit(entry('1', { what: 'comment', record: 'a', comment: 'x' }))
    await box.submit(entry('2', { what: 'update', record: 'a' }))
    up = true
    await box.flush()
    expect(sent).toEqual(['2'])
  })

  it('survives the page: another outbox over the same store sends what was left, only for the same user', async () => {
    const store = memoryStore<Entry>()
    const first = await make(async () => Promise.reject(away), store)
    await first.box.submit(entry('1'))
    await store.put(entry('2', { user: 'somebody else' }))
    const { box, sent } = await make(async (e) => record(e.record), store)
    await box.flush()
    expect(sent).toEqual(['1'])
    expect((await store.all()).map((e) => e.id)).toEqual(['2'])
  })

  it('throws what the server refuses, and leaves that to its form', async () => {
    const { box } = await make(async () => Promise.reject(refusal))
    await expect(box.submit(entry('1'))).rejects.toBe(refusal)
    expect(box.list()).toEqual([])
  })

  it('lets what was refused later wait for its owner, and what is about the same record behind it', async () => {
    let up = false
    const { box, sent } = await make(async (e) => {
      if (!up) throw away
      if (e.id === '1') throw refusal
      return record(e.record)
    })
    await box.submit(entry('1', { record: 'x' }))
    await box.submit(entry('2', { record: 'x', what: 'update' }))
    await box.submit(entry('3'))
    up = true
    await box.flush()
    expect(sent).toEqual(['3'])
    expect(box.list().map((e) => [e.id, e.state, e.message])).toEqual([
      ['1', 'refused', '必填'],
      ['2', 'waiting', undefined],
    ])
    await box.again('1', '4', { data: { name: 'x' } })
    expect(box.list().find((e) => e.id === '1')).toBeUndefined()
  })

  it('tells a conflict from a refusal', async () => {
    const { box } = await make(async () => Promise.reject(new ApiError(412, { code: 'stale' })))
    await expect(box.submit(entry('1', { what: 'update', rev: 1 }))).rejects.toMatchObject({ status: 412 })
  })

  it('goes on past a write that makes the server fail, and tries it again later', async () => {
    const { box, sent } = await make(async (e) => {
      if (e.id === '1') throw new ApiError(500)
      return record(e.record)
    })
    await box.submit(entry('1'))
    await box.submit(entry('2'))
    expect(sent).toEqual(['2'])
    expect(box.list().map((e) => [e.id, e.state])).toEqual([['1', 'waiting']])
  })

  it('gives a submit its own answer although another pass sends it', async () => {
    let open = () => undefined as void
    const gate = new Promise<void>((r) => (open = r))
    const { box } = await make(async (e) => {
      if (e.id === '1') await gate
      return record(e.record)
    })
    const one = box.submit(entry('1'))
    const two = box.submit(entry('2'))
    open()
    expect([await one, await two]).toEqual([{ id: 'r1' }, { id: 'r2' }])
  })
})
