// A rep's day on the phone: sign in, find somebody, note a visit with a photograph, add a deal in two sittings, move it on.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from './server.mjs'
import { accessible, caller, newBrowser, open, passwordFor } from './story.mjs'

// a white pixel, as a camera would give it
const photo = {
  name: '现场.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
    'base64',
  ),
}

test("a rep's day on the phone", async (t) => {
  const server = await startServer()
  t.after(() => server.stop())
  const api = await caller(server)
  const rep = await passwordFor(api, 'linxiaowen')
  const mine = await caller(server, rep)
  const browser = await newBrowser(t)
  const page = await open(browser, server, { size: 'phone' })
  const heading = (name) => page.getByRole('heading', { level: 1, name })
  const [customer] = (
    await mine.post('/apps/customer/forms/customer/query', { search: '恒锐达精密', limit: 1, fields: ['name'] })
  ).items
  const visits = (filter) => mine.post('/apps/follow-up/forms/activity/query', { filter })

  await t.test('a page asks to sign in first, and is shown after', async () => {
    page.forgive(/401/)
    await page.goto('/m/inbox')
    await heading('登录').waitFor()
    await accessible(page, 'sign in')
    await page.getByLabel('账号').fill(rep.login)
    await page.getByLabel('密码').fill('wrong')
    await page.getByRole('button', { name: '登录' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('密码').fill(rep.password)
    await page.getByRole('button', { name: '登录' }).click()
    await heading('待办').waitFor()
    await page.getByRole('link', { name: '今日' }).click()
    await heading('今日').waitFor()
    await accessible(page, 'Today')
  })

  await t.test('two characters find a record in any form', async () => {
    await page.getByRole('button', { name: '搜索' }).click()
    await page.getByRole('searchbox').fill('恒锐')
    await page
      .getByRole('region', { name: '客户', exact: true })
      .getByRole('link', { name: customer.data.name, exact: true })
      .click()
    await heading(customer.data.name).waitFor()
    await page.getByRole('heading', { name: '动态' }).waitFor()
    await accessible(page, 'a record')
  })

  await t.test('a visit is noted with a photograph, over a reload', async () => {
    await page.getByRole('link', { name: '跟进记录', exact: true }).last().click()
    await heading('新建跟进记录').waitFor()
    await page.getByText(customer.data.name).waitFor() // whom it is about is filled in
    await page.getByText('有意向', { exact: true }).click()
    await page.getByLabel('沟通内容').fill('王总确认年前上线，报价要含两年维保')
    await page.locator('input[type=file]').first().setInputFiles(photo)
    await page.getByRole('img', { name: '现场.png' }).or(page.getByText('现场.png')).first().waitFor()
    await page.getByText('已存草稿').waitFor()
    await page.reload()
    await page.getByText('已恢复上次没填完的内容').waitFor()
    assert.equal(await page.getByLabel('沟通内容').inputValue(), '王总确认年前上线，报价要含两年维保')
    await accessible(page, 'a form')
    await page.getByRole('button', { name: '保存', exact: true }).click()
    await page.getByText('已保存').waitFor()
    await heading(customer.data.name).waitFor()
    await page.getByText('王总确认年前上线，报价要含两年维保').waitFor()
    const { items } = await visits({ field: 'note', op: 'contains', value: '两年维保' })
    assert.equal(items.length, 1)
    assert.equal(items[0].data.customer, customer.id)
    assert.equal(items[0].data.outcome, 'interested')
    assert.equal(items[0].data.photos[0].name, '现场.png')
  })

  await t.test('what a form needs is said beside its fields', async () => {
    await page.goto('/m')
    await page.getByRole('button', { name: '新建' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '计划' }).click()
    await heading('新建计划').waitFor()
    await page.getByRole('button', { name: '保存', exact: true }).click()
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true')
  })

  await t.test('a deal is begun, left, found among the drafts and finished', async () => {
    await page.goto('/m')
    await page.getByRole('button', { name: '新建' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '商机' }).click()
    await page.getByLabel('商机名称').fill('三期产线改造')
    await page.getByText('已存草稿').waitFor()
    await page.getByRole('button', { name: '离开，草稿已保存' }).click()
    await page.getByRole('link', { name: '我的' }).click()
    await page.getByRole('link', { name: /草稿/ }).click()
    await page.getByRole('link', { name: /三期产线改造/ }).click()
    await page.getByText('已恢复上次没填完的内容').waitFor()
    assert.equal(await page.getByLabel('商机名称').inputValue(), '三期产线改造')
    await page.getByRole('button', { name: '保存', exact: true }).click()
    await page.getByText('已保存').waitFor()
    const { items } = await mine.post('/apps/customer/forms/opportunity/query', { search: '三期产线改造' })
    assert.equal(items.length, 1)
    await page.goto(`/m/apps/customer/forms/opportunity/${items[0].id}`)
    await heading('三期产线改造').waitFor()
  })

  await t.test('a move asks for what it requires', async () => {
    await page.getByRole('button', { name: '确认需求' }).click()
    const sheet = page.getByRole('dialog', { name: '确认需求' })
    await sheet.getByRole('button', { name: /客户/ }).click()
    await page.getByRole('combobox', { name: '搜索' }).fill('恒锐达精密')
    await page.getByRole('option', { name: customer.data.name }).click()
    await sheet.getByLabel('接洽日期').fill('2026-11-20')
    await accessible(page, 'a move')
    await sheet.getByRole('button', { name: '确认需求' }).click()
    await page.getByRole('listitem').filter({ hasText: '需求确认' }).and(page.locator('[aria-current=step]')).waitFor()
    const { items } = await mine.post('/apps/customer/forms/opportunity/query', { search: '三期产线改造' })
    assert.equal(items[0].data.stage, 'engaging')
    assert.equal(items[0].data.account, customer.id)
  })

  await t.test('a comment is said once', async () => {
    await page.getByLabel('写评论').fill('下周三带方案过去')
    await page.getByRole('button', { name: '发送' }).click()
    await page.locator('ol').getByText('下周三带方案过去').waitFor()
    assert.equal(await page.getByLabel('写评论').inputValue(), '')
  })

  await t.test('lists narrow by view, words and filters', async () => {
    await page.goto('/m/apps/customer/forms/opportunity')
    await page.getByRole('button', { name: '我负责的' }).waitFor()
    await page.getByRole('searchbox').fill('三期产线')
    await page.getByText('1 条', { exact: true }).waitFor()
    await page.getByRole('button', { name: '筛选' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '初步接触' }).click()
    await accessible(page, 'filters')
    await page.getByRole('dialog').getByRole('button', { name: '查看结果' }).click()
    await page.getByText('没有符合条件的数据').waitFor()
    await page.getByRole('button', { name: '清除条件' }).click()
    await page.getByRole('link', { name: /三期产线改造/ }).waitFor()
    await accessible(page, 'a list')
  })

  await t.test('the language changes without a reload, and signing out leaves nothing to read', async () => {
    await page.goto('/m/mine')
    await page.getByText('English').click()
    await heading('Me').waitFor()
    await page.getByText('Dark', { exact: true }).click()
    await accessible(page, 'Me, dark')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
    await heading('Sign in').waitFor()
    const kept = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const r = indexedDB.open('formwork-phone')
          r.onsuccess = () => {
            const all = r.result.transaction('cache').objectStore('cache').count()
            all.onsuccess = () => resolve(all.result)
          }
        }),
    )
    assert.equal(kept, 0)
  })

  page.quiet()
})
