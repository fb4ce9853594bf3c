import { describe, expect, it } from 'vitest'
import { changeOf, paceOf } from './kpi'
import { listAddress } from './drill'
import { branches, found } from './tree'

const money = { kind: 'currency' } as const
const percent = { kind: 'percent' } as const

describe('a change', () => {
  it('is relative for figures, in points for percentages', () => {
    expect(changeOf(110, 100, money)).toEqual({ way: 'up', by: 10, points: false, mood: 'good' })
    expect(changeOf(38.2, 35.7, percent)?.by.toFixed(1)).toBe('2.5')
    expect(changeOf(40, 50, { kind: 'days' })).toMatchObject({ way: 'down', mood: 'plain' })
    expect(changeOf(100, 100, money)).toMatchObject({ way: 'same', mood: 'plain' })
  })

  it('is good where it goes the way that the card wants', () => {
    expect(changeOf(40, 50, { kind: 'days' }, 'lower')).toMatchObject({ way: 'down', mood: 'good' })
    expect(changeOf(60, 50, { kind: 'days' }, 'higher')).toMatchObject({ way: 'up', mood: 'good' })
    expect(changeOf(3, 2, { kind: 'number' }, 'lower')).toMatchObject({ way: 'up', mood: 'bad' })
    expect(changeOf(3, 2, { kind: 'number' })).toMatchObject({ way: 'up', mood: 'good' })
  })

  it('is not there without anything before', () => {
    expect(changeOf(5, 0, money)).toBeUndefined()
    expect(changeOf(5, null, money)).toBeUndefined()
  })
})

describe('a target', () => {
  it('is weighed against the days that are over', () => {
    const p = paceOf(745, 1200, money, { days: 92, elapsed: 54 })!
    expect([p.done.toFixed(1), p.due?.toFixed(1), p.ahead?.toFixed(1)]).toEqual(['62.1', '58.7', '3.4'])
    expect(paceOf(745, 1200, money, { days: 92, elapsed: 92 })).toEqual({ done: 745 / 12 })
  })

  it('of a percentage has nothing to do with time', () => {
    expect(paceOf(38.2, 36, percent, { days: 92, elapsed: 54 })?.ahead?.toFixed(1)).toBe('2.2')
    expect(paceOf(5, undefined, money, undefined)).toBeUndefined()
  })
})

it('an address of a list holds the filter and the way back', () => {
  const url = new URL(listAddress('shop.order', { field: 'a', op: 'eq', value: '1&2' }, '看板 1'), 'http://x')
  expect(url.pathname).toBe('/apps/shop/forms/order')
  expect(JSON.parse(url.searchParams.get('filter')!)).toEqual({ field: 'a', op: 'eq', value: '1&2' })
  expect(url.searchParams.get('from')).toBe('看板 1')
})

it('departments are a tree even where a parent is not known or they go in circles', () => {
  const list = [
    { id: '3', name: 'Team', parent: '2' },
    { id: '1', name: 'Root' },
    { id: '2', name: 'East', parent: '1' },
    { id: '4', name: 'Lost', parent: 'gone' },
    { id: '5', name: 'A', parent: '6' },
    { id: '6', name: 'B', parent: '5' },
  ]
  const tree = branches(list)
  expect(tree.map((b) => `${b.depth} ${b.path}`)).toEqual(['0 Root', '1 Root / East', '2 Root / East / Team', '0 Lost'])
  expect(found(tree, 'east te').map((b) => b.name)).toEqual(['Team'])
})
