import { expect, test } from 'vitest'
import { mentioned, suggest } from '.'

const users = [
  { id: '1', name: '林晓', active: true },
  { id: '2', name: '林晓雯', active: true },
  { id: '3', name: '陈思远', active: false },
]

test('the people that an @ may mean', () => {
  expect(suggest('请 @林', 5, users)).toEqual({ from: 2, users: users.slice(0, 2) })
  expect(suggest('没有', 2, users)).toBeUndefined()
  expect(suggest('@林 之后', 5, users)).toBeUndefined()
})

test('of names that begin alike the longest is meant', () => {
  expect(mentioned('@林晓雯看一下', users)).toEqual(['2'])
  expect(mentioned('@林晓 @林晓雯', users)).toEqual(['1', '2'])
})

test('who left is not told', () => {
  expect(mentioned('@陈思远', users)).toEqual([])
})
