import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { api, must } from './client'

const me = { user: { id: 'u1', name: '</script>陈' } }

/** A document as the server sends it. */
function arrive(blocks: string, state: DocumentReadyState = 'interactive') {
  vi.spyOn(document, 'readyState', 'get').mockReturnValue(state)
  document.head.innerHTML = '<meta name="early">'
  document.body.innerHTML = `<div id="root"></div>${blocks}`
}

const block = (path: string, body: unknown) =>
  `<script type="application/json" data-early="${path}">${JSON.stringify(body).replaceAll('<', '\\u003c')}</script>\n`
const told = (late: string[] = [], own = false) =>
  `<script type="application/json" id="early">${JSON.stringify({ language: 'en', own, late })}</script>\n`

const asked: string[] = []
let readEarly: typeof import('./early').readEarly

beforeEach(async () => {
  vi.resetModules()
  asked.length = 0
  document.documentElement.lang = 'en'
  vi.stubGlobal('fetch', (request: Request) => {
    asked.push(new URL(request.url).pathname)
    return Promise.resolve(Response.json({ from: 'server' }))
  })
  ;({ readEarly } = await import('./early'))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** The client of the same load. */
const client = async () => (await import('./client')).api as typeof api

it('gives an answer out once, to the request that it answers', async () => {
  arrive(block('/api/v1/me', me) + told([], true))
  expect(await readEarly()).toEqual({ own: 'en', texts: [] })
  const api = await client()
  expect(await must(api.GET('/api/v1/apps'))).toEqual({ from: 'server' })
  expect(await must(api.GET('/api/v1/me'))).toEqual(me)
  expect(await must(api.GET('/api/v1/me'))).toEqual({ from: 'server' })
  expect(asked).toEqual(['/api/v1/apps', '/api/v1/me'])
  expect(document.querySelector('script')).toBeNull()
})

it('takes the order of parameters for nothing', async () => {
  arrive(block('/api/v1/notifications?limit=1&amp;unread=true', { unread: 3 }) + told())
  await readEarly()
  const query = { unread: 'true', limit: '1' } as const
  expect(await must((await client()).GET('/api/v1/notifications', { params: { query } }))).toEqual({ unread: 3 })
  expect(asked).toEqual([])
})

it('waits for what is on its way, and asks where it did not come', async () => {
  arrive(block('/api/v1/me', me), 'loading')
  const ready = readEarly()
  document.body.insertAdjacentHTML('beforeend', told(['/api/v1/apps', '/api/v1/users']))
  expect(await ready).toEqual({ texts: [] })
  const api = await client()
  const apps = must(api.GET('/api/v1/apps'))
  const users = must(api.GET('/api/v1/users'))
  document.body.insertAdjacentHTML('beforeend', block('/api/v1/apps', { items: [] }))
  expect(await apps).toEqual({ items: [] })
  expect(asked).toEqual([])
  vi.spyOn(document, 'readyState', 'get').mockReturnValue('interactive')
  document.dispatchEvent(new Event('DOMContentLoaded'))
  expect(await users).toEqual({ from: 'server' })
})

it('does not take half a block for an answer', async () => {
  arrive(told(['/api/v1/me']), 'loading')
  await readEarly()
  const answer = must((await client()).GET('/api/v1/me'))
  const half = document.createElement('script')
  half.type = 'application/json'
  half.setAttribute('data-early', '/api/v1/me')
  half.textContent = '{"user":'
  document.body.append(half)
  await Promise.resolve()
  half.textContent = JSON.stringify(me)
  document.body.append('\n')
  expect(await answer).toEqual(me)
})

it('asks anew in another language, and later', async () => {
  arrive(block('/api/v1/me', me) + block('/api/v1/apps', { items: [] }) + told())
  await readEarly()
  document.documentElement.lang = 'zh-CN'
  expect(await must((await client()).GET('/api/v1/me'))).toEqual({ from: 'server' })
  document.documentElement.lang = 'en'
  vi.spyOn(performance, 'now').mockReturnValue(60_000)
  expect(await must((await client()).GET('/api/v1/apps'))).toEqual({ from: 'server' })
})

it('follows live events from where they stood, once', async () => {
  arrive('<script type="application/json" id="early">{"language":"en","own":false,"mark":"a-7","late":[]}</script>\n')
  await readEarly()
  const { takeMark } = await import('./early')
  expect([takeMark(), takeMark()]).toEqual(['a-7', undefined])
})

it('leaves a document without answers alone', async () => {
  document.head.innerHTML = ''
  document.body.innerHTML = '<div id="root"></div>'
  expect(await readEarly()).toBeUndefined()
  expect(await must((await client()).GET('/api/v1/me'))).toEqual({ from: 'server' })
})
