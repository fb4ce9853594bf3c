import { describe, expect, it } from 'vitest'
import type { FormEntry } from '@/shared/api'
import type { FieldType } from '@/shared/schema'
import { allowed, overstayed, planCard } from './board'
import type { ListField } from './fields'

const f = (key: string, as: FieldType): ListField => ({
  key,
  titles: [key],
  as,
  options: [],
  askable: true,
  sortable: true,
  shown: true,
})

describe('a board', () => {
  it('has the columns that its filter leaves over', () => {
    const values = ['a', 'b', 'c', null]
    expect(allowed({ field: 's', op: 'in', value: ['a', 'c'] }, 's', values)).toEqual(['a', 'c'])
    expect(
      allowed(
        {
          and: [
            { field: 's', op: 'ne', value: 'a' },
            { field: 'x', op: 'eq', value: 1 },
          ],
        },
        's',
        values,
      ),
    ).toEqual(['b', 'c', null])
    expect(allowed({ field: 's', op: 'notEmpty' }, 's', values)).toEqual(['a', 'b', 'c'])
    expect(allowed({ or: [{ field: 's', op: 'eq', value: 'a' }] }, 's', values)).toEqual(values)
    expect(allowed(undefined, 's', values)).toEqual(values)
  })
  it('lays a card out whatever the order of fields', () => {
    const plan = planCard(
      [
        f('due', 'date'),
        f('owner', 'user'),
        f('name', 'text'),
        f('step', 'text'),
        f('who', 'relation'),
        f('sum', 'currency'),
        f('kind', 'select'),
        f('stage', 'select'),
      ],
      'name',
      'stage',
    )
    expect(
      Object.fromEntries(Object.entries(plan).map(([k, v]) => [k, Array.isArray(v) ? v.map((x) => x.key) : v?.key])),
    ).toEqual({
      title: 'name',
      person: 'owner',
      sub: 'who',
      figure: 'sum',
      note: 'step',
      date: 'due',
      tags: ['kind'],
      rest: [],
    })
  })
})

describe('a stage whose limit is over', () => {
  const entry = {
    key: 'deal',
    form: 'a.deal',
    title: 'Deal',
    owner: 'createdBy',
    actions: [],
    searchable: false,
    schema: { properties: { stage: {}, since: {}, due: {} } },
    stages: { field: 'stage', initial: 'new', since: 'since', due: 'due', states: [], transitions: [] },
  } as unknown as FormEntry
  const day = (iso: string) => iso.slice(0, 10)

  it('counts its days from the day it was entered', () => {
    const data = { since: '2026-11-01T03:00:00.000Z', due: '2026-11-15' }
    expect(overstayed(entry, data, '2026-11-20', day)).toBe(19)
  })

  it('is not over on its last day, nor without a limit', () => {
    const data = { since: '2026-11-01T03:00:00.000Z', due: '2026-11-15' }
    expect(overstayed(entry, data, '2026-11-15', day)).toBeUndefined()
    expect(overstayed(entry, { since: data.since }, '2027-01-01', day)).toBeUndefined()
  })
})
