import { describe, expect, it } from 'vitest'
import type { FormEntry } from '@/shared/api'
import { formModel } from '@/shared/schema'
import { verdict } from './verdict'

/** A guard `amount > 0` as the server ships it. */
const guard = {
  v: 1,
  src: 'amount > 0',
  type: 'bool',
  deps: [['amount']],
  root: {
    t: 'gt',
    p: [1, 1],
    y: 'bool',
    by: 'number',
    a: { t: 'name', p: [1, 1], y: 'number', name: 'amount' },
    b: { t: 'number', p: [1, 10], y: 'number', v: 0 },
  },
}

const entry = {
  key: 'thing',
  form: 'lab.thing',
  title: 'Thing',
  owner: 'createdBy',
  searchable: false,
  actions: ['read', 'update', 'transition'],
  schema: {
    type: 'object',
    required: ['size'],
    properties: {
      amount: { type: 'number', 'x-field': { type: 'number' } },
      size: { type: 'string', 'x-field': { type: 'select', options: [{ value: 's' }, { value: 'l' }] } },
      no: { type: 'string', 'x-field': { type: 'select', readOnly: true, options: [{ value: 'a' }] } },
      stage: { type: 'string', 'x-field': { type: 'select' } },
    },
  },
  stages: {
    field: 'stage',
    initial: 'a',
    states: ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key })),
    transitions: [
      { key: 'ab', from: ['a'], to: 'b', allowed: true },
      {
        key: 'bc',
        from: ['b'],
        to: 'c',
        allowed: true,
        require: ['amount'],
        guard: { expr: 'amount > 0' },
        refuse: 'more than nothing',
      },
      {
        key: 'cd',
        from: ['c'],
        to: 'd',
        allowed: false,
        reason: 'transition-role',
        roles: [{ key: 'boss', title: 'Boss' }],
      },
      { key: 'ae', from: ['*'], to: 'e', allowed: false, reason: 'stage-retired' },
    ],
  },
  programs: { '/stages/transitions/1/guard/expr': guard },
} as unknown as FormEntry
const model = formModel(entry)
const env = { vars: {} }
const of = (data: Record<string, unknown>, to: string | null, field = 'stage') => verdict(model, field, data, to, env)

describe('whether a card may go to a column', () => {
  it('may where a transition leads', () => {
    expect(of({ stage: 'a' }, 'b')).toMatchObject({ kind: 'move', move: { key: 'ab' }, needs: [] })
    expect(of({ stage: 'a' }, 'a')).toEqual({ kind: 'same' })
  })
  it('says what is still to be filled in, and does not judge a guard before', () => {
    expect(of({ stage: 'b' }, 'c')).toMatchObject({ kind: 'move', needs: ['amount'] })
  })
  it('says what the guard says once it can be judged', () => {
    expect(of({ stage: 'b', amount: 0 }, 'c')).toMatchObject({ kind: 'no', why: 'guard', text: 'more than nothing' })
    expect(of({ stage: 'b', amount: 5 }, 'c')).toMatchObject({ kind: 'move' })
  })
  it('names the way where there is none straight', () => {
    expect(of({ stage: 'a' }, 'c')).toEqual({ kind: 'no', why: 'no-way', via: ['b'] })
    expect(of({ stage: 'c' }, 'a')).toMatchObject({ why: 'no-way', via: undefined })
  })
  it('says that it takes another role, or that the stage is gone', () => {
    expect(of({ stage: 'c' }, 'd')).toMatchObject({ kind: 'no', why: 'role', move: { key: 'cd' } })
    expect(of({ stage: 'c' }, 'e')).toMatchObject({ kind: 'no', why: 'retired' })
    expect(of({ stage: 'c' }, null)).toMatchObject({ kind: 'no' })
  })
  it('writes other fields where they may be written', () => {
    expect(of({ size: 's' }, 'l', 'size')).toEqual({ kind: 'set' })
    expect(of({ size: 's' }, null, 'size')).toMatchObject({ kind: 'no', why: 'readOnly' })
    expect(of({}, 'a', 'no')).toMatchObject({ kind: 'no', why: 'readOnly' })
  })
})
