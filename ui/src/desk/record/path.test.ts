import { expect, test } from 'vitest'
import type { Move, StagesModel, State } from '@/shared/schema'
import { movesFrom, pathOf } from './path'

const state = (key: string, category: State['category'] = 'open', hidden = false): State => ({
  key,
  title: key,
  category,
  hidden,
})
const move = (from: string, to: string, allowed = true): Move => ({
  key: `${from}-${to}`,
  title: '',
  from: [from],
  to,
  require: [],
  refuse: '',
  allowed,
})

const stages: StagesModel = {
  field: 'stage',
  initial: 'a',
  states: [state('a'), state('old', 'open', true), state('b'), state('won', 'done'), state('lost', 'failed')],
  transitions: [move('a', 'b'), move('a', 'won'), move('*', 'lost'), move('b', 'a')],
}

test('the path shows what is done, where it is, and what comes', () => {
  expect(pathOf(stages, 'b').map((x) => [x.state.key, x.place])).toEqual([
    ['a', 'done'],
    ['b', 'now'],
    ['won', 'next'],
  ])
})

test('a record that ended badly shows where it ended', () => {
  expect(pathOf(stages, 'lost').at(-1)).toMatchObject({ state: { key: 'lost' }, place: 'done' })
})

test('a retired stage is shown only to the record that stands in it', () => {
  expect(pathOf(stages, 'a').some((x) => x.state.key === 'old')).toBe(false)
  expect(pathOf(stages, 'old').find((x) => x.state.key === 'old')?.place).toBe('now')
})

test('moves lead away, those from anywhere among them', () => {
  expect(movesFrom(stages, 'a').map((m) => m.to)).toEqual(['b', 'won', 'lost'])
  expect(movesFrom(stages, 'lost').map((m) => m.to)).toEqual([])
})
