import { expect, test } from 'vitest'
import { firstWish, stepOf, zones } from './wish'

test('a browser in Shanghai starts with yuan', () => {
  expect(firstWish('zh-CN', 'Asia/Shanghai')).toMatchObject({
    locale: 'zh-CN',
    timezone: 'Asia/Shanghai',
    currency: 'CNY',
  })
})

test('a browser that hides its zone gets the zone of its language', () => {
  expect(firstWish('zh-CN', 'UTC').timezone).toBe('Asia/Shanghai')
  expect(firstWish('en', 'UTC')).toMatchObject({ timezone: 'UTC', currency: 'USD' })
})

test('the currency goes with the zone, not with the language', () => {
  expect(firstWish('en', 'Asia/Shanghai').currency).toBe('CNY')
  expect(firstWish('zh-CN', 'Europe/Berlin').currency).toBe('EUR')
})

test('a zone that the browser does not list can still be chosen', () => {
  expect(zones('Mars/Olympus')).toContain('Mars/Olympus')
})

test('a problem leads to the step that can mend it', () => {
  expect(stepOf([{ code: 'x', pointer: '/timezone' }])).toBe(0)
  expect(stepOf([{ code: 'x', pointer: '/password' }])).toBe(1)
})
