import { describe, expect, it } from 'vitest'
import { readAddress, writeAddress } from './address'
import { columnsOf, inSight, moveColumn, showColumn } from './columns'
import type { ListField } from './fields'
import { chosenCount, everything, isChosen, nothing, range, toggle } from './selection'
import { ariaSort, press } from './sort'
import { inOrder } from './views'

describe('the address', () => {
  it('comes back as it was written', () => {
    const a = {
      view: 'open',
      filter: { field: 'name', op: 'contains', value: '泵 & 阀' },
      sort: ['-amount', 'name'],
      search: '苏州 恒',
      open: '6b04de48881b58991c42c60f',
      from: '销售看板',
      month: '2026-11',
    }
    expect(readAddress(new URLSearchParams(writeAddress(a).toString()))).toEqual(a)
  })

  it('leaves out what nobody can read', () => {
    expect(readAddress(new URLSearchParams('filter={"field&sort=a;drop,-b&month=soon&search=&filter2=1'))).toEqual({
      sort: ['-b'],
    })
    expect(readAddress(new URLSearchParams('filter=[1]'))).toEqual({})
  })
})

describe('sorting', () => {
  it('goes up, down, and off again', () => {
    expect(press([], 'a', false)).toEqual(['a'])
    expect(press(['a'], 'a', false)).toEqual(['-a'])
    expect(press(['-a'], 'a', false)).toEqual([])
    expect(press(['-b'], 'a', false)).toEqual(['a'])
  })
  it('adds with Shift and keeps places', () => {
    expect(press(['-b'], 'a', true)).toEqual(['-b', 'a'])
    expect(press(['-b', 'a'], 'b', true)).toEqual(['a'])
    expect(press(['b', 'a'], 'b', true)).toEqual(['-b', 'a'])
    expect(press(['a', 'b', 'c', 'd', 'e'], 'f', true)).toEqual(['b', 'c', 'd', 'e', 'f'])
    expect(ariaSort(['-b', 'a'], 'b')).toBe('descending')
  })
})

describe('choosing rows', () => {
  const order = ['a', 'b', 'c', 'd', 'e']
  it('chooses a range from where one began', () => {
    const s = range(toggle(nothing, 'b'), 'd', order)
    expect(order.filter((id) => isChosen(s, id))).toEqual(['b', 'c', 'd'])
    expect(chosenCount(s, 100)).toBe(3)
  })
  it('takes a range out of everything', () => {
    const s = range(toggle(everything, 'b'), 'd', order)
    expect(order.filter((id) => isChosen(s, id))).toEqual(['a', 'e'])
    expect(chosenCount(s, 100)).toBe(97)
    expect(chosenCount(s, undefined)).toBeUndefined()
  })
  it('begins anew where the beginning is no longer there', () => {
    const s = range(toggle(nothing, 'gone'), 'd', order)
    expect([...s.ids]).toEqual(['gone', 'd'])
  })
})

describe('columns', () => {
  const field = (key: string): ListField => ({
    key,
    titles: [key],
    as: 'text',
    options: [],
    askable: true,
    sortable: true,
    shown: true,
  })
  const find = (key: string) => (key === 'gone' ? undefined : field(key))
  const keys = (view: string[], state: Parameters<typeof columnsOf>[1]) =>
    columnsOf(view, state, find, 'name').map((c) => c.field.key)

  it('puts the title first and leaves out what is gone', () => {
    expect(keys(['no', 'name', 'gone', 'x'], {})).toEqual(['name', 'no', 'x'])
  })
  it('shows a field that the view got later', () => {
    expect(keys(['name', 'new', 'x', 'y'], { order: ['name', 'y', 'x'] })).toEqual(['name', 'new', 'y', 'x'])
    expect(keys(['name', 'x'], { order: ['name'], hidden: ['x'] })).toEqual(['name'])
  })
  it('keeps widths within reason', () => {
    expect(columnsOf(['name'], { widths: { name: 5000 } }, find, 'name')[0]?.width).toBe(800)
    expect(columnsOf(['name'], { widths: { name: 1 } }, find, 'name')[0]?.width).toBe(64)
  })
  it('moves a column but not the first, nor before it', () => {
    expect(moveColumn(['n', 'a', 'b', 'c'], 'c', 'a')).toEqual(['n', 'c', 'a', 'b'])
    expect(moveColumn(['n', 'a', 'b', 'c'], 'a', undefined)).toEqual(['n', 'b', 'c', 'a'])
    expect(moveColumn(['n', 'a', 'b'], 'n', 'b')).toEqual(['n', 'a', 'b'])
    expect(moveColumn(['n', 'a', 'b'], 'b', 'n')).toEqual(['n', 'b', 'a'])
  })
  it('hides and shows', () => {
    const hidden = showColumn({}, ['n', 'a', 'b'], 'a', false)
    expect(hidden).toMatchObject({ order: ['n', 'b'], hidden: ['a'] })
    expect(showColumn(hidden, ['n', 'b'], 'a', true)).toMatchObject({ order: ['n', 'b', 'a'], hidden: [] })
  })
  it('draws only columns in sight', () => {
    const widths = [250, ...Array.from({ length: 100 }, () => 100)]
    expect(inSight(widths, 0, 800)).toEqual({ from: 1, to: 12, before: 0 })
    const far = inSight(widths, 5000, 800)
    expect(far.before).toBe((far.from - 1) * 100)
    expect(far.from).toBeGreaterThan(40)
    expect(far.to - far.from).toBeLessThan(16)
  })
})

it('keeps the order of tabs that a person made, new views last', () => {
  const views = ['a', 'b', 'c', 'd'].map((id) => ({ id }))
  expect(inOrder(views, ['c', 'x', 'a']).map((v) => v.id)).toEqual(['c', 'a', 'b', 'd'])
})
