import { act, renderHook, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { formModel } from '../schema'
import { entry } from '../schema/testdata/sample'
import { useDraft } from './draft'
import { drafts } from './draftStore'
import { FormState } from './state'

const model = formModel(entry)
const ctx = {
  user: { id: 'u' },
  zone: 'Asia/Shanghai',
  workspaceZone: 'Asia/Shanghai',
  now: () => Date.UTC(2026, 10, 29),
}
const record = { id: '65a1b2c3d4e5f60718293a4b', rev: 3, data: { name: '样品', level: 'o1', price: 10 } }
const key = `record/lab.sample/${record.id}`

/** The page is opened anew: what is in memory is gone. */
function open(start: ConstructorParameters<typeof FormState>[2] = record, of = model) {
  const state = new FormState(of, ctx, start)
  const { result, unmount } = renderHook(() => useDraft(state, key))
  return { state, result, unmount }
}

/** Leaves without closing anything, as a crash or a killed tab does. */
const crash = () => act(() => void dispatchEvent(new Event('pagehide')))

beforeEach(() => localStorage.clear())
afterEach(() => vi.unstubAllGlobals())

describe('what was typed and not saved', () => {
  it('is back when the page is opened again, also what is no value yet', async () => {
    const before = open()
    await act(async () => undefined)
    act(() => before.state.write({ name: '新名称', price: '12x' }))
    crash()
    const after = open()
    await waitFor(() => expect(after.result.current.restored).toBeDefined())
    expect(after.state.value('name')).toBe('新名称')
    expect(after.state.raw('price')).toBe('12x')
    expect(after.result.current.restored).toMatchObject({ stale: false, lost: {} })
  })

  it('is kept at once when the page goes out of sight', async () => {
    const before = open()
    await act(async () => undefined)
    act(() => before.state.set('name', '切到别的应用'))
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    act(() => void document.dispatchEvent(new Event('visibilitychange')))
    vi.restoreAllMocks()
    expect(drafts().map((d) => d.key)).toEqual([key])
    const after = open()
    await waitFor(() => expect(after.state.value('name')).toBe('切到别的应用'))
  })

  it('is kept even when the page goes before what lay here was read, and joins that', async () => {
    const first = open()
    await act(async () => undefined)
    act(() => first.state.set('name', '先写的'))
    crash()
    first.unmount()
    const hasty = open()
    hasty.state.set('price', '12')
    dispatchEvent(new Event('pagehide'))
    await act(async () => undefined)
    const after = open()
    await waitFor(() => expect(after.state.value('name')).toBe('先写的'))
    expect(after.state.value('price')).toBe(12)
  })

  it('says so when the record was changed by somebody meanwhile', async () => {
    const before = open()
    await act(async () => undefined)
    act(() => before.state.set('name', '新名称'))
    crash()
    const after = open({ ...record, rev: 4 })
    await waitFor(() => expect(after.result.current.restored?.stale).toBe(true))
  })

  it('is not thrown away with a field that the form no longer has', async () => {
    const before = open()
    await act(async () => undefined)
    act(() => before.state.write({ name: '新名称', reason: '写了很久' }))
    crash()
    const properties = { ...entry.schema.properties }
    delete properties.reason
    const after = open(record, formModel({ ...entry, schema: { ...entry.schema, properties } as typeof entry.schema }))
    await waitFor(() => expect(after.result.current.restored?.lost).toEqual({ reason: '写了很久' }))
    expect(after.state.value('name')).toBe('新名称')
  })

  it('is forgotten once it is saved, or discarded', async () => {
    const { state, result } = open()
    await act(async () => undefined)
    act(() => state.set('name', '新名称'))
    crash()
    expect(drafts()).toMatchObject([{ key, form: 'lab.sample' }])
    act(() => state.saved({ ...record, rev: 4, data: { ...record.data, name: '新名称' } }))
    crash()
    expect(drafts()).toEqual([])
    act(() => state.set('name', '又改'))
    crash()
    expect(drafts()).toHaveLength(1)
    act(() => result.current.discard())
    expect(state.dirty).toEqual([])
    expect(drafts()).toEqual([])
  })

  it('does not come back as an older one when the device is full', async () => {
    const before = open()
    await act(async () => undefined)
    act(() => before.state.set('name', '旧的草稿'))
    crash()
    const real = localStorage
    const setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    vi.stubGlobal('localStorage', {
      setItem,
      removeItem: (k: string) => real.removeItem(k),
      getItem: (k: string) => real.getItem(k),
    })
    act(() => before.state.set('name', '新的草稿'))
    crash()
    vi.unstubAllGlobals()
    expect(drafts()).toEqual([])
  })

  it('that cannot be read is no draft', async () => {
    localStorage.setItem(`formwork.draft.${key}`, '{"v":1,"typed":')
    const { state, result } = open()
    await act(async () => undefined)
    expect(result.current.restored).toBeUndefined()
    expect(state.dirty).toEqual([])
  })
})
