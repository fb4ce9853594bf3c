// An admin changes a form without code: adds a field, moves it, publishes, sees it on a record and on the phone, and
// rolls back. Nothing is lost when the window closes in between, and nobody's work is written over.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admin, sameOnMongoDB, startServer, until } from './server.mjs'
import { accessible, caller, newBrowser, open } from './story.mjs'

const form = '/apps/customer/edit/form/opportunity'

/** Titles in the outline, from top to bottom. */
const outline = (page) => page.locator('nav[aria-label="大纲"] li').allInnerTexts()
const saved = (page) => page.getByText(/草稿已保存/).waitFor()

test('a field is added, moved, published, used and rolled back', async (t) => {
  const server = await startServer()
  t.after(() => server.stop())
  const api = await caller(server)
  const browser = await newBrowser(t)
  const deal = (await api.post('/apps/customer/forms/opportunity/query', { limit: 1 })).items[0].id
  const page = await open(browser, server, { who: admin })

  await t.test('adding and naming', async () => {
    await page.goto(form)
    await page.getByRole('button', { name: '选择字段 商机名称', exact: true }).click()
    await page.getByRole('button', { name: '单行文本', exact: true }).click()
    await page.getByLabel('名称', { exact: true }).fill('采购预算编号')
    await page.getByRole('button', { name: '其他语言' }).first().click()
    await page.getByLabel('English 文字').first().fill('Budget number')
    await page.getByRole('button', { name: 'budgetNumber', exact: true }).click()
    assert.deepEqual((await outline(page)).slice(0, 2), ['商机名称', '采购预算编号'])
    await saved(page)
  })

  await t.test('moving with the keyboard, taking back, dragging', async () => {
    const field = page.getByRole('button', { name: '选择字段 采购预算编号', exact: true })
    await field.press('Alt+ArrowUp')
    assert.deepEqual((await outline(page)).slice(0, 2), ['采购预算编号', '商机名称'])
    await page.keyboard.press('Control+z')
    assert.deepEqual((await outline(page)).slice(0, 2), ['商机名称', '采购预算编号'])
    await page.keyboard.press('Control+Shift+z')
    await drag(
      page,
      page.getByRole('button', { name: '数字', exact: true }),
      page.getByRole('button', { name: '选择字段 下一步', exact: true }),
    )
    const list = await outline(page)
    assert.ok(Math.abs(list.indexOf('数字') - list.indexOf('下一步')) === 1, list.join(' '))
    await page.keyboard.press('Control+z')
    assert.ok(!(await outline(page)).includes('数字'))
  })

  await t.test('the window closes before it is saved', async () => {
    await page.route('**/definitions/form/opportunity', (r) =>
      r.request().method() === 'PUT' ? r.abort() : r.fallback(),
    )
    page.forgive(/ERR_FAILED|Failed to load resource/)
    await page.getByRole('button', { name: '选择字段 采购预算编号', exact: true }).click()
    await page.getByLabel('说明', { exact: true }).fill('财务批复的编号')
    await page.getByText(/连不上服务器/).waitFor()
    page.once('dialog', (d) => d.accept())
    await page.reload()
    await page.unroute('**/definitions/form/opportunity')
    assert.equal(await page.getByLabel('说明', { exact: true }).inputValue(), '财务批复的编号')
    await until(async () =>
      JSON.stringify(await api.get('/apps/customer/definitions/form/opportunity')).includes('财务批复的编号'),
    )
  })

  await t.test('publishing says what changes', async () => {
    await page.getByRole('button', { name: '发布', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('新增字段「采购预算编号」').waitFor()
    await dialog.getByLabel('版本说明').fill('增加预算编号')
    await accessible(page, 'publish dialog')
    await dialog.getByRole('button', { name: '发布', exact: true }).click()
    await page.getByText('已发布第 2 版').waitFor()
    assert.equal((await api.get('/apps/customer')).version, 2)
  })

  await t.test('it is on the record and on the phone', async () => {
    await page.goto(`/apps/customer/forms/opportunity/${deal}`)
    await page.getByText('采购预算编号').first().waitFor()
    const phone = await open(browser, server, { size: 'phone', who: admin })
    await phone.goto('/m/apps/customer/forms/opportunity/new')
    await phone.getByText('采购预算编号').first().waitFor()
    phone.quiet()
  })

  await t.test('rolling back takes it away', async () => {
    await page.goto(form)
    await page.getByRole('button', { name: '更多', exact: true }).click()
    await page.getByRole('menuitem', { name: '版本记录' }).click()
    await page.getByText('增加预算编号').waitFor()
    await page.getByRole('button', { name: /^第 1 版/ }).click()
    await page.getByRole('button', { name: '回滚到第 1 版' }).click()
    await page.getByRole('button', { name: '回滚', exact: true }).click()
    await page.getByText(/已回滚/).waitFor()
    assert.ok(!(await outline(page)).includes('采购预算编号'))
    await page.goto(`/apps/customer/forms/opportunity/${deal}`)
    await page.getByText('预计成交').first().waitFor()
    assert.equal(await page.getByText('采购预算编号').count(), 0)
  })
  page.quiet()
})

test('two people at one form: what touches is decided by a person, the rest is joined', async (t) => {
  const server = await startServer()
  t.after(() => server.stop())
  const api = await caller(server)
  const browser = await newBrowser(t)
  const page = await open(browser, server, { who: admin })
  page.forgive(/412|Failed to load resource/)
  const url = '/apps/customer/definitions/form/opportunity'
  const change = async (edit) => {
    const d = await api.get(url)
    edit(d)
    await api.put(url, d)
  }
  await page.goto(`${form}?field=competitor`)
  const title = page.getByLabel('名称', { exact: true })
  await title.waitFor()

  await change((d) => (d.icon = 'flag'))
  await title.fill('主要对手')
  await page.getByText('已与他人的修改合并').first().waitFor()
  const joined = await until(async () => {
    const d = await api.get(url)
    return JSON.stringify(d).includes('主要对手') && d
  })
  assert.equal(joined.icon, 'flag')

  await change((d) => (d.schema.properties.competitor['x-field'].title['zh-CN'] = '对方改的'))
  await title.fill('我改的')
  await page.getByText(/有人刚刚改了同一处/).waitFor()
  assert.ok(JSON.stringify(await api.get(url)).includes('对方改的'))
  await accessible(page, 'conflict')
  await page.getByRole('button', { name: '用对方的' }).click()
  assert.equal(await title.inputValue(), '对方改的')
  await page.getByRole('button', { name: '撤销' }).click()
  assert.equal(await title.inputValue(), '我改的')
  page.quiet()
})

test('problems are shown before publishing, and lead to where they are mended', async (t) => {
  const server = await startServer()
  t.after(() => server.stop())
  const browser = await newBrowser(t)
  const page = await open(browser, server, { who: admin })
  await page.goto(`${form}?field=weighted`)
  const formula = page.getByRole('textbox', { name: '公式' })
  await formula.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('amont * 2')
  await page.getByText(/1 个问题/).waitFor()
  await page.getByRole('button', { name: '发布', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('先解决这些问题，才能发布').waitFor()
  assert.ok(await dialog.getByRole('button', { name: '发布', exact: true }).isDisabled())
  await page.keyboard.press('Escape')
  await page.goto('/apps/customer/edit/role/rep')
  await page.getByRole('button', { name: '去修复' }).click()
  await page.waitForURL(/form\/opportunity\?field=weighted/)
  await formula.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('amount * 2')
  await page.getByText('没有问题，可以发布').waitFor()
  page.quiet()
})

test('every editor is accessible', { skip: sameOnMongoDB }, async (t) => {
  const server = await startServer()
  t.after(() => server.stop())
  const browser = await newBrowser(t)
  const pages = [
    ['form/opportunity?field=kind', 'nav[aria-label] li'],
    ['form/opportunity?section=result', 'nav[aria-label] li'],
    ['form/opportunity?rule=closed-after-engaged', 'nav[aria-label] li'],
    ['stages/opportunity?item=won', 'main li'],
    ['view/opportunity-open', 'main table'],
    ['dashboard/sales', 'main h2'],
    ['automation/lead-assign?item=assign', 'main h2'],
    ['role/rep?item=customer.opportunity', 'main table'],
    ['optionset/sector', 'main h2'],
    ['app/customer', 'main h3'],
    ['view/opportunity-open?mode=json', '.cm-content'],
  ]
  for (const [lang, theme, size] of [
    ['zh-CN', 'light', 'desktop'],
    ['en', 'dark', 'desktop'],
    ['zh-CN', 'dark', 'phone'],
  ]) {
    const page = await open(browser, server, { who: admin, lang, theme, size })
    const failed = []
    for (const [path, ready] of pages) {
      await page.goto(`/apps/customer/edit/${path}`)
      try {
        await page.locator(ready).first().waitFor({ state: 'attached' })
        await page.waitForLoadState('networkidle', { timeout: 2000 }).catch(() => undefined) // the live stream never ends
        await accessible(page, path)
      } catch (e) {
        failed.push(
          `${path} (${lang}, ${theme}, ${size})\n${Array.isArray(e.actual) ? e.actual.join('\n') : e.message}`,
        )
      }
    }
    assert.deepEqual(failed, [])
    page.quiet()
    await page.context().close()
  }
})

/** Carries something with the mouse, in small moves as a hand does. */
async function drag(page, from, to) {
  await to.scrollIntoViewIfNeeded()
  const a = await from.boundingBox()
  const b = await to.boundingBox()
  await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2)
  await page.mouse.down()
  await page.mouse.move(a.x + a.width / 2 + 12, a.y + a.height / 2 + 12, { steps: 4 })
  await page.mouse.move(b.x + b.width - 12, b.y + b.height / 2, { steps: 12 })
  await page.mouse.move(b.x + b.width - 8, b.y + b.height / 2, { steps: 2 })
  await page.mouse.up()
}
