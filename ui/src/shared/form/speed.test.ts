import { describe, expect, it } from 'vitest'
import type { FormEntry } from '../api'
import { formModel, type Row } from '../schema'
import { entryWithCells } from '../schema/testdata/cells'
import { entry } from '../schema/testdata/sample'
import { FormState } from './state'

const ctx = {
  user: { id: 'u' },
  zone: 'Asia/Shanghai',
  workspaceZone: 'Asia/Shanghai',
  now: () => Date.UTC(2026, 10, 29),
}

/** The sample form with so many more text fields, required and limited like those that people make. */
function large(fields: number): FormEntry {
  const properties: { [key: string]: unknown } = { ...entry.schema.properties }
  const required = [...(entry.schema.required ?? [])]
  for (let i = 0; i < fields; i++) {
    const type = ['text', 'number', 'select', 'date'][i % 4]
    const options = Array.from({ length: 20 }, (_, o) => ({ value: `o${o}`, title: `Option ${o}` }))
    properties[`f${i}`] = {
      type: type === 'number' ? 'number' : 'string',
      ...(type === 'text' && { maxLength: 200 }),
      'x-field': { type, title: `字段 ${i}`, ...(type === 'select' && { options }) },
    }
    if (i % 3 === 0) required.push(`f${i}`)
  }
  return { ...entry, schema: { ...entry.schema, properties, required } as FormEntry['schema'] }
}

function median(times: number, run: (i: number) => void): number {
  const took: number[] = []
  for (let i = 0; i < times; i++) {
    const start = performance.now()
    run(i)
    took.push(performance.now() - start)
  }
  return took.sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0
}

// a frame is 16 ms; on a machine of its own both take well under 2
describe('a key stroke', () => {
  it('in a form of 300 fields fits into a frame', () => {
    const state = new FormState(formModel(large(300)), ctx)
    expect(median(60, (i) => state.set('f0', 'x'.repeat(i + 1)))).toBeLessThan(16)
  })

  it.each([
    ['a sub-table', entry, 1500],
    ['a sub-table that computes', entryWithCells(), 1695],
  ])('in %s of 500 rows fits into a frame', (_, form, sum) => {
    const state = new FormState(formModel(form), ctx)
    const rows = Array.from({ length: 500 }, (_, i): Row => ({
      _id: i.toString(16).padStart(24, '0'),
      item: `品 ${i}`,
      n: 2,
      each: 1.5,
      kind: 'o1',
      due: '2026-03-05',
      ok: true,
    }))
    state.set('lines', rows)
    expect(state.value('sum')).toBe(sum)
    expect(
      median(60, (i) => state.set('lines', state.rows('lines').with(250, { ...rows[250], n: String(i) }))),
    ).toBeLessThan(16)
  })
})
