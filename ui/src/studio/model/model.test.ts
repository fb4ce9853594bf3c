import { describe, expect, it } from 'vitest'
import { fromExpr, fromFilter, toExpr, toFilter } from './condition'
import { diff } from './diff'
import { fieldKey, fieldKeyOk, hyphenKey } from './keys'
import { merge } from './merge'
import { renameIn } from './names'
import { spotOf } from './places'
import { allow, moveBetween, removeState } from './stages'
import type { FormDef } from './types'

describe('keys', () => {
  it('are made of English words, or of the word for the type', () => {
    expect(fieldKey({ 'zh-CN': '折后金额', en: 'Net amount' }, 'currency', new Set())).toBe('netAmount')
    expect(fieldKey({ 'zh-CN': '折后金额' }, 'currency', new Set())).toBe('currency')
    expect(fieldKey({ 'zh-CN': '折后金额' }, 'currency', new Set(['currency', 'currency2']))).toBe('currency3')
    expect(fieldKey('Überprüfung (2)', 'text', new Set())).toBe('uberprufung2')
    expect(fieldKey('2nd visit', 'text', new Set())).toBe('ndVisit')
  })
  it('avoid the words of the envelope and of expressions', () => {
    expect(fieldKey('Version', 'text', new Set())).toBe('text')
    expect(fieldKeyOk('in')).toBe(false)
  })
  it('of views and sections have hyphens', () => {
    expect(hyphenKey({ en: 'My open ones!' }, 'view', new Set())).toBe('my-open-ones')
    expect(hyphenKey('视图', 'view', new Set(['view']))).toBe('view-2')
  })
})

it('renames in expressions only what stands for itself', () => {
  expect(renameIn("a + x.a - a(1) + 'a' + aa + [a]", 'a', 'b')).toBe("b + x.a - a(1) + 'a' + aa + [b]")
})

describe('conditions', () => {
  const both = [
    "stage == 'won'",
    "stage in ['won', 'lost'] or not isEmpty(closedAt)",
    'amount >= 1000.5 and level != nil',
    "not (kind in ['a', 'b'])",
    "contains(name, 'it\\'s')",
    'closedAt > today() - 30 and owner == user.id',
    'closedAt <= date(2026, 2, 9)',
    'paid == true',
    "not isEmpty(record.owner) and record.stage in ['a', 'b']",
  ]
  it.each(both)('%s is rows, and the same expression again', (expr) => {
    const rows = fromExpr(expr)
    expect(rows).toBeDefined()
    expect(toExpr(rows!)).toBe(expr)
  })
  it.each([
    'a == 1 and b == 2 or c == 3',
    'sum(lines, .qty) > 3',
    'a + 1 == 2',
    'owner.name == 1',
    "a == 'open",
    'any(lines, .x in [1])',
  ])('%s stays an expression', (expr) => expect(fromExpr(expr)).toBeUndefined())
  it('reads short ways of saying it', () => {
    expect(fromExpr('paid and !sent')).toEqual({
      join: 'and',
      rows: [
        { field: 'paid', op: 'eq', value: true },
        { field: 'sent', op: 'ne', value: true },
      ],
    })
  })
  it('are filters too', () => {
    const f = {
      and: [
        { field: 'stage', op: 'in', value: ['a'] },
        { field: 'owner', op: 'empty' },
      ],
    }
    expect(toFilter(fromFilter(f)!)).toEqual(f)
    expect(toFilter(fromFilter(f.and[0]!)!)).toEqual(f.and[0])
    expect(fromFilter({ and: [{ or: [] }] })).toBeUndefined()
    expect(toFilter({ join: 'and', rows: [] })).toBeUndefined()
  })
})

describe('joining two edits', () => {
  const base = {
    t: 'x',
    list: [
      { key: 'a', n: 1 },
      { key: 'b', n: 1 },
    ],
    set: ['p', 'q'],
  }
  it('takes both where they do not touch', () => {
    const mine = {
      ...base,
      list: [
        { key: 'a', n: 2 },
        { key: 'b', n: 1 },
        { key: 'c', n: 1 },
      ],
    }
    const theirs = {
      ...base,
      t: 'y',
      list: [
        { key: 'b', n: 1 },
        { key: 'a', n: 1 },
      ],
      set: ['p', 'r', 'q'],
    }
    expect(merge(base, mine, theirs)?.value).toEqual({
      t: 'y',
      list: [
        { key: 'b', n: 1 },
        { key: 'c', n: 1 },
        { key: 'a', n: 2 },
      ],
      set: ['p', 'r', 'q'],
    })
  })
  it('gives up where they do', () => {
    expect(merge(base, { ...base, t: '1' }, { ...base, t: '2' })).toBeUndefined()
    expect(
      merge(base, { ...base, list: [base.list[0]!] }, { ...base, list: [base.list[0]!, { key: 'b', n: 9 }] }),
    ).toBeUndefined()
    expect(merge({ l: [1] }, { l: [2] }, { l: [3] })).toBeUndefined()
  })
  it('keeps a removal of what the other left alone', () => {
    expect(merge(base, { ...base, list: [base.list[0]!] }, { ...base, t: 'y' })?.value).toEqual({
      ...base,
      t: 'y',
      list: [base.list[0]],
    })
  })
})

const staged = (): FormDef => ({
  kind: 'form',
  key: 'f',
  schema: { properties: { s: { 'x-field': { type: 'select' } }, n: { 'x-field': { type: 'text', title: 'N' } } } },
  stages: {
    field: 's',
    initial: 'a',
    states: [{ key: 'a' }, { key: 'b' }, { key: 'c' }],
    transitions: [
      { key: 'x', from: ['a'], to: 'b' },
      { key: 'y', from: ['*'], to: 'c' },
    ],
  },
})

describe('stages', () => {
  it('opens and closes a way', () => {
    expect(moveBetween(allow(staged(), 'c', 'b', true, 'go').stages!, 'c', 'b')?.key).toBe('x')
    const d = allow(staged(), 'a', 'c', false, 'go')
    expect(moveBetween(d.stages!, 'a', 'c')).toBeUndefined()
    expect(moveBetween(d.stages!, 'b', 'c')?.from).toEqual(['b'])
    expect(allow(staged(), 'a', 'b', false, 'go').stages?.transitions.map((t) => t.key)).toEqual(['y'])
  })
  it('removes a state with the ways to it', () => {
    const s = removeState(staged(), 'a').stages!
    expect(s.initial).toBe('b')
    expect(s.transitions.map((t) => t.key)).toEqual(['y'])
  })
})

describe('what differs', () => {
  it('is told in the words of forms', () => {
    const a = staged()
    const b = structuredClone(a)
    b.schema.properties.n!['x-field']!.title = 'M'
    b.schema.properties.k = { 'x-field': { type: 'number' } }
    b.schema.required = ['s']
    b.stages!.states[0]!.color = 'red'
    expect(diff(a, b).map((c) => `${c.what} ${c.of} ${c.key} ${c.parts ?? ''}`.trim())).toEqual([
      'renamed field n',
      'added field k',
      'changed field s required',
      'changed stage a color',
    ])
    expect(diff(a, structuredClone(a))).toEqual([])
    expect(diff(undefined, a)[0]).toMatchObject({ what: 'added', of: 'form' })
  })
})

it('finds where a problem is mended', () => {
  const d = staged()
  const read = () => d
  expect(spotOf('/app/form/f/schema/properties/n/x-field/expr', read)).toMatchObject({
    tab: 'form',
    key: 'f',
    field: 'n',
  })
  expect(spotOf('/app/form/f/stages/transitions/1/guard/expr', read)).toMatchObject({ tab: 'stages', item: 'y' })
  expect(spotOf('', read)).toBeUndefined()
})
