import { describe, expect, it } from 'vitest'
import { pickText, type Text } from '@/shared/i18n'
import { countsOf, importedFilter, undoneOf, type Job } from './jobs'
import { rowsOf } from './rows'
import { sizeText } from './size'
import { fieldsOf, type Mapping, type Preview, type Target } from './target'

const r = { language: 'en', zone: 'UTC', currency: 'EUR' }
const text = (t: Text) => pickText(t, 'en')
const target = {
  kind: 'form',
  form: {
    form: 'shop.order',
    key: 'order',
    schema: {
      required: ['name'],
      properties: {
        name: { 'x-field': { type: 'text', title: 'Name' } },
        state: {
          'x-field': {
            type: 'select',
            title: 'State',
            options: [{ value: 'won', title: { en: 'Won' }, color: 'green' }],
          },
        },
        owner: { 'x-field': { type: 'user', title: 'Owner' } },
        total: { 'x-field': { type: 'formula' } },
        cost: { 'x-field': { type: 'currency' } },
        files: { 'x-field': { type: 'file' } },
      },
    },
    access: { cost: 'read' },
  },
} as unknown as Target
const fields = fieldsOf(target, (k) => k)

it('only fields that the caller may fill can be chosen', () => {
  expect(fields.map((f) => f.key)).toEqual(['name', 'state', 'owner'])
  expect(fields[0]).toMatchObject({ required: true })
})

describe('the preview', () => {
  const mapping: Mapping = {
    columns: [
      { column: 'N', field: 'name' },
      { column: 'O', field: 'owner' },
      { column: 'X', ignore: true },
    ],
    set: { state: 'won' },
  }
  const column = (name: string) => ({ name, kind: 'text', rows: 2, filled: 2, distinct: 2 })
  const preview = {
    table: { columns: ['N', 'X', 'O'].map(column) },
    columns: [
      { column: 'O', field: 'owner', empty: 0, reread: [{ value: 'Anna Smth', meaning: 'Anna Smith', rows: 1 }] },
    ],
    sample: [
      { row: 2, action: 'create', data: { name: 'Pen', owner: 'id1', state: 'won' }, labels: { owner: 'Anna Smth' } },
    ],
    refusedRows: [
      {
        row: 3,
        cells: ['', 'x', 'Nobody'],
        problems: [
          { code: 'required', pointer: '/data/name' },
          { code: 'unknown-user', pointer: '/data/owner' },
          { code: 'rule' },
        ],
      },
    ],
  } as unknown as Preview
  const { heads, rows } = rowsOf(preview, mapping, fields, r, text)

  it('has a column for each that goes somewhere, and for what every row gets', () => {
    expect(heads).toEqual([
      { field: 'name', title: 'Name', column: 'N' },
      { field: 'owner', title: 'Owner', column: 'O' },
      { field: 'state', title: 'State' },
    ])
  })

  it('shows reasons at the cells that they are about, and the others at the row', () => {
    const refused = rows[0]!
    expect(refused.cells.map((c) => [c.text, c.problems.map((p) => p.code)])).toEqual([
      ['', ['required']],
      ['Nobody', ['unknown-user']],
      ['Won', []],
    ])
    expect(refused.rest.map((p) => p.code)).toEqual(['rule'])
  })

  it('shows values as they will read: options by title, names as they were taken', () => {
    expect(rows[1]!.cells.map((c) => c.text)).toEqual(['Pen', 'Anna Smith', 'Won'])
    expect(rows[1]!.cells[2]!.color).toBe('green')
  })
})

describe('a job', () => {
  const job = {
    id: 'j',
    kind: 'import',
    state: 'done',
    by: 'u',
    createdAt: 'A',
    updatedAt: 'B',
    result: { rows: 3, created: 2, refused: 1 },
  } as unknown as Job

  it('counts, and finds what it wrote', () => {
    expect(countsOf(job)).toMatchObject({ rows: 3, created: 2, refused: 1, updated: 0 })
    expect(importedFilter(job)).toEqual({
      and: [
        { field: 'createdAt', op: 'between', value: ['A', 'B'] },
        { field: 'createdBy', op: 'eq', value: 'u' },
      ],
    })
    expect(JSON.stringify(importedFilter({ ...job, result: { updated: 2 } }))).toContain('updatedAt')
  })

  it('says what was not undone', () => {
    expect(
      undoneOf({
        ...job,
        result: { removed: 1, restored: 0, conflicts: 1, conflictList: [{ form: 'shop.order', record: '1' }] },
      }),
    ).toMatchObject({ removed: 1, conflicts: 1, list: [{ record: '1' }] })
  })
})

it('sizes read well', () => {
  expect([0, 900, 1536, 5_000_000, 700_000_000].map((n) => sizeText(n, r))).toEqual([
    '0 B',
    '900 B',
    '1.5 KB',
    '4.8 MB',
    '668 MB',
  ])
})
