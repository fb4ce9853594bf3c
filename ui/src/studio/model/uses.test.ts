import { expect, it } from 'vitest'
import type { Definition } from './types'
import { usesOf } from './uses'

const all: Definition[] = [
  {
    kind: 'form',
    key: 'deal',
    titleField: 'amount',
    schema: {
      properties: {
        amount: { 'x-field': { type: 'currency' } },
        net: { 'x-field': { type: 'formula', expr: "amount * 2 + len('amount')" } },
        other: { 'x-field': { type: 'formula', expr: 'net * 2' } },
      },
    },
    rules: [{ key: 'amount', when: { expr: 'net > 1' }, refuse: 'amount' }],
  },
  {
    kind: 'form',
    key: 'firm',
    schema: {
      properties: { sum: { 'x-field': { type: 'rollup', form: 'deal', link: 'firm', fn: 'sum', field: 'amount' } } },
    },
  },
  { kind: 'view', key: 'v', form: 'deal', sort: ['-amount'], title: 'amount' },
  { kind: 'view', key: 'w', form: 'firm', fields: ['amount'] },
  {
    kind: 'dashboard',
    key: 'd',
    cards: [
      { key: 'c', title: 'x', type: 'kpi', form: 'app.deal', measures: [{ as: 'm', fn: 'sum', field: 'amount' }] },
    ],
  },
  {
    kind: 'role',
    key: 'r',
    forms: [{ form: 'app.deal', actions: ['read'], fields: [{ field: 'amount', access: 'hidden' }] }],
  },
]

it('finds what names a field, and only that', () => {
  expect(usesOf('app', 'deal', 'amount', all).map((u) => `${u.kind}/${u.key} ${u.pointers.join(' ')}`)).toEqual([
    'form/deal /schema/properties/net /titleField',
    'form/firm /schema/properties/sum',
    'view/v /sort/0',
    'dashboard/d /cards/0/measures/0/field',
    'role/r /forms/0/fields/0/field',
  ])
  expect(usesOf('app', 'deal', 'other', all)).toEqual([])
})
