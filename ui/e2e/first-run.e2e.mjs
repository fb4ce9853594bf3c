// The first quarter of an hour: the one-time link, the workspace, its admin, a template in one click, the checklist, the
// first own record.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from './server.mjs'
import { accessible, caller, newBrowser, open } from './story.mjs'

test('from the one-time link to the first own record', async (t) => {
  const server = await startServer({ setup: false })
  t.after(() => server.stop())
  const page = await open(await newBrowser(t), server)
  await page.goto(await server.setupLink())

  await page.getByRole('heading', { name: '工作区' }).waitFor()
  await accessible(page, 'the first step of setting up')
  await page.getByLabel('名称').fill('华辰科技')
  assert.equal(await page.getByLabel('时区').inputValue(), 'Asia/Shanghai')
  assert.equal(await page.getByLabel('币种').inputValue(), 'CNY')
  await page.getByRole('button', { name: '下一步' }).click()

  // What cannot be is said at the field, and nothing typed before is lost.
  await page.getByLabel('登录名').fill('admin')
  await page.getByLabel(/^密码/).fill('adminadmin')
  await page.getByLabel(/^密码/).fill('admin')
  assert.ok(await page.getByRole('button', { name: '创建工作区' }).isDisabled())
  await page.getByText('还差 5 个字符').waitFor()
  await page.getByLabel(/^密码/).fill('一句自己记得住的话就很好')
  await accessible(page, 'the second step of setting up')
  await page.getByRole('button', { name: '创建工作区' }).click()

  await page.getByRole('heading', { name: '选一个模板，马上就能用' }).waitFor()
  await accessible(page, 'the gallery')
  await page.getByRole('radio', { name: '不带数据' }).check()
  await page.getByRole('button', { name: '用销售 CRM开始' }).click()

  const list = page.getByRole('region', { name: '开始使用' })
  await list.waitFor({ timeout: 60_000 })
  await accessible(page, 'the home page')
  await list.getByRole('link', { name: /^录入第一条/ }).click()
  await page.getByRole('textbox', { name: /商机名称/ }).fill('二期车间设备联网')
  await page.getByRole('button', { name: /^保存 / }).click()
  await page.getByRole('heading', { level: 1, name: '二期车间设备联网' }).waitFor()

  await page.getByRole('link', { name: '首页' }).click()
  await page.getByText('还有 4 步').waitFor()
  assert.equal((await caller(server, { login: 'admin', password: '一句自己记得住的话就很好' })).user.admin, true)
  page.quiet()

  // The link worked once.
  const stranger = await open(page.context().browser(), server)
  await stranger.goto(await server.setupLink())
  await stranger.getByRole('heading', { name: '登录' }).waitFor()
  stranger.forgive(/401/)
  stranger.quiet()
})

test('without the link a browser elsewhere is told where to find it', async (t) => {
  const server = await startServer({ setup: false })
  t.after(() => server.stop())
  const page = await open(await newBrowser(t), server, { extraHTTPHeaders: { 'X-Forwarded-For': '203.0.113.9' } })
  await page.goto('/')
  await page.getByRole('heading', { name: '请用启动时给出的链接打开' }).waitFor()
  await accessible(page, 'setting up without the link')
  page.forgive(/401/)
  page.quiet()
})
