import { QueryClient } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { forgetCache, isKept, keepCache, restoreCache, sift, type Kept } from './cache'
import { memoryStore } from './store'

const day = 86_400_000
const kept = (id: string, at: number, key: readonly unknown[] = ['records', 'a.b', 'one', id]): Kept => ({
  id,
  key,
  data: id,
  at,
})

it('keeps definitions, and of records the newest', () => {
  const records = Array.from({ length: 300 }, (_, i) => kept(`r${i}`, i))
  const { live, dead } = sift([...records, kept('app', 0, ['app', 'sales'])], 1000)
  expect(live.some((k) => k.id === 'app')).toBe(true)
  expect(live.some((k) => k.id === 'r299')).toBe(true)
  expect(dead.map((k) => k.id)).toContain('r0')
  expect(sift([kept('old', 0)], 15 * day).live).toEqual([])
})

it('does not keep figures, jobs or what it does not know', () => {
  expect(isKept(['records', 'a.b', 'page', {}])).toBe(true)
  expect(isKept(['records', 'a.b', 'figures', {}])).toBe(false)
  expect(isKept(['jobs'])).toBe(false)
})

it('shows after a restart what was read before, and asks again', async () => {
  const store = memoryStore<Kept>()
  const before = new QueryClient()
  const stop = keepCache(before, store)
  await before.fetchQuery({ queryKey: ['app', 'sales'], queryFn: async () => ({ key: 'sales' }) })
  await before.fetchInfiniteQuery({
    queryKey: ['records', 'a.b', 'page', {}],
    queryFn: async ({ pageParam }) => pageParam,
    initialPageParam: 0,
    getNextPageParam: (last: number) => last + 1,
    pages: 3,
  })
  stop()
  const after = new QueryClient()
  await restoreCache(after, store)
  expect(after.getQueryData(['app', 'sales'])).toEqual({ key: 'sales' })
  expect(after.getQueryData(['records', 'a.b', 'page', {}])).toEqual({ pages: [0], pageParams: [0] })
  expect(after.getQueryState(['app', 'sales'])!.dataUpdatedAt).toBe(1)
  await forgetCache(store)
  expect(await store.all()).toEqual([])
})
