import { expect, it } from 'vitest'
import { pageAt } from './pages'

it.each([
  ['/m', 'home', undefined],
  ['/m/', 'home', undefined],
  ['/m/inbox', 'inbox', undefined],
  ['/m/nowhere', 'notFound', undefined],
  ['/m/apps/shop/forms/order', 'list', 'shop'],
  ['/m/apps/shop/forms/order/new', 'create', 'shop'],
  ['/m/apps/shop/forms/order/6b0c38bcf6d11541d8092d1d', 'record', 'shop'],
  ['/m/apps/shop/forms/order/6b0c38bcf6d11541d8092d1d/edit', 'edit', 'shop'],
  ['/m/apps/shop/dashboards/sales', 'board', 'shop'],
])('%s shows %s', (path, page, app) => {
  expect(pageAt(path)).toEqual(app ? { page, app } : { page })
})
