import { expect, test } from 'vitest'
import { branch, flatten } from './tree'

const list = [
  { id: 'b1', name: '一组', parent: 'b', order: 2 },
  { id: 'b2', name: '二组', parent: 'b', order: 1 },
  { id: 'a', name: '总部' },
  { id: 'b', name: '华东', parent: 'a' },
  { id: 'x', name: '孤立', parent: 'gone' },
]

test('a department is followed by what is below it, in its order', () => {
  expect(
    flatten(list)
      .filter((d) => d.id !== 'x')
      .map((d) => [d.id, d.depth]),
  ).toEqual([
    ['a', 0],
    ['b', 1],
    ['b2', 2],
    ['b1', 2],
  ])
})

test('one whose parent is not known is not lost', () => {
  expect(flatten(list).find((d) => d.id === 'x')?.depth).toBe(0)
})

test('a branch is the department and all below', () => {
  expect([...branch(list, 'b')].sort()).toEqual(['b', 'b1', 'b2'])
})
