import { describe, expect, it } from 'vitest'
import {
  changeMatch,
  confidence,
  destination,
  ignored,
  level,
  mean,
  missing,
  send,
  sortProblems,
  withConstant,
  withKey,
} from './mapping'
import type { Mapping, TargetField } from './target'

const fields: TargetField[] = [
  { key: 'name', title: 'Name', type: 'text', required: true },
  { key: 'no', title: 'No', type: 'text', unique: true },
  { key: 'state', title: 'State', type: 'select', options: [{ value: 'won' }] },
  { key: 'owner', title: 'Owner', type: 'user' },
  { key: 'client', title: 'Client', type: 'relation', form: 'shop.client' },
]
const f = (k: string) => fields.find((x) => x.key === k)
const start: Mapping = {
  form: 'shop.order',
  key: ['no'],
  mode: 'upsert',
  columns: [
    { column: 'A', field: 'no' },
    { column: 'B', field: 'name' },
    { column: 'C', ignore: true },
  ],
}

describe('a mapping', () => {
  it('sends a column to a field, which leaves the column that had it', () => {
    const m = send(start, 'C', 'name', f('name'))
    expect(m.columns).toEqual([
      { column: 'A', field: 'no' },
      { column: 'B', ignore: true },
      { column: 'C', field: 'name' },
    ])
    expect([destination(m, 'C'), destination(m, 'B')]).toEqual(['name', ignored])
  })

  it('begins with a way to find what texts name', () => {
    expect(send(start, 'C', 'owner', f('owner')).columns![2]).toEqual({
      column: 'C',
      field: 'owner',
      match: { by: 'name' },
    })
    expect(send(start, 'C', 'state', f('state')).columns![2]).toEqual({ column: 'C', field: 'state', nearest: true })
    expect(send(start, 'C', 'client', f('client')).columns![2]).toEqual({ column: 'C', field: 'client', match: {} })
  })

  it('forgets a key whose column goes elsewhere, and then only creates', () => {
    const m = send(start, 'A', ignored)
    expect([m.key, m.mode]).toEqual([undefined, 'create'])
  })

  it('takes back the mode with a key', () => {
    expect(withKey(withKey(start, []), ['name']).mode).toBe('upsert')
    expect(withKey({ ...start, mode: 'update' }, ['name']).mode).toBe('update')
  })

  it('gives a field either a column or a constant', () => {
    const m = withConstant(start, 'state', 'won')
    expect(m.set).toEqual({ state: 'won' })
    expect(send(m, 'C', 'state', f('state')).set).toBeUndefined()
    expect(withConstant(m, 'state', undefined).set).toBeUndefined()
  })

  it('says what a text means: for options, for what is looked up, and nothing at all', () => {
    const s = send(start, 'C', 'state', f('state'))
    expect(mean(s, 'C', 'Gewonnen', 'won').columns![2]!.values).toEqual({ Gewonnen: 'won' })
    expect(mean(mean(s, 'C', 'x', 'won'), 'C', 'x', undefined).columns![2]).toEqual({
      column: 'C',
      field: 'state',
      nearest: true,
    })
    const c = send(start, 'C', 'client', f('client'))
    expect(mean(c, 'C', 'ACME', 'Acme Corp').columns![2]!.match!.values).toEqual({ ACME: 'Acme Corp' })
    expect(mean(c, 'C', 'n/a', '').columns![2]!.values).toEqual({ 'n/a': '' })
    expect(changeMatch(c, 'C', { missing: 'create' }).columns![2]!.match).toEqual({ missing: 'create' })
  })

  it('puts columns on the path of a department in the order of its levels', () => {
    const people: Mapping = {
      target: 'users',
      columns: [
        { column: 'Who', field: 'name' },
        { column: 'Team', ignore: true },
        { column: 'Area', ignore: true },
      ],
    }
    const m = send(send(people, 'Team', level(1)), 'Area', level(1))
    expect(m.departmentPath).toEqual(['Area', 'Team'])
    expect(destination(m, 'Team')).toBe('@2')
    const back = send(send({ ...m, leader: 'Team' }, 'Area', ignored), 'Team', ignored)
    expect([back.departmentPath, back.leader]).toEqual([undefined, undefined])
  })

  it('knows what required fields nothing goes into', () => {
    expect(missing(send(start, 'B', ignored), fields).map((x) => x.key)).toEqual(['name'])
    expect(missing(withConstant(send(start, 'B', ignored), 'name', 'X'), fields)).toEqual([])
  })

  it('shows problems where they belong', () => {
    const p = sortProblems(start, [
      { code: 'a', pointer: '/columns/1/format' },
      { code: 'b', pointer: '/key/0' },
      { code: 'c', pointer: '/set/state' },
      { code: 'd', pointer: '/columns', params: { column: 'C' }, severity: 'warning' },
      { code: 'e' },
    ])
    expect([...p.columns].map(([k, l]) => [k, l[0]!.code])).toEqual([
      ['B', 'a'],
      ['C', 'd'],
    ])
    expect([p.key[0]?.code, p.constants.get('state')?.[0]?.code, p.rest.map((x) => x.code)]).toEqual(['b', 'c', ['e']])
  })

  it('says how sure a guess is', () => {
    const c = {
      name: 'A',
      kind: 'text',
      rows: 1,
      filled: 1,
      distinct: 1,
      guesses: [
        { field: 'no', score: 0.95 },
        { field: 'name', score: 0.5 },
      ],
    }
    expect([confidence(c, 'no'), confidence(c, 'name'), confidence(c, 'state')]).toEqual(['sure', 'unsure', 'chosen'])
  })
})
