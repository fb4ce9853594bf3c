import { describe, expect, it } from 'vitest'
import { formModel, validate, type LocalProblem } from '.'
import { entry } from './testdata/sample'

const model = formModel(entry)
const codes = (list: LocalProblem[]) => list.map((p) => `${p.pointer} ${p.code}`)

describe('a form as a model', () => {
  it('is made once for an entry', () => {
    expect(formModel(entry)).toBe(model)
  })

  it('has its fields in order, with their settings', () => {
    expect(model.fields[0]).toMatchObject({
      key: 'name',
      type: 'text',
      required: true,
      writable: true,
      title: { 'zh-CN': '名称' },
    })
    expect(model.field('qty')).toMatchObject({ scale: 0, unit: { 'zh-CN': '件' }, limits: { maximum: 1000 } })
    expect(model.field('constructor')).toMatchObject({ type: 'text' })
    expect(model.field('toString')).toBeUndefined()
    expect(model.field('lines')?.columns.map((c) => c.key)).toEqual(['item', 'n', 'each', 'kind', 'due', 'ok'])
    expect(model.field('lines')?.columns[0]).toMatchObject({ required: true })
  })

  it('knows what computed fields hold and that nobody types them', () => {
    expect(model.field('total')).toMatchObject({ computed: true, writable: false, as: 'currency', currency: 'CNY' })
    expect(model.field('parentLevel')).toMatchObject({ type: 'lookup', as: 'select', via: 'parent' })
    expect(model.field('parentLevel')?.options.map((o) => o.value)).toEqual(['o0', 'o1', 'o2', 'o3'])
    expect(model.field('fixed')?.writable).toBe(false)
    expect(model.field('parent')?.target).toMatchObject({ form: 'lab.sample', titleField: 'name', readable: true })
  })

  it('computes formulas after those that they read', () => {
    const order = model.formulas.map((f) => f.key)
    expect(order.indexOf('total')).toBeLessThan(order.indexOf('double'))
  })

  it('puts fields that no section names last', () => {
    expect(model.sections.map((s) => s.key)).toEqual(['main', 'money', 'why', 'contact', ''])
    expect(model.sections.at(-1)?.fields.map((f) => f.key)).toEqual(['children', 'fixed', 'no', 'constructor'])
  })

  it('does not let a caller write what they may only read', () => {
    const narrow = formModel({ ...entry, access: { name: 'read', note: 'masked' } })
    expect(narrow.field('name')).toMatchObject({ writable: false, access: 'read' })
    expect(narrow.field('note')).toMatchObject({ writable: false, access: 'masked' })
  })
})

describe('validation', () => {
  it('asks for what is required, not for what is computed', () => {
    expect(codes(validate(model, {}))).toEqual(['/name required', '/level required'])
  })

  it('holds limits with the parameters of their messages', () => {
    const got = validate(model, { name: 'x', level: 'o1', qty: 1001 })
    expect(got).toEqual([
      { code: 'min-length', pointer: '/name', params: { limit: 2, actual: 1 } },
      { code: 'maximum', pointer: '/qty', params: { limit: 1000, actual: 1001 } },
    ])
  })

  it('counts characters, not UTF-16 units', () => {
    expect(validate(model, { name: '😀'.repeat(40), level: 'o1' })).toEqual([])
    expect(codes(validate(model, { name: '😀'.repeat(41), level: 'o1' }))).toEqual(['/name max-length'])
  })

  it('points into rows', () => {
    const lines = [{ item: 'ok', n: 1 }, { n: -1 }]
    expect(codes(validate(model, { name: 'ab', level: 'o1', lines }))).toEqual(
      expect.arrayContaining(['/lines/1/item required', '/lines/1/n minimum']),
    )
  })

  it('holds conditions between fields', () => {
    const done = { name: 'ab', level: 'o1', done: true }
    expect(codes(validate(model, done))).toEqual(['/at required'])
    expect(validate(model, { ...done, at: '2026-03-05T01:00:00.000Z' })).toEqual([])
  })

  it('lets decimals be, which coercion has rounded', () => {
    expect(validate(model, { name: 'ab', level: 'o1', price: 0.07, rate: 33.3 })).toEqual([])
  })

  it('leaves a pattern that this browser cannot read to the server', () => {
    const properties = {
      ...entry.schema.properties,
      reason: { ...entry.schema.properties.reason, pattern: '(?i)[[:alpha:]]+\\_' },
    }
    const odd = formModel({ ...entry, schema: { ...entry.schema, properties } as typeof entry.schema })
    expect(validate(odd, { name: 'ab', level: 'o1', reason: 'x' })).toEqual([])
    expect(codes(validate(odd, { name: 'x', level: 'o1', reason: 'x' }))).toEqual(['/name min-length'])
  })

  it('does not look at what the caller sees masked', () => {
    const narrow = formModel({ ...entry, access: { phone: 'masked' } })
    expect(validate(narrow, { name: 'ab', level: 'o1', phone: '***' })).toEqual([])
  })
})
