// What every story in the browser shares: a server of its own, a page that fails the test when its console complains,
// and checks of accessibility.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { launch } from './browser.mjs'
import { admin } from './server.mjs'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const sizes = {
  desktop: { width: 1440, height: 900 },
  tablet: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
}

/** Starts a browser for a test file and ends it after. */
export async function newBrowser(t) {
  const browser = await launch()
  t.after(() => browser.close())
  return browser
}

/**
 * Opens a window: a person at a device. Whatever its console says as an error is collected in `complaints`; `quiet()`
 * checks that there is nothing, `forgive(pattern)` lets pass what a story brings about on purpose.
 */
export async function open(browser, server, { size = 'desktop', lang = 'zh-CN', theme = 'light', who, ...more } = {}) {
  const context = await browser.newContext({
    baseURL: server.base,
    viewport: sizes[size],
    hasTouch: size === 'phone',
    isMobile: size === 'phone',
    colorScheme: theme,
    locale: lang,
    timezoneId: 'Asia/Shanghai',
    acceptDownloads: true,
    ...more,
  })
  await context.addInitScript(
    ([l, t]) => {
      localStorage.setItem('formwork.language', localStorage.getItem('formwork.language') ?? l)
      localStorage.setItem('formwork.theme', localStorage.getItem('formwork.theme') ?? t)
    },
    [lang, theme],
  )
  context.setDefaultTimeout(30_000)
  if (who) await signIn(context, who)
  const page = await context.newPage()
  const complaints = []
  const forgiven = []
  page.on('console', (m) => m.type() === 'error' && complaints.push(`${m.text()} (${m.location().url})`))
  page.on('pageerror', (e) => complaints.push(String(e.stack ?? e)))
  return Object.assign(page, {
    complaints,
    forgive: (pattern) => forgiven.push(pattern),
    quiet: () =>
      assert.deepEqual(
        complaints.filter((c) => !forgiven.some((f) => f.test(c))),
        [],
        'the console complained',
      ),
  })
}

/** Signs a context in without the page, and answers its CSRF token. */
export async function signIn(context, who = admin) {
  const r = await context.request.post('/api/v1/auth/login', { data: who })
  assert.equal(r.status(), 200, await r.text())
  return (await r.json()).csrf
}

/** A caller of the API for preparing and for looking behind the screen. */
export async function caller(server, who = admin) {
  const login = await fetch(`${server.base}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(who),
  })
  assert.equal(login.status, 200, await login.clone().text())
  const cookie = login.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ')
  const { csrf, user } = await login.json()
  const call = async (method, path, body) => {
    const r = await fetch(`${server.base}/api/v1${path}`, {
      method,
      headers: { Cookie: cookie, 'X-CSRF-Token': csrf, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await r.text()
    if (!r.ok) throw new Error(`${method} ${path}: ${r.status} ${text}`)
    return text ? JSON.parse(text) : undefined
  }
  return {
    user,
    get: (p) => call('GET', p),
    post: (p, b) => call('POST', p, b ?? {}),
    patch: (p, b) => call('PATCH', p, b),
    put: (p, b) => call('PUT', p, b),
    delete: (p) => call('DELETE', p),
  }
}

/** Gives a member of the demonstration data a password, so that they can sign in. */
export async function passwordFor(api, login, password = 'a long enough one') {
  const { items } = await api.get(`/users?search=${login}`)
  const user = items.find((u) => u.login === login)
  assert.ok(user, `no user ${login}`)
  await api.put(`/users/${user.id}/password`, { password })
  return { login, password }
}

/** No violation of WCAG 2.2 A and AA on what the page shows now. */
export async function accessible(page, where) {
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  )
  const told = violations.map(
    (v) =>
      `${v.id}: ${v.help}\n${v.nodes
        .slice(0, 3)
        .map(
          (n) =>
            `    ${n.target.join(' ')}  ${n.html.slice(0, 160)}\n      ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ''}`,
        )
        .join('\n')}`,
  )
  assert.deepEqual(told, [], `accessibility of ${where}`)
}
