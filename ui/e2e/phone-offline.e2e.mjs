// The server goes away and comes back: the phone goes on, and what was done meanwhile arrives once. The server is really
// stopped; the browser's own switch would prove less.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import { startServer, until } from './server.mjs'
import { caller, newBrowser, open, passwordFor } from './story.mjs'

const photo = {
  name: '门头.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
    'base64',
  ),
}

test('the phone goes on while the server is away', async (t) => {
  let server = await startServer()
  const { data, address } = server
  const away = async () => server.kill()
  const back = async () => {
    server = await startServer({ data, listen: address })
  }
  t.after(async () => {
    await server.stop()
    rmSync(data, { recursive: true, force: true })
  })
  const rep = await passwordFor(await caller(server), 'linxiaowen')
  const leader = (await (await caller(server)).get('/users?search=chenzhiyuan')).items[0]
  const find = async (form, filter) =>
    (await (await caller(server, rep)).post(`/apps/${form.replace('.', '/forms/')}/query`, { filter })).items
  const [customer] = await find('customer.customer', { field: 'name', op: 'contains', value: '恒锐达精密' })

  const browser = await newBrowser(t)
  const page = await open(browser, server, { size: 'phone', who: rep })
  page.forgive(/net::ERR_|503/) // while the server is away or starting
  page.forgive(/localStorage.*Access is denied/) // on the blank page between two visits
  const heading = (name) => page.getByRole('heading', { level: 1, name })
  const save = () => page.getByRole('button', { name: '保存', exact: true }).click()
  const record = `/m/apps/customer/forms/customer/${customer.id}`

  await t.test('what was looked at is kept with the app', async () => {
    await page.goto('/m')
    await heading('今日').waitFor()
    await page.goto('/m/apps/customer/forms/customer')
    await page.getByRole('link', { name: new RegExp(customer.data.name) }).click()
    await heading(customer.data.name).waitFor()
    await page.getByRole('heading', { name: '动态' }).waitFor()
    await page.goto('/m/apps/follow-up/forms/activity/new')
    await heading('新建跟进记录').waitFor()
    await page.evaluate(() => navigator.serviceWorker.ready.then((r) => r.active.state))
    await page.waitForFunction(
      () =>
        navigator.serviceWorker.controller ||
        navigator.serviceWorker.getRegistration().then((r) => r?.active?.state === 'activated'),
    )
  })

  await t.test('without the server the app starts, says so, and shows what it knows', async () => {
    await away()
    await page.goto('/m')
    await heading('今日').waitFor()
    await page.getByText('连不上服务器').first().waitFor()
    await page.goto(record)
    await heading(customer.data.name).waitFor()
  })

  await t.test('a visit with a photograph is saved on the phone', async () => {
    await page.getByRole('link', { name: '跟进记录', exact: true }).last().click()
    await page.getByText(customer.data.name).waitFor()
    await page.getByText('要报价', { exact: true }).click()
    await page.getByLabel('沟通内容').fill('没有信号也记下来')
    await page.locator('input[type=file]').first().setInputFiles(photo)
    await page.getByRole('img', { name: '门头.png' }).or(page.getByText('门头.png')).first().waitFor()
    await save()
    await page.getByText('已存到手机，联网后自动发送', { exact: true }).waitFor()
    await page.goto('/m')
    await page.getByRole('link', { name: '1 条未发送' }).click()
    await page.getByText('等待网络，联网后自动发送').waitFor()
  })

  await t.test('a comment that names somebody is kept as well', async () => {
    await page.goto(record)
    await heading(customer.data.name).waitFor()
    const box = page.getByRole('textbox', { name: '写评论' })
    await box.fill(`@${leader.name} 报价已口头确认`)
    await page.getByRole('button', { name: '发送' }).click()
    await page.getByText('待发送').waitFor()
    assert.equal(await box.inputValue(), '')
    await page.reload()
    await page.getByText('报价已口头确认').waitFor()
  })

  await t.test('a draft outlives a reload without the server', async () => {
    await page.goto('/m/apps/follow-up/forms/plan/new')
    await page.getByLabel('要做什么').fill('整理报价')
    await page.getByText('已存草稿').waitFor()
    await page.reload()
    await page.getByText('已恢复上次没填完的内容').waitFor()
    assert.equal(await page.getByLabel('要做什么').inputValue(), '整理报价')
  })

  await t.test('when the server is back everything arrives by itself, once', async () => {
    await page.goto('/m')
    await page.getByRole('link', { name: '2 条未发送' }).waitFor()
    await back()
    await page.getByRole('link', { name: /条未发送/ }).waitFor({ state: 'detached', timeout: 40_000 })
    const said = (await (await caller(server)).get(`/apps/customer/forms/customer/records/${customer.id}/comments`))
      .items
    assert.deepEqual(
      said.map((c) => [c.text, c.mentions]),
      [[`@${leader.name} 报价已口头确认`, [leader.id]]],
    )
    const noted = await find('follow-up.activity', { field: 'note', op: 'eq', value: '没有信号也记下来' })
    assert.equal(noted.length, 1)
    assert.equal(noted[0].data.customer, customer.id)
    assert.equal(noted[0].data.photos[0].name, '门头.png')
  })

  await t.test('an answer that was lost on its way makes nothing twice', async () => {
    // The write reaches the server, its answer does not reach the phone.
    await page.route('**/forms/plan/records', async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    })
    await page.goto('/m/drafts')
    await page.getByRole('link', { name: /整理报价/ }).click()
    await page.getByText('已恢复上次没填完的内容').waitFor()
    await page.getByText('电话', { exact: true }).click()
    await save()
    await page.getByText('已存到手机，联网后自动发送', { exact: true }).waitFor()
    await page.unroute('**/forms/plan/records')
    await page.goto('/m/unsent')
    await page.getByText('全部已发送').waitFor()
    assert.equal((await find('follow-up.plan', { field: 'name', op: 'eq', value: '整理报价' })).length, 1)
  })

  await t.test('what somebody else changed meanwhile is shown, and the person decides', async () => {
    await page.goto(`${record}/edit`)
    const note = page.getByRole('textbox', { name: '备注' })
    await note.waitFor()
    await away()
    await note.fill('我这边的说法')
    await save()
    await page.getByText('已存到手机，联网后自动发送', { exact: true }).waitFor()
    await page.goto('about:blank')
    await back()
    const other = await caller(server)
    await other.patch(`/apps/customer/forms/customer/records/${customer.id}`, { data: { note: '办公室的说法' } })
    await page.goto('/m')
    await page.getByRole('link', { name: '1 条要处理' }).click()
    await page.getByText('别人先改了这条数据').waitFor()
    await page.getByRole('button', { name: '仍然提交我的修改' }).click()
    await page.getByText('全部已发送').waitFor()
    const mine = () => find('customer.customer', { field: 'note', op: 'eq', value: '我这边的说法' })
    assert.equal((await until(async () => ((await mine()).length === 1 ? await mine() : undefined))).length, 1)
  })

  page.quiet()
})
