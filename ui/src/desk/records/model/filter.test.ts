import { describe, expect, it } from 'vitest'
import {
  both,
  carry,
  complete,
  cond,
  edit,
  fromWire,
  group,
  leaves,
  me,
  mine,
  opsOf,
  settle,
  toWire,
  type Wire,
} from './filter'

const there = (w: Wire) => toWire(fromWire(w))

describe('a filter as conditions', () => {
  it.each<[string, Wire]>([
    ['a leaf', { field: 'a', op: 'contains', value: '泵' }],
    ['days from today', { field: 'at', op: 'lt', value: { expr: 'today() - 30' } }],
    ['today itself', { field: 'at', op: 'gte', value: { expr: 'today()' } }],
    ['whoever looks', { field: 'owner', op: 'eq', value: { expr: 'user.id' } }],
    ['their department', { field: 'owner', op: 'under', value: { expr: 'user.department' } }],
    ['a period', { field: 'at', op: 'within', value: { last: 7, unit: 'day' } }],
    ['a bucket', { field: 'at', op: 'within', value: '2026-Q1' }],
    ['emptiness', { field: 'a', op: 'notEmpty' }],
    [
      'nested groups',
      {
        or: [
          { field: 'a', op: 'empty' },
          {
            and: [
              { field: 'b', op: 'gt', value: 1 },
              { field: 'c', op: 'eq', value: false },
            ],
          },
        ],
      },
    ],
    [
      'negation of a group',
      {
        not: {
          or: [
            { field: 'a', op: 'empty' },
            { field: 'b', op: 'empty' },
          ],
        },
      },
    ],
    ['negation of a comparison', { not: { field: 'b', op: 'gt', value: 1 } }],
    ['negation of a test', { not: { field: 'a', op: 'contains', value: 'x' } }],
    ['an expression nobody can edit', { field: 'at', op: 'lt', value: { expr: 'addMonths(today(), -1)' } }],
    ['an operator of a later version', { field: 'a', op: 'near', value: 3 }],
  ])('keeps %s', (_, wire) => expect(there(wire)).toEqual(wire))

  it('tells me and others as one choice, and sends them as two tests', () => {
    const wire = {
      or: [
        { field: 'owner', op: 'eq', value: { expr: 'user.id' } },
        { field: 'owner', op: 'in', value: ['u1', 'u2'] },
      ],
    }
    const top = fromWire(wire)
    expect(top.items).toHaveLength(1)
    expect(top.items[0]).toMatchObject({ op: 'any', value: [me, 'u1', 'u2'] })
    expect(toWire(top)).toEqual(wire)
  })

  it('turns the negation of a choice into its opposite', () => {
    expect(there({ not: { field: 's', op: 'in', value: ['a'] } })).toEqual({ field: 's', op: 'nin', value: ['a'] })
  })

  it('asks nothing while a condition is not complete', () => {
    expect(
      toWire(group('and', [cond('a', 'contains', ''), cond('b', 'any', []), cond('c', 'between', [1, undefined])])),
    ).toBeUndefined()
    expect(toWire(group('and', [cond('a', 'contains', ''), cond('d', 'empty')]))).toEqual({ field: 'd', op: 'empty' })
    expect(complete(cond('n', 'gte', 0))).toBe(true)
  })

  it('shows a single value of a choice as a list', () => {
    const types = { s: 'select', n: 'number' } as const
    const n = settle(
      fromWire({
        and: [
          { field: 's', op: 'eq', value: 'a' },
          { field: 'n', op: 'eq', value: 3 },
        ],
      }),
      (f) => types[f as 's'],
    )
    expect(toWire(n)).toEqual({
      and: [
        { field: 's', op: 'in', value: ['a'] },
        { field: 'n', op: 'eq', value: 3 },
      ],
    })
  })

  it('keeps a value through a change of operator only where it fits', () => {
    expect(carry('any', 'none', ['a'])).toEqual(['a'])
    expect(carry('any', 'under', ['a'])).toBeUndefined()
    expect(carry('under', 'notUnder', mine)).toBe(mine)
    expect(carry('gte', 'between', 3)).toBeUndefined()
    expect(carry('gte', 'empty', 3)).toBeUndefined()
  })

  it('joins a view and what was added to it without nesting', () => {
    const a = { field: 'a', op: 'empty' }
    const b = { field: 'b', op: 'empty' }
    const c = { field: 'c', op: 'empty' }
    expect(both({ and: [a, b] }, c)).toEqual({ and: [a, b, c] })
    expect(both(undefined, {}, c)).toEqual(c)
    expect(both(undefined, {})).toBeUndefined()
    expect(both({ or: [a, b] }, c)).toEqual({ and: [{ or: [a, b] }, c] })
  })

  it('edits and takes out by id, however deep', () => {
    const inner = cond('b', 'is', 1)
    const root = group('and', [cond('a', 'empty'), group('or', [inner, cond('c', 'empty')])])
    expect(leaves(root)).toBe(3)
    expect(toWire(edit(root, inner.id, (n) => ({ ...n, value: 2 }) as typeof inner))).toEqual({
      and: [
        { field: 'a', op: 'empty' },
        {
          or: [
            { field: 'b', op: 'eq', value: 2 },
            { field: 'c', op: 'empty' },
          ],
        },
      ],
    })
    expect(leaves(edit(root, inner.id, () => undefined))).toBe(2)
  })

  it('offers each type operators that the server takes for it', () => {
    expect(opsOf('multiselect')).not.toContain('any')
    expect(opsOf('longtext')).not.toContain('is')
    expect(opsOf('table')).toEqual([])
  })
})
