// A list of 100,000 records scrolls and filters without a frame that spends over 50 ms in scripts.
//   FORMWORK_ROWS=100000      how many records
//   FORMWORK_FRAME_MS=50      the most that a frame may spend in scripts
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { launch } from './browser.mjs'
import { admin, startServer } from './server.mjs'

const rows = Number(process.env.FORMWORK_ROWS ?? 100_000)
const limit = Number(process.env.FORMWORK_FRAME_MS ?? 50)
const list = '/apps/customer/forms/opportunity'

/** Makes records through the API, a thousand a request. */
async function seed(request) {
  const signed = await (await request.post('/api/v1/auth/login', { data: admin })).json()
  const headers = { 'X-CSRF-Token': signed.csrf }
  for (let n = 0; n < rows; n += 1000) {
    const create = Array.from({ length: Math.min(1000, rows - n) }, (_, i) => {
      const at = n + i
      return {
        name: `二号车间改造 ${String(at).padStart(6, '0')}`,
        amount: ((at * 7919) % 900_000) + 1000,
        expectedClose: `2027-${String((at % 12) + 1).padStart(2, '0')}-${String((at % 28) + 1).padStart(2, '0')}`,
        nextStep: ['寄送资料', '确认节点', '约见'][at % 3],
      }
    })
    const answer = await request.post('/api/v1/apps/customer/forms/opportunity/bulk', {
      data: { create },
      headers,
      timeout: 120_000,
    })
    assert.equal(answer.status(), 200)
    const bad = (await answer.json()).create.find((x) => x.status !== 201)
    assert.equal(bad, undefined, JSON.stringify(bad))
  }
}

/** From now on the page keeps how long each long frame spent in scripts. */
const watch = (page) =>
  page.evaluate(() => {
    window.frames_ = []
    new PerformanceObserver((all) => {
      for (const f of all.getEntries()) {
        window.frames_.push(Math.round((f.scripts ?? []).reduce((sum, s) => sum + s.duration, 0)))
      }
    }).observe({ type: 'long-animation-frame', buffered: false })
  })
const worst = (page) =>
  page.evaluate(() => {
    const all = window.frames_
    window.frames_ = []
    return all.length === 0 ? 0 : Math.max(...all)
  })

test(`${rows} records scroll and filter smoothly`, { timeout: 20 * 60_000 }, async (t) => {
  const server = await startServer({ demo: false })
  const browser = await launch()
  t.after(async () => {
    await browser.close()
    await server.stop()
  })
  const context = await browser.newContext({
    baseURL: server.base,
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
  })
  await seed(context.request)
  const page = await context.newPage()
  const complaints = []
  page.on('console', (m) => m.type() === 'error' && complaints.push(m.text()))
  page.on('pageerror', (e) => complaints.push(e.message))

  await page.goto(`${list}?view=opportunity-all&sort=name`)
  const grid = page.getByRole('grid')
  await grid.locator('[role=row][data-id]').first().waitFor()
  const exact = new Intl.NumberFormat('zh-CN').format(rows)
  await grid.getByText(exact).waitFor({ timeout: 60_000 })
  await watch(page)

  // a long way down, as fast as a hand can
  await page.mouse.move(800, 500)
  for (let i = 0; i < 120; i++) {
    await page.mouse.wheel(0, 2400)
    await page.waitForTimeout(30)
  }
  const reached = await grid.evaluate((el) => Math.round(el.scrollTop / 40))
  const scrolling = await worst(page)
  const drawn = await grid.locator('[role=row]').count()
  t.diagnostic(`scrolled to row ${reached}; worst frame ${scrolling} ms in scripts; ${drawn} rows drawn`)
  assert.ok(reached > Math.min(2000, rows / 10), `only came to row ${reached}`)
  assert.ok(drawn < 120, `${drawn} rows are drawn`)

  // back to the top: what was let go of comes again
  await grid.evaluate((el) => (el.scrollTop = 0))
  await grid.getByText('000000').waitFor({ timeout: 30_000 })
  await worst(page)

  // a search while typing
  await page.keyboard.press('/')
  await page.getByRole('searchbox').pressSequentially('099', { delay: 60 })
  await page.waitForURL(/search=099/)
  await grid.getByText('000099').waitFor({ timeout: 60_000 })
  const filtering = await worst(page)
  t.diagnostic(`filtered; worst frame ${filtering} ms in scripts`)

  assert.ok(scrolling <= limit, `a frame spent ${scrolling} ms in scripts while scrolling`)
  assert.ok(filtering <= limit, `a frame spent ${filtering} ms in scripts while filtering`)
  assert.deepEqual(complaints, [])
})
