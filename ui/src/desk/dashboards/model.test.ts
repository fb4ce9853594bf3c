import { describe, expect, it } from 'vitest'
import type { FormEntry } from '@/shared/api'
import { pickText, type Text } from '@/shared/i18n'
import { steps } from './funnel'
import { modelOf, sequence, type Card, type CardData } from './model'
import { parts } from './parts'
import { pivot } from './pivot'

const states = ['new', 'talk', 'done'].map((key, i) => ({
  key,
  title: { en: key.toUpperCase() },
  color: ['gray', 'blue', 'green'][i],
}))
const form = {
  form: 'shop.order',
  key: 'order',
  schema: {
    properties: {
      stage: { 'x-field': { type: 'select', title: { en: 'Stage' } } },
      sum: { 'x-field': { type: 'currency', title: { en: 'Sum' }, currency: 'EUR', scale: 2 } },
      client: { 'x-field': { type: 'relation', title: { en: 'Client' } } },
    },
  },
  stages: { field: 'stage', initial: 'new', states, transitions: [] },
  targets: { client: { form: 'shop.client' } },
} as unknown as FormEntry
const client = {
  form: 'shop.client',
  schema: {
    properties: { kind: { 'x-field': { type: 'select', options: [{ value: 'a', title: 'Large', color: 'red' }] } } },
  },
} as unknown as FormEntry
const forms = (f: string) => (f === 'shop.client' ? client : undefined)
const words = { text: (t: Text) => pickText(t, 'en'), switchOn: 'Yes', switchOff: 'No', count: 'Count' }
const card = (c: Partial<Card>): Card => ({
  key: 'c',
  title: 'C',
  type: 'bar',
  form: 'order',
  measures: [{ fn: 'count', as: 'n' }],
  ...c,
})
const data = (rows: CardData['rows'], more: Partial<CardData> = {}): CardData => ({
  key: 'c',
  form: 'shop.order',
  rows,
  labels: {},
  ...more,
})

describe('a card', () => {
  it('names options and stages, of related forms too, and what is empty', () => {
    const c = card({ groupBy: [{ field: 'client.kind', as: 'kind' }] })
    const m = modelOf(
      c,
      data([
        { kind: 'a', n: 2 },
        { kind: null, n: 1 },
      ]),
      form,
      forms,
      words,
    )
    expect(m.lines.map((l) => l.labels[0])).toEqual([{ text: 'Large', id: 'a', color: 'red' }, { text: '' }])
    expect(m.groups[0]).toEqual({ key: 'kind', title: 'kind', kind: 'option' })
  })

  it('takes names of ids from the answer', () => {
    const c = card({ groupBy: [{ field: 'client', as: 'who' }] })
    const m = modelOf(c, data([{ who: '1', n: 2 }], { labels: { who: { 1: 'ACME' } } }), form, forms, words)
    expect(m.lines[0]!.labels[0]).toEqual({ text: 'ACME', id: '1' })
  })

  it("reads figures as their field says, and as the card's format overrules", () => {
    const c = card({
      measures: [
        { fn: 'sum', field: 'sum', as: 's' },
        { as: 'r', ratio: ['s', 's'], percent: true, scale: 2 },
        { fn: 'count', as: 'n' },
      ],
      format: { n: 'days' },
    })
    const m = modelOf(c, data([{ s: 5, r: 50, n: 1 }]), form, forms, words)
    expect(m.figures.map((f) => f.style)).toEqual([
      { kind: 'currency', currency: 'EUR', scale: 2 },
      { kind: 'percent', scale: 2 },
      { kind: 'days' },
    ])
    expect(m.figures.map((f) => f.additive)).toEqual([true, false, true])
  })

  it('has no gaps in time: nothing is 0 where figures add up, and nothing where they do not', () => {
    const c = card({
      groupBy: [{ field: 'at', unit: 'month', as: 'm' }],
      measures: [
        { fn: 'count', as: 'n' },
        { fn: 'avg', field: 'sum', as: 'a' },
      ],
    })
    const m = modelOf(
      c,
      data([
        { m: '2017-03', n: 1, a: 4 },
        { m: null, n: 9, a: 1 },
        { m: '2017-01', n: 2, a: 3 },
      ]),
      form,
      forms,
      words,
    )
    expect(sequence(m).map((l) => [l.labels[0]!.bucket, ...l.values])).toEqual([
      ['2017-01', 2, 3],
      ['2017-02', 0, null],
      ['2017-03', 1, 4],
    ])
  })
})

describe('a funnel of stages', () => {
  const c = card({
    type: 'funnel',
    groupBy: [{ field: 'stage', as: 'stage' }],
    filter: { field: 'stage', op: 'in', value: ['new', 'talk', 'done'] } as Card['filter'],
  })
  const f = (v: string) =>
    ({ field: 'stage', op: 'eq', value: v }) as unknown as NonNullable<CardData['filters']>[number]
  const m = modelOf(
    c,
    data(
      [
        { stage: 'done', n: 2 },
        { stage: 'new', n: 6 },
      ],
      { filters: [f('done'), f('new')] },
    ),
    form,
    forms,
    words,
  )

  it('shows the stages in their order, those without records too', () => {
    expect(m.lines.map((l) => l.labels[0]!.text)).toEqual(['NEW', 'TALK', 'DONE'])
  })

  it('counts for a step what is there or further, and its filter finds exactly that', () => {
    const list = steps(m, true)
    expect(list.map((x) => x.reached)).toEqual([8, 2, 2])
    expect(list.map((x) => x.conversion)).toEqual([undefined, 25, 100])
    expect(list[0]!.filter).toEqual({ or: [f('new'), f('done')] })
    expect(list[1]!.filter).toEqual(f('done'))
  })

  it('of anything else is taken as it comes', () => {
    expect(steps(m, false).map((x) => x.reached)).toEqual([6, 0, 2])
  })
})

describe('two groups', () => {
  it('become places and the largest series', () => {
    const c = card({
      groupBy: [
        { field: 'at', unit: 'month', as: 'm' },
        { field: 'stage', as: 'stage' },
      ],
    })
    const m = modelOf(
      c,
      data([
        { m: '2017-01', stage: 'new', n: 1 },
        { m: '2017-02', stage: 'done', n: 5 },
        { m: '2017-02', stage: 'new', n: 2 },
      ]),
      form,
      forms,
      words,
    )
    const p = pivot(m, [
      { text: '2017-01', bucket: '2017-01' },
      { text: '2017-02', bucket: '2017-02' },
    ])
    expect(p.series.map((s) => [s.label.text, s.values])).toEqual([
      ['DONE', [0, 5]],
      ['NEW', [1, 2]],
    ])
  })
})

describe('parts of a whole', () => {
  it('have shares, and the ninth and later are drawn as one', () => {
    const c = card({ type: 'pie', groupBy: [{ field: 'client', as: 'who' }] })
    const m = modelOf(c, data(Array.from({ length: 10 }, (_, i) => ({ who: String(i), n: 10 }))), form, forms, words)
    const { list, others } = parts(m)
    expect(list).toHaveLength(7)
    expect(others).toEqual({ count: 3, value: 30, share: 30 })
  })
})
