import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '../api'
import { formModel, type JsonObject, type Row } from '../schema'
import { entryWithCells } from '../schema/testdata/cells'
import { entry } from '../schema/testdata/sample'
import type { FormContext } from './context'
import { blocks } from './problems'
import { FormState } from './state'

const model = formModel(entry)
const ctx: FormContext = {
  user: { id: '65a1b2c3d4e5f60718293a00', name: '李雷' },
  zone: 'Asia/Shanghai',
  workspaceZone: 'Asia/Shanghai',
  now: () => Date.parse('2026-11-29T02:00:00Z'),
}
const row = (n: number, more: JsonObject = {}): Row => ({ _id: `65a1b2c3d4e5f60718293b0${n}`, ...more })
const shown = (s: FormState, key: string) => s.shown(key).map((p) => p.code)

let fresh: FormState
let kept: FormState
const record = {
  id: '65a1b2c3d4e5f60718293a4b',
  rev: 3,
  data: { name: '样品一', level: 'o1', qty: 2, price: 10, total: 20, double: 40 } as JsonObject,
}

beforeEach(() => {
  fresh = new FormState(model, ctx)
  kept = new FormState(model, ctx, record)
})

describe('a new record', () => {
  it('starts with its defaults, which nobody has typed', () => {
    expect(fresh.data).toMatchObject({ level: 'o1', day: '2026-11-29', owner: ctx.user.id })
    expect(fresh.dirty).toEqual([])
  })

  it('sends everything that is filled, and null for a default that was cleared', () => {
    fresh.set('name', '新样品')
    fresh.set('owner', '')
    expect(fresh.patch()).toEqual({ name: '新样品', level: 'o1', day: '2026-11-29', owner: null })
  })

  it('may start with values that came along, which count as defaults', () => {
    const s = new FormState(model, ctx, { preset: { name: '来自别处', owner: '65a1b2c3d4e5f60718293a01' } })
    expect(s.patch()).toMatchObject({ name: '来自别处', owner: '65a1b2c3d4e5f60718293a01' })
    expect(s.dirty).toEqual([])
  })
})

describe('typing', () => {
  it('computes formulas and those that read them', () => {
    kept.set('qty', '3')
    expect(kept.value('total')).toBe(30)
    expect(kept.value('double')).toBe(60)
  })

  it('keeps what was typed beside the value that it stands for, until the field is left', () => {
    kept.set('price', '１，２３４.5０')
    expect(kept.raw('price')).toBe('１，２３４.5０')
    expect(kept.value('price')).toBe(1234.5)
    kept.leave('price')
    expect(kept.raw('price')).toBe(1234.5)
  })

  it('keeps what is no value on the screen, and says so once the field is left', () => {
    kept.set('price', '12x')
    expect(kept.raw('price')).toBe('12x')
    expect(kept.value('price')).toBeUndefined()
    expect(shown(kept, 'price')).toEqual([])
    kept.leave('price')
    expect(shown(kept, 'price')).toEqual(['not-a-number'])
    expect(kept.check()).toBe(false)
  })

  it('knows what differs from the record as it was', () => {
    kept.set('qty', '5')
    kept.set('name', '样品一 ')
    expect(kept.dirty).toEqual(['qty'])
    kept.set('qty', '2.0')
    expect(kept.dirty).toEqual([])
  })

  it('sends only what changed, null for what was cleared', () => {
    kept.set('qty', '')
    kept.set('note', '备注')
    expect(kept.patch()).toEqual({ qty: null, note: '备注' })
  })

  it('puts one field back, or all', () => {
    kept.write({ qty: '9', price: 'oops' })
    kept.reset('qty')
    expect(kept.value('qty')).toBe(2)
    expect(kept.raw('price')).toBe('oops')
    kept.reset()
    expect(kept.raw('price')).toBe(10)
    expect(kept.dirty).toEqual([])
    expect(kept.value('total')).toBe(20)
  })

  it('cannot be done to what is computed', () => {
    kept.set('total', '999')
    expect(kept.value('total')).toBe(20)
    expect(kept.patch()).toEqual({})
  })
})

describe('rules', () => {
  it('ask for fields and show sections while they hold', () => {
    const reason = model.field('reason')
    if (!reason) throw new Error('no such field')
    expect(kept.isVisible('why')).toBe(false)
    expect(kept.isRequired(reason)).toBe(false)
    kept.set('level', 'o3')
    expect(kept.isVisible('why')).toBe(true)
    expect(kept.isRequired(reason)).toBe(true)
    expect(kept.check()).toBe(false)
    expect(shown(kept, 'reason')).toEqual(['required'])
    kept.set('reason', '因为')
    expect(kept.check()).toBe(true)
  })

  it('refuse beside their field', () => {
    kept.write({ day: '2026-03-05', until: '2026-03-04' })
    kept.check()
    expect(kept.shown('until')).toMatchObject([{ code: 'rule', params: { text: { 'zh-CN': '截止不能早于日期。' } } }])
  })

  it('that warn do not keep anybody from saving, and are shown at once', () => {
    kept.set('price', '9000')
    expect(kept.shownOfForm).toMatchObject([{ code: 'rule', severity: 'warning' }])
    expect(kept.check()).toBe(true)
  })

  it('only warn of what was wrong before and is not touched', () => {
    const old = new FormState(model, ctx, { ...record, data: { ...record.data, level: 'o3', qty: 5000 } })
    expect(old.check()).toBe(true)
    expect(old.shown('reason').some(blocks)).toBe(false)
    old.set('qty', '6000')
    expect(old.check()).toBe(false)
  })
})

describe('rows of a sub-table', () => {
  it('feed the formulas over them', () => {
    kept.set('lines', [row(1, { item: 'a', n: '2', each: '1,000' }), row(2, { item: 'b', n: 1, each: 0.5 })])
    expect(kept.value('sum')).toBe(2000.5)
  })

  it('keep summing while one cell is no number yet', () => {
    kept.set('lines', [row(1, { item: 'a', n: 2, each: 3 }), row(2, { item: 'b', n: 1, each: '4x' })])
    expect(kept.value('sum')).toBe(6)
    kept.check()
    expect(kept.shown('lines')).toMatchObject([{ code: 'not-a-number', pointer: '/lines/1/each' }])
  })

  it('are not sent when nothing but defaults stands in them', () => {
    kept.set('lines', [row(1, { n: 1 }), row(2, { item: 'b', n: 1 })])
    expect(kept.patch()).toEqual({ lines: [row(2, { item: 'b', n: 1 })] })
  })

  it('get the problems of the rows that were sent', () => {
    kept.set('lines', [row(1), row(2, { item: 'b' })])
    const problems = [{ code: 'max-length', pointer: '/data/lines/0/item', message: '太长了' }]
    expect(kept.refused(new ApiError(422, { status: 422, problems }))).toEqual([])
    expect(kept.shown('lines')).toMatchObject([{ pointer: '/lines/1/item', message: '太长了' }])
  })

  it('get an id where they have none', () => {
    const s = new FormState(model, ctx, { ...record, data: { ...record.data, lines: [{ item: 'old' }] } })
    const id = s.rows('lines')[0]?._id
    expect(id).toMatch(/^[0-9a-f]{24}$/)
    expect(s.rows('lines')[0]?._id).toBe(id)
    expect(s.dirty).toEqual([])
  })
})

describe('what the server refuses', () => {
  const refuse = (pointer: string, code = 'duplicate') =>
    new ApiError(422, { status: 422, problems: [{ code, pointer, message: '已被使用' }] })

  it('stands beside its field until that is changed', () => {
    kept.set('name', '重复')
    kept.refused(refuse('/data/name'))
    expect(kept.shown('name')).toMatchObject([{ message: '已被使用', server: true }])
    kept.set('name', '不重复')
    expect(shown(kept, 'name')).toEqual([])
  })

  it('is given back when it belongs to no field', () => {
    expect(kept.refused(refuse('/data'))).toHaveLength(1)
    expect(kept.refused(refuse('/data/no-such-field'))).toHaveLength(1)
    expect(kept.shownOfForm).toHaveLength(1)
  })
})

describe('saving and what others do meanwhile', () => {
  it('takes the record as it was saved, and keeps what was typed since', () => {
    kept.set('qty', '3')
    const sent = kept.patch()
    kept.set('note', '还在写')
    kept.saved({ ...record, rev: 4, data: { ...record.data, qty: 3, total: 30, double: 60, no: 'S-1' } }, sent)
    expect(kept.dirty).toEqual(['note'])
    expect(kept.rev).toBe(4)
    expect(kept.value('no')).toBe('S-1')
  })

  it('follows what others change, and keeps what is being typed here', () => {
    kept.set('qty', '7')
    kept.merge({ rev: 4, data: { ...record.data, price: 20, total: 40 } })
    expect(kept.value('price')).toBe(20)
    expect(kept.value('qty')).toBe(7)
    expect(kept.value('total')).toBe(140)
    expect(kept.conflicts.size).toBe(0)
  })

  it('tells of a field that both changed, and can take the other value', () => {
    kept.set('qty', '7')
    kept.merge({ rev: 4, data: { ...record.data, qty: 8 } })
    expect(kept.conflicts.get('qty')).toBe(8)
    expect(kept.value('qty')).toBe(7)
    kept.takeTheirs('qty')
    expect(kept.value('qty')).toBe(8)
    expect(kept.dirty).toEqual([])
    expect(kept.conflicts.size).toBe(0)
  })

  it('is no conflict when both typed the same', () => {
    kept.set('qty', '7')
    kept.merge({ rev: 4, data: { ...record.data, qty: 7 } })
    expect(kept.dirty).toEqual([])
    expect(kept.conflicts.size).toBe(0)
  })

  it('does not go back to an older answer', () => {
    kept.saved({ ...record, rev: 5, data: { ...record.data, qty: 9 } })
    kept.follow({ rev: 4, data: record.data })
    expect(kept.value('qty')).toBe(9)
  })

  it('fills in what only the server can compute', () => {
    kept.setComputed({ parentLevel: 'o2', total: 999, name: 'nonsense' })
    expect(kept.value('parentLevel')).toBe('o2')
    expect(kept.value('total')).toBe(20)
    expect(kept.value('name')).toBe('样品一')
  })
})

describe('following', () => {
  it('tells only those whose field, or whose problems, changed', () => {
    const heard = { qty: vi.fn(), total: vi.fn(), name: vi.fn(), all: vi.fn() }
    kept.subscribe('qty', heard.qty)
    kept.subscribe('total', heard.total)
    kept.subscribe('name', heard.name)
    kept.subscribe('*', heard.all)
    kept.set('qty', '3')
    expect(heard.qty).toHaveBeenCalledTimes(1)
    expect(heard.total).toHaveBeenCalledTimes(1)
    expect(heard.name).not.toHaveBeenCalled()
    expect(heard.all).toHaveBeenCalledTimes(1)
  })

  it('waits for uploads', async () => {
    let arrive = () => undefined as void
    kept.waitFor(new Promise<void>((done) => (arrive = done)))
    expect(kept.waiting).toBe(true)
    const settled = kept.settled()
    arrive()
    await settled
    expect(kept.waiting).toBe(false)
  })
})

describe('columns of a sub-table that compute', () => {
  const withCells = formModel(entryWithCells())

  it('follow what is typed in their row, and totals follow them', () => {
    const s = new FormState(withCells, ctx)
    s.set('lines', [row(1, { item: '甲', n: '3', each: '0.35' }), row(2, { item: '乙', n: 2, each: 10 })])
    expect(s.value('lines')).toMatchObject([
      { amount: 1.05, taxed: 1.19 },
      { amount: 20, taxed: 22.6 },
    ])
    expect(s.value('sum')).toBe(23.79)
    const [first, second] = s.rows('lines')
    s.set('lines', [{ ...first, n: '4' }, second!])
    expect(s.value('lines')).toMatchObject([{ amount: 1.4, taxed: 1.58 }, { amount: 20 }])
    expect(s.value('sum')).toBe(24.18)
  })

  it('do not make a row of nothing, nor a record dirty that the server computed the same', () => {
    const s = new FormState(withCells, ctx, {
      id: record.id,
      rev: 1,
      data: { name: 'x', lines: [row(1, { item: '甲', n: 3, each: 0.35, amount: 1.05, taxed: 1.19 })] },
    })
    const rows = s.rows('lines')
    s.set('lines', [...rows, row(2, { n: 1 })])
    expect(s.value('lines')).toHaveLength(1)
    expect(s.dirty).toEqual([])
  })

  it('follow the server when it computes something else', () => {
    const s = new FormState(withCells, ctx, { id: record.id, rev: 1, data: { name: 'x' } })
    s.set('lines', [row(1, { item: '甲', n: 1, each: 2 })])
    const sent = s.patch()
    s.saved(
      {
        id: record.id,
        rev: 2,
        data: { name: 'x', lines: [row(1, { item: '甲', n: 1, each: 2, amount: 9, taxed: 9 })] },
      },
      sent,
    )
    expect(s.value('lines')).toMatchObject([{ amount: 9, taxed: 9 }])
    expect(s.dirty).toEqual([])
  })
})
