import { expect, test } from 'vitest'
import { steps } from './steps'

const ask = { app: 'a', form: 'f', progress: {}, members: 1 }

test('a new workspace begins with its first own record', () => {
  expect(steps(ask)[0]).toMatchObject({ key: 'create', to: '/apps/a/forms/f/new', done: false })
})

test('an app without a dashboard does not send people to one', () => {
  expect(steps(ask).some((s) => s.key === 'look')).toBe(false)
  expect(steps({ ...ask, dashboard: 'd' }).find((s) => s.key === 'look')?.to).toBe('/apps/a/dashboards/d')
})

test('a second member means that somebody was invited', () => {
  expect(steps({ ...ask, members: 2 }).find((s) => s.key === 'invite')?.done).toBe(true)
})
