// A record's page on the desktop: two people at one record, its history, what is deleted and comes back, and a server
// that goes away while somebody types.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admin, startServer, until } from './server.mjs'
import { caller, newBrowser, open, passwordFor } from './story.mjs'

const path = '/apps/customer/forms/customer'

async function world(t) {
  const server = await startServer()
  t.after(() => server.stop())
  const api = await caller(server)
  const record = await api.post('/apps/customer/forms/customer/records', {
    data: { name: '杭州云栖精密机械有限公司', level: 'B' },
  })
  return { server, api, record, browser: await newBrowser(t), address: `${path}/${record.id}` }
}

/** Clicks a value to edit its field, and types. */
async function edit(page, label, text) {
  const row = page
    .getByRole('group', { name: label })
    .or(page.locator('[data-field]', { hasText: label }))
    .first()
  await row.getByRole('button').first().click()
  const box = row.getByRole('textbox')
  await box.fill(text)
  await box.press('Tab')
}

test('two people change one record: what differs is merged, what clashes is asked', async (t) => {
  const { server, browser, api, record, address } = await world(t)
  const other = await passwordFor(api, 'xuguodong')
  await api.patch(`/apps/customer/forms/customer/records/${record.id}`, {
    data: { owner: (await caller(server, other)).user.id },
  })

  const one = await open(browser, server, { who: admin })
  await one.goto(address)
  await edit(one, '客户名称', '杭州云栖精密')
  await one.getByText('1 处修改未保存').waitFor()

  // Meanwhile the other saves another value of the same field, and a field that nobody else touches.
  await (
    await caller(server, other)
  ).patch(`/apps/customer/forms/customer/records/${record.id}`, { data: { name: '云栖精密（杭州）', level: 'A' } })
  await one.getByRole('button', { name: /^保存/ }).click()
  const dialog = one.getByRole('dialog', { name: '别人先保存了' })
  await dialog.waitFor()
  await dialog.getByText('云栖精密（杭州）').waitFor()
  await dialog.getByRole('radio').nth(1).check()
  await dialog.getByRole('button', { name: '按所选保存' }).click()
  await one.getByText('已保存').waitFor()

  const now = await api.get(`/apps/customer/forms/customer/records/${record.id}`)
  assert.equal(now.data.name, '杭州云栖精密')
  assert.equal(now.data.level, 'A', 'what only the other changed is kept')
  one.forgive(/412/)
  one.quiet()
})

test('what others save appears without a reload, and an earlier state can be brought back', async (t) => {
  const { server, browser, api, record, address } = await world(t)
  const page = await open(browser, server, { who: admin })
  await page.goto(address)
  await page.getByRole('heading', { level: 1, name: record.data.name }).waitFor()

  await api.patch(`/apps/customer/forms/customer/records/${record.id}`, { data: { name: '改过的名称' } })
  await page.getByRole('heading', { level: 1, name: '改过的名称' }).waitFor()

  await page.getByRole('tab', { name: '修改历史' }).click()
  await page.getByRole('button', { name: '恢复到此时' }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: '恢复到此时' }).click()
  await page.getByRole('heading', { level: 1, name: record.data.name }).waitFor()
  assert.equal((await api.get(`/apps/customer/forms/customer/records/${record.id}`)).data.name, record.data.name)
  page.quiet()
})

test('a comment that names a colleague is in the timeline and in their inbox', async (t) => {
  const { server, browser, api, record, address } = await world(t)
  const leader = await passwordFor(api, 'xuguodong')
  // Only who may read the record is told.
  await api.patch(`/apps/customer/forms/customer/records/${record.id}`, {
    data: { owner: (await caller(server, leader)).user.id },
  })
  const page = await open(browser, server, { who: admin })
  await page.goto(address)
  const box = page.getByRole('textbox', { name: '评论' })
  await box.fill('请 @许')
  await page.getByRole('option', { name: '许国栋' }).click()
  await box.pressSequentially('看一下')
  await page.getByRole('button', { name: '发表' }).click()
  await page.getByRole('complementary', { name: '动态' }).getByText('看一下').waitFor()
  assert.equal(await box.inputValue(), '')
  page.quiet()

  // Other things may be told meanwhile: that the record is theirs now, for one.
  const ask = await caller(server, leader)
  await until(async () =>
    (await ask.get('/notifications')).items.find((n) => /看一下/.test(`${n.title} ${n.body ?? ''}`)),
  )
})

test('a deleted record can be taken back at once', async (t) => {
  const { server, browser, api, record, address } = await world(t)
  const page = await open(browser, server, { who: admin })
  await page.goto(address)
  await page.getByRole('button', { name: '更多' }).click()
  await page.getByRole('menuitem', { name: '删除' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
  await page.waitForURL(`**${path}`)
  await page.getByRole('button', { name: '撤销' }).click()
  await page.getByText(`已恢复“${record.data.name}”`).waitFor()
  assert.equal((await api.get(`/apps/customer/forms/customer/records/${record.id}`)).deletedAt, undefined)
  page.quiet()
})

test('the server goes away while somebody types: nothing typed is lost, one record is made', async (t) => {
  const { server, browser } = await world(t)
  const page = await open(browser, server, { who: admin })
  await page.goto(`${path}/new`)
  await page.getByRole('textbox', { name: /客户名称/ }).fill('断网时录入的公司')
  await page.getByRole('textbox', { name: /客户名称/ }).press('Tab')

  page.forgive(/ERR_|Failed to load resource|EventSource|net::/)
  await server.kill()
  await page.getByText('连不上服务器，正在自动重连').waitFor()
  await page.getByRole('button', { name: /^保存 / }).click()
  await page.getByText('还没保存').waitFor()

  const again = await startServer({ setup: true, data: server.data, listen: server.address })
  t.after(() => again.stop())
  await page.getByText('连不上服务器，正在自动重连').waitFor({ state: 'hidden', timeout: 40_000 })
  await page.reload()
  await page.getByText('上次没保存的内容').waitFor()
  await page.getByRole('button', { name: /^保存 / }).click()
  await page.getByRole('heading', { level: 1, name: '断网时录入的公司' }).waitFor()
  const found = await (
    await caller(again)
  ).post('/apps/customer/forms/customer/query', { filter: { field: 'name', op: 'eq', value: '断网时录入的公司' } })
  assert.equal(found.items.length, 1)
  page.quiet()
})
