import { describe, expect, it } from 'vitest'
import type { FormEntry } from '@/shared/api'
import { FormState, type FormContext } from '@/shared/form'
import { formModel } from '@/shared/schema'
import { entry as published } from '@/shared/schema/testdata/sample'
import { inventData } from '../forms/sample'
import { entryOf } from './entry'
import type { FormDef } from './types'

const context = { app: 'sample', forms: [], optionSet: () => [], text: (t: unknown) => String(t ?? '') } as never
const ctx: FormContext = {
  user: { id: '65a1b2c3d4e5f60718293a00' },
  zone: 'Asia/Shanghai',
  workspaceZone: 'Asia/Shanghai',
  now: () => Date.parse('2026-11-29T02:00:00Z'),
}

/** The published form as a draft whose total is half of what it was, and as the server compiles that. */
const draft = structuredClone(published) as unknown as FormDef
const expr = 'qty * price / 2'
draft.schema.properties.total!['x-field']!.expr = expr
const at = '/schema/properties/total/x-field/expr'
const half = {
  ...(published.programs as { [pointer: string]: { root: { a: unknown; b: { v: number } } } })[at]!,
  src: expr,
  root: {
    t: 'div',
    p: [1, 1],
    y: 'number',
    a: {
      t: 'mul',
      p: [1, 1],
      y: 'number',
      a: { t: 'name', p: [1, 1], y: 'number', name: 'qty' },
      b: { t: 'name', p: [1, 1], y: 'number', name: 'price' },
    },
    b: { t: 'number', p: [1, 1], y: 'number', v: 2 },
  },
}
const drafted = { ...published, programs: { ...published.programs, [at]: half } } as unknown as FormEntry

const tried = (model: ReturnType<typeof formModel>) =>
  new FormState(model, ctx, { id: 'x', data: { qty: 3, price: 10, total: 30, double: 60 }, afresh: true })

describe('a form being edited', () => {
  it('computes changed formulas, and those that read them, before it is published', () => {
    const state = tried(formModel(entryOf(draft, context, drafted, published)))
    expect(state.value('total')).toBe(15)
    expect(state.value('double')).toBe(30)
  })

  it('leaves a formula that nobody compiled yet as it was', () => {
    const model = formModel(entryOf(draft, context, undefined, published))
    expect(model.field('total')?.formula).toBeUndefined()
    expect(tried(model).value('total')).toBe(30)
  })

  it('has values to try it with while there is no record', () => {
    const model = formModel(entryOf(draft, context, drafted, published))
    const data = inventData(model, ctx, (t) => (typeof t === 'string' ? t : (t?.['zh-CN'] ?? '')))
    const state = new FormState(model, ctx, { id: 'sample', data, afresh: true })
    expect(state.value('total')).toBeGreaterThan(0)
    expect(data.lines).toHaveLength(2)
    expect(state.value('sum')).toBeGreaterThan(0)
  })
})
