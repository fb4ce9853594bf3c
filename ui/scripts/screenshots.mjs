// Makes the pictures of the README, the guides and the template gallery from the real product: starts bin/formwork with
// demonstration data, signs in as an admin and as a member, and takes them. `npm run screenshots` after `make build`.
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { launch } from '../e2e/browser.mjs'
import { startServer } from '../e2e/server.mjs'
import { caller, open, passwordFor, signIn } from '../e2e/story.mjs'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const images = at('../../docs/images')
const gallery = at('../../templates/sales-crm/pictures')
for (const folder of [images, gallery]) mkdirSync(folder, { recursive: true })

const server = await startServer()
const browser = await launch()
try {
  const api = await caller(server)
  const member = await passwordFor(api, 'linxiaowen')
  const first = async (form, body) =>
    (await api.post(`/apps/customer/forms/${form}/query`, { limit: 1, ...body })).items[0].id
  const deal = await first('opportunity', {
    filter: { field: 'stage', op: 'eq', value: 'negotiation' },
    sort: ['-amount'],
  })

  const shoot = async (page, path, file, ready) => {
    await page.goto(path)
    await page.locator(ready).first().waitFor()
    await page.waitForLoadState('networkidle').catch(() => undefined)
    await page.evaluate(() => document.fonts.ready)
    await page.waitForTimeout(600) // charts draw themselves in
    await page.screenshot({ path: file })
    console.log(file)
  }

  for (const [lang, suffix] of [
    ['zh-CN', ''],
    ['en', '.en'],
  ]) {
    const page = await open(browser, server, { lang })
    const csrf = await signIn(page.context())
    await page.context().request.patch('/api/v1/me', { data: { locale: lang }, headers: { 'X-CSRF-Token': csrf } })
    await shoot(page, '/apps/customer/forms/opportunity', `${images}/list${suffix}.png`, '[role=grid], table')
    await shoot(
      page,
      '/apps/customer/forms/opportunity?view=opportunity-board',
      `${images}/kanban${suffix}.png`,
      'main article, main [data-card]',
    )
    await shoot(page, `/apps/customer/forms/opportunity/${deal}`, `${images}/record${suffix}.png`, '#record-part')
    await shoot(page, '/apps/customer/dashboards/sales', `${images}/dashboard${suffix}.png`, 'main svg')
    await shoot(page, '/apps/customer/edit/form/opportunity', `${images}/editor${suffix}.png`, 'main, [role=main]')
    await page.context().close()

    const phone = await open(browser, server, { size: 'phone', lang, deviceScaleFactor: 2 })
    const own = await signIn(phone.context(), member)
    await phone.context().request.patch('/api/v1/me', { data: { locale: lang }, headers: { 'X-CSRF-Token': own } })
    await shoot(phone, '/m', `${images}/phone-home${suffix}.png`, 'nav')
    await shoot(phone, '/m/apps/customer/forms/opportunity/new', `${images}/phone-form${suffix}.png`, 'form')
    await phone.context().close()
  }
  for (const [lang, suffix] of [
    ['zh-CN', ''],
    ['en', '.en'],
  ]) {
    const page = await open(browser, server, { lang, viewport: { width: 1200, height: 760 } })
    const csrf = await signIn(page.context())
    await page.context().request.patch('/api/v1/me', { data: { locale: lang }, headers: { 'X-CSRF-Token': csrf } })
    await shoot(
      page,
      '/apps/customer/forms/opportunity?view=opportunity-board',
      `${gallery}/board${suffix}.png`,
      'main article, main [data-card]',
    )
    await page.context().close()
  }
} finally {
  await browser.close()
  await server.stop()
}
