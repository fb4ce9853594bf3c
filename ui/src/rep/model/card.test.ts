import { expect, it } from 'vitest'
import type { FormEntry, RecordDocument } from '@/shared/api'
import { formModel } from '@/shared/schema'
import { cardOf, planCard, planFields } from './card'
import type { CellContext } from './cell'

const field = (type: string, more: object = {}) => ({ 'x-field': { type, title: type, ...more } })
const entry = {
  key: 'deal',
  form: 'shop.deal',
  title: 'Deal',
  owner: 'owner',
  titleField: 'name',
  searchable: true,
  actions: ['read'],
  schema: {
    type: 'object',
    properties: {
      name: field('text'),
      who: field('relation'),
      amount: field('currency', { currency: 'CNY' }),
      stage: field('select'),
      owner: field('user'),
      due: field('date'),
      kind: field('select', { options: [{ value: 'a', title: 'Alpha', color: 'blue' }] }),
    },
  },
  stages: {
    field: 'stage',
    initial: 'new',
    states: [
      { key: 'new', title: 'New' },
      { key: 'won', title: 'Won', category: 'done' },
      { key: 'lost', title: 'Lost', category: 'failed' },
    ],
    transitions: [],
  },
} as unknown as FormEntry
const model = formModel(entry)
const cells = {
  text: (t: unknown) => (typeof t === 'string' ? t : ''),
  format: { money: (n: number) => `¥${n}`, dayNear: (d: string) => d },
  labels: { who: { x1: '华辰' }, owner: { u1: '林晓雯' } },
  yes: 'yes',
  no: 'no',
} as unknown as CellContext
const record = (data: object) => ({ id: 'abcdef012345', data }) as unknown as RecordDocument
const draw = (data: object) => cardOf(record(data), model, planCard(model), cells, '2026-11-29')

it('draws a record by what its fields are: title, amount, stage, label, day and two lines', () => {
  expect(planFields(model, planCard(model)).sort()).toEqual(['amount', 'due', 'kind', 'name', 'owner', 'stage', 'who'])
  expect(draw({ name: '二期', who: 'x1', amount: 5, stage: 'new', owner: 'u1', due: '2026-11-28', kind: 'a' })).toEqual(
    {
      id: 'abcdef012345',
      title: '二期',
      amount: '¥5',
      tags: [{ key: 'kind', text: 'Alpha', color: 'blue' }],
      stage: { at: 0, of: 2, text: 'New', category: 'open' },
      date: { text: '2026-11-28', title: 'date', late: true },
      lines: ['华辰', '林晓雯'],
    },
  )
})

it('calls nothing late that is over, and shows no amount of nothing', () => {
  const card = draw({ stage: 'won', due: '2026-11-28', amount: 0 })
  expect(card.date?.late).toBe(false)
  expect(card.amount).toBeUndefined()
  expect(card.title).toBe('012345') // a record without a name is known by the end of its id
})
