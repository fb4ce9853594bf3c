import { describe, expect, it } from 'vitest'
// the server's own test data: the two must not drift apart
import vectorsText from '../../../../schemas/field/testdata/coerce.json?raw'
import naughtyText from '../../../../schemas/field/testdata/naughty.json?raw'
import { coerce, type FieldModel, type FieldType, type Option } from '.'

type Case = { type: FieldType; in: unknown; out?: unknown; codes?: string[] }
const vectors = JSON.parse(vectorsText) as { usual: { [type: string]: string }; cases: Case[] }
const naughty = JSON.parse(naughtyText) as string[]

function field(type: FieldType, more: Partial<FieldModel> = {}): FieldModel {
  const options: Option[] = [
    { value: 'a', title: { en: 'Option A' } },
    { value: 'b', title: { 'zh-CN': '选项乙' }, hidden: true },
  ]
  const base = {
    key: 'f',
    type,
    as: type,
    title: 'F',
    help: '',
    placeholder: '',
    required: false,
    hidden: false,
    computed: false,
    access: 'write' as const,
  }
  return {
    ...base,
    writable: true,
    stage: false,
    unique: false,
    options,
    scale: 2,
    columns: [],
    cells: [],
    maxRows: 500,
    accept: [],
    limits: {},
    ...more,
  }
}

const env = { zone: 'Asia/Shanghai' }

/** Ways to write a day that only the browser understands; the server gets the canonical text. */
const browserOnly = (c: Case, value: unknown) =>
  (c.type === 'date' || c.type === 'datetime') && (c.codes?.length ?? 0) > 0 && value !== undefined

describe('values as the server reads them', () => {
  it.each(vectors.cases.map((c) => [c.type, JSON.stringify(c.in), c] as const))('%s of %s', (_, __, c) => {
    const got = coerce(field(c.type), c.in, env)
    if (browserOnly(c, got.value)) return
    expect(got.value ?? null).toEqual(c.out ?? null)
    expect(got.problems.map((p) => p.code)).toEqual(c.codes ?? [])
  })

  const listed = new Set(vectors.cases.map((c) => `${c.type} ${JSON.stringify(c.in)}`))
  it.each(Object.entries(vectors.usual))('%s of strings that make trouble: %s', (type, code) => {
    for (const s of naughty) {
      if (listed.has(`${type} ${JSON.stringify(s)}`)) continue
      const got = coerce(field(type as FieldType), s, env)
      expect([s, got.problems.map((p) => p.code)]).toEqual([s, code === '' ? [] : [code]])
      if (code === '') expect(got.value).toBe(s)
    }
  })
})

describe('what is pasted from a spreadsheet', () => {
  it.each([
    ['date', '2026/3/5', '2026-03-05'],
    ['date', '2026年3月5日', '2026-03-05'],
    ['date', '2026.03.05', '2026-03-05'],
    ['date', '2026-3-5', '2026-03-05'],
    ['datetime', '2026/3/5 9:05', '2026-03-05T01:05:00.000Z'],
    ['datetime', '2026/3/5', '2026-03-04T16:00:00.000Z'],
  ] as const)('%s %s is %s', (type, s, want) => expect(coerce(field(type), s, env).value).toBe(want))

  it('does not guess which is the day', () => {
    expect(coerce(field('date'), '03/05/2026', env).problems[0]?.code).toBe('not-a-date')
  })
})

describe('rows of a sub-table', () => {
  const lines = field('table', { columns: [field('text', { key: 'item' }), field('number', { key: 'n' })], maxRows: 3 })

  it('keep their ids, and those without a value are left out', () => {
    const rows = [
      { _id: '65a1b2c3d4e5f60718293a4b', item: ' bolt ', n: '1,000' },
      { _id: '65a1b2c3d4e5f60718293a4c', item: '  ' },
    ]
    expect(coerce(lines, rows, env)).toEqual({
      value: [{ _id: '65a1b2c3d4e5f60718293a4b', item: 'bolt', n: 1000 }],
      problems: [],
    })
  })

  it('say which cell cannot be read, and keep the others', () => {
    const got = coerce(
      lines,
      [
        { item: 'a', n: 1 },
        { item: 'b', n: 'x' },
      ],
      env,
    )
    expect(got.problems).toMatchObject([{ code: 'not-a-number', pointer: '/1/n' }])
    expect(got.value).toEqual([{ item: 'a', n: 1 }, { item: 'b' }])
  })

  it('are at most as many as the field allows', () => {
    const got = coerce(
      lines,
      [1, 2, 3, 4].map((n) => ({ n })),
      env,
    )
    expect(got.problems).toMatchObject([{ code: 'max-items', params: { limit: 3, actual: 4 } }])
  })

  it('may have columns that are called like what every object has', () => {
    const odd = field('table', { columns: [field('text', { key: 'constructor' })] })
    expect(coerce(odd, [{}], env).value).toBeUndefined()
    expect(coerce(odd, [{ constructor: 'x' }], env).value).toEqual([{ constructor: 'x' }])
  })
})
