// Every page in both languages and both themes, on the desktop and on the phone: no violation that axe knows of, and a
// quiet console.
import { test } from 'node:test'
import { admin, sameOnMongoDB, startServer } from './server.mjs'
import { accessible, caller, newBrowser, open, passwordFor } from './story.mjs'

test('every page is accessible, in both languages, light and dark', { skip: sameOnMongoDB }, async (t) => {
  const server = await startServer()
  t.after(() => server.stop())
  const api = await caller(server)
  const member = await passwordFor(api, 'linxiaowen')
  const one = async (form) => (await api.post(`/apps/customer/forms/${form}/query`, { limit: 1 })).items[0].id
  const deal = await one('opportunity')

  const desk = [
    ['/', 'h2'],
    ['/inbox', 'h1'],
    ['/templates', 'h2'],
    ['/people', 'table'],
    ['/settings', 'form'],
    ['/apps/customer/forms/opportunity', '[role=grid], table'],
    ['/apps/customer/forms/opportunity?view=opportunity-board', 'main article'],
    ['/apps/customer/forms/opportunity/bin', 'h1'],
    ['/apps/customer/forms/opportunity/new', 'form, [role=group], input'],
    ['/apps/customer/forms/customer/import', 'h1'],
    [`/apps/customer/forms/opportunity/${deal}`, '#record-part'],
    [`/apps/customer/forms/opportunity/${deal}?tab=history`, '#record-part ol'],
    ['/apps/customer/dashboards/sales', 'main svg'],
    ['/apps/customer/edit/form/opportunity', 'h1, h2'],
    ['/apps/customer/roles', 'h1, h2'],
  ]
  const phone = [
    ['/m', 'nav'],
    ['/m/apps/customer/forms/opportunity', 'nav'],
    ['/m/apps/customer/forms/opportunity/new', 'input'],
    [`/m/apps/customer/forms/opportunity/${await ownOf(server, member)}`, 'h1'],
    ['/m/inbox', 'nav'],
    ['/m/mine', 'nav'],
  ]

  const browser = await newBrowser(t)
  for (const lang of ['zh-CN', 'en']) {
    for (const theme of ['light', 'dark']) {
      await t.test(`desktop, ${lang}, ${theme}`, () => visit(browser, server, desk, { lang, theme, who: admin }, api))
      await t.test(`phone, ${lang}, ${theme}`, () =>
        visit(browser, server, phone, { lang, theme, who: member, size: 'phone' }),
      )
    }
  }
})

async function ownOf(server, who) {
  const api = await caller(server, who)
  return (await api.post('/apps/customer/forms/opportunity/query', { limit: 1 })).items[0].id
}

async function visit(browser, server, pages, options) {
  const own = await caller(server, options.who)
  await own.patch('/me', { locale: options.lang })
  const page = await open(browser, server, options)
  const failed = []
  for (const [path, ready] of pages) {
    try {
      await page.goto(path)
      await page.locator(ready).first().waitFor()
      await page.waitForLoadState('networkidle', { timeout: 2000 }).catch(() => undefined) // the live stream never ends
      await accessible(page, path)
    } catch (e) {
      failed.push(`${path}\n${Array.isArray(e.actual) ? e.actual.join('\n') : e.message}`)
    }
  }
  await page.context().close()
  if (failed.length > 0) throw new Error(`axe found:\n${failed.join('\n\n')}`)
  page.quiet()
}
