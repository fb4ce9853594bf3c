import { afterEach, expect, it, vi } from 'vitest'
import { api, ApiError } from '../api'
import { apiServices } from './services'

afterEach(() => vi.restoreAllMocks())

it('asks for the names of many records of a form at once', async () => {
  const items = [
    { id: 'a', data: { name: '华为' } },
    { id: 'c0ffee', data: {} },
  ]
  const post = vi.spyOn(api, 'POST').mockResolvedValue({ data: { items } } as never)
  const names = await apiServices.titles({ form: 'shop.item', titleField: 'name' }, ['a', 'b', 'c0ffee'])
  expect(names).toEqual({ a: '华为', c0ffee: '#c0ffee' })
  expect(post).toHaveBeenCalledTimes(1)
  expect(post).toHaveBeenCalledWith('/api/v1/apps/{app}/forms/{form}/query', {
    params: { path: { app: 'shop', form: 'item' } },
    body: { filter: { field: 'id', op: 'in', value: ['a', 'b', 'c0ffee'] }, fields: ['name'], limit: 3 },
  })
})

it('has no names from a form that the caller may not read', async () => {
  vi.spyOn(api, 'POST').mockRejectedValue(new ApiError(403))
  expect(await apiServices.titles({ form: 'shop.item', titleField: 'name' }, ['a'])).toEqual({})
})
