import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/shared/api'
import { Workbench, type Backup, type Remote } from './workbench'
import type { Definition, FormDef } from './types'

const form = (title: string, more: object = {}): FormDef => ({
  kind: 'form',
  key: 'a',
  title,
  schema: { properties: {} },
  ...more,
})

/** A server that compares tags, and a device that remembers. */
function rig(first: Definition | undefined = form('one')) {
  let value: Definition | undefined = first
  let n = 1
  let fail: ApiError | undefined
  const writes: Definition[] = []
  const remote: Remote = {
    read: async () => value && { value, etag: `"${n}"`, draft: false },
    write: async (_k, _key, v, etag) => {
      if (fail) throw fail
      if (etag && etag !== `"${n}"`) throw new ApiError(412)
      value = v
      writes.push(v)
      return `"${++n}"`
    },
    remove: async () => void (value = undefined),
  }
  const kept = new Map<string, { value: Definition; base: Definition | null }>()
  const backup: Backup = {
    get: (name) => kept.get(name),
    set: (name, v, base) => void kept.set(name, { value: v, base: base ?? null }),
    drop: (name) => void kept.delete(name),
  }
  const other = (v: Definition) => {
    value = v
    n++
  }
  return {
    bench: new Workbench(remote, backup),
    remote,
    backup,
    kept,
    writes,
    other,
    failWith: (e?: ApiError) => (fail = e),
    server: () => value,
  }
}
const title =
  (t: string) =>
  (d: FormDef): FormDef => ({ ...d, title: t })

beforeEach(() => void vi.useFakeTimers())

describe('saving by itself', () => {
  it('sends a burst of edits once, and forgets the copy on the device', async () => {
    const r = rig()
    await r.bench.load('form', 'a')
    r.bench.edit('form', 'a', title('t'), 'title')
    r.bench.edit('form', 'a', title('tw'), 'title')
    r.bench.edit('form', 'a', title('two'), 'title')
    expect(r.bench.unsaved).toBe(true)
    expect(r.kept.size).toBe(1)
    await vi.advanceTimersByTimeAsync(700)
    expect(r.writes).toEqual([form('two')])
    expect(r.bench.get('form', 'a')?.state).toBe('saved')
    expect(r.kept.size).toBe(0)
  })
  it('takes letters typed in a row back together, and sends that too', async () => {
    const r = rig()
    await r.bench.load('form', 'a')
    r.bench.edit('form', 'a', title('t'), 'title')
    r.bench.edit('form', 'a', title('tw'), 'title')
    r.bench.undo('form', 'a')
    expect(r.bench.value('form', 'a')).toEqual(form('one'))
    r.bench.redo('form', 'a')
    expect(r.bench.value('form', 'a')).toEqual(form('tw'))
    await r.bench.flush()
    expect(r.server()).toEqual(form('tw'))
  })
  it('keeps edits that come while one is being sent', async () => {
    const r = rig()
    await r.bench.load('form', 'a')
    r.bench.edit('form', 'a', title('two'))
    const sent = r.bench.flush()
    r.bench.edit('form', 'a', title('three'))
    await sent
    await vi.advanceTimersByTimeAsync(2000)
    expect(r.server()).toEqual(form('three'))
  })
})

describe('when it does not arrive', () => {
  it('tries again while the server is away', async () => {
    const r = rig()
    await r.bench.load('form', 'a')
    r.failWith(new ApiError(0))
    r.bench.edit('form', 'a', title('two'))
    await vi.advanceTimersByTimeAsync(700)
    expect(r.bench.get('form', 'a')?.state).toBe('away')
    r.failWith()
    await vi.advanceTimersByTimeAsync(5000)
    expect(r.server()).toEqual(form('two'))
  })
  it('says what the server refuses, and sends the next edit', async () => {
    const r = rig()
    await r.bench.load('form', 'a')
    r.failWith(new ApiError(422, { problems: [{ code: 'too-long', pointer: '/title' }] }))
    r.bench.edit('form', 'a', title('two'))
    await vi.advanceTimersByTimeAsync(700)
    expect(r.bench.get('form', 'a')).toMatchObject({ state: 'refused', error: { code: 'unknown' } })
    r.failWith()
    r.bench.edit('form', 'a', title('three'))
    await vi.advanceTimersByTimeAsync(700)
    expect(r.server()).toEqual(form('three'))
  })
  it('is there again after a crash', async () => {
    const r = rig()
    await r.bench.load('form', 'a')
    r.bench.edit('form', 'a', title('two'))
    const again = new Workbench(r.remote, r.backup)
    await again.load('form', 'a')
    expect(again.value('form', 'a')).toEqual(form('two'))
    await vi.advanceTimersByTimeAsync(100)
    expect(r.server()).toEqual(form('two'))
    again.undo('form', 'a')
    expect(again.value('form', 'a')).toEqual(form('one'))
  })
})

describe('two people at once', () => {
  it('joins what does not touch', async () => {
    const r = rig()
    await r.bench.load('form', 'a')
    r.other(form('one', { icon: 'car' }))
    r.bench.edit('form', 'a', title('two'))
    await vi.advanceTimersByTimeAsync(1500)
    expect(r.server()).toEqual(form('two', { icon: 'car' }))
    expect(r.bench.get('form', 'a')).toMatchObject({ state: 'saved', joined: true })
  })
  it('writes over nobody: a person decides', async () => {
    const r = rig()
    await r.bench.load('form', 'a')
    r.other(form('theirs'))
    r.bench.edit('form', 'a', title('mine'))
    await vi.advanceTimersByTimeAsync(5000)
    expect(r.server()).toEqual(form('theirs'))
    expect(r.bench.get('form', 'a')).toMatchObject({ state: 'conflict', theirs: { value: form('theirs') } })
    r.bench.keepMine('form', 'a')
    await vi.advanceTimersByTimeAsync(100)
    expect(r.server()).toEqual(form('mine'))
  })
  it('takes theirs with mine one step back', async () => {
    const r = rig()
    await r.bench.load('form', 'a')
    r.other(form('theirs'))
    r.bench.edit('form', 'a', title('mine'))
    await vi.advanceTimersByTimeAsync(1000)
    r.bench.takeTheirs('form', 'a')
    expect(r.bench.value('form', 'a')).toEqual(form('theirs'))
    r.bench.undo('form', 'a')
    expect(r.bench.value('form', 'a')).toEqual(form('mine'))
  })
  it('asks about what was left on the device when both changed the same', async () => {
    const r = rig()
    r.kept.set('form/a', { value: form('mine'), base: form('zero') })
    await r.bench.load('form', 'a')
    expect(r.bench.get('form', 'a')).toMatchObject({ state: 'conflict' })
    expect(r.writes).toEqual([])
  })
})

it('removes, and brings back', async () => {
  const r = rig()
  await r.bench.load('form', 'a')
  const back = await r.bench.remove('form', 'a')
  expect(r.server()).toBeUndefined()
  expect(r.bench.get('form', 'a')).toBeUndefined()
  back()
  await vi.advanceTimersByTimeAsync(100)
  expect(r.server()).toEqual(form('one'))
})
