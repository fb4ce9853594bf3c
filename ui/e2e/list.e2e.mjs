// A day with lists: finding, keeping a view, changing many and taking it back, the board, and what others do meanwhile.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { admin, startServer, until } from './server.mjs'
import { accessible, caller, newBrowser, open } from './story.mjs'

const list = '/apps/customer/forms/opportunity'
const query = '/apps/customer/forms/opportunity/query'
let server, api, browser

before(async () => {
  server = await startServer()
  api = await caller(server)
  browser = await newBrowser({ after: (f) => stops.push(f) })
})
const stops = []
test.after(async () => {
  for (const stop of stops) await stop()
  await server?.stop()
})

const row = (page, i) => page.locator(`[role=row][data-index="${i}"]`)
const total = async (filter) => (await api.post(query, { filter, count: true, limit: 1 })).total
const record = async (id) => api.get(`/apps/customer/forms/opportunity/records/${id}`)
const openStages = { field: 'stage', op: 'in', value: ['prospecting', 'engaging', 'proposal', 'negotiation'] }
const drag = async (page, from, to) => {
  const a = await from.boundingBox()
  const b = await to.boundingBox()
  await page.mouse.move(a.x + 40, a.y + 40)
  await page.mouse.down()
  await page.mouse.move(a.x + 60, a.y + 60, { steps: 3 })
  await page.mouse.move(b.x + b.width / 2, b.y + 160, { steps: 8 })
}

test('narrowing a list, and keeping what one sees as a view', async () => {
  const page = await open(browser, server, { who: admin })
  await page.goto(`${list}?view=opportunity-open`)
  await row(page, 0).waitFor()
  await page.getByRole('button', { name: '添加条件' }).click()
  await page.getByRole('dialog').getByText('负责人', { exact: true }).click()
  await page.getByRole('dialog').locator('label', { hasText: '林晓雯' }).click()
  await page.waitForURL(/filter=/)
  const owner = (await api.get('/users?search=linxiaowen')).items[0].id
  const expected = await total({ and: [openStages, { field: 'owner', op: 'eq', value: owner }] })
  assert.ok(expected > 0)
  await page.getByRole('grid').getByText(`${expected} 条商机`).waitFor()
  await page.keyboard.press('Escape')
  await accessible(page, 'a narrowed list')

  await page.getByRole('button', { name: '存为新视图' }).click()
  await page.getByRole('textbox', { name: '名称' }).fill('晓雯手上的')
  await page.getByRole('button', { name: '保存视图' }).click()
  const tab = page.getByRole('tab', { name: /晓雯手上的/ })
  await tab.waitFor()
  await page.reload()
  await page.getByRole('grid').getByText(`${expected} 条商机`).waitFor()
  assert.equal(await tab.getAttribute('aria-selected'), 'true')

  // its filter can be taken away, put back, and the view removed
  await page.getByRole('button', { name: /删除条件：负责人/ }).click()
  await page
    .getByRole('grid')
    .getByText(`${await total(openStages)} 条商机`)
    .waitFor()
  await page.getByRole('button', { name: '还原' }).click()
  await page.getByRole('grid').getByText(`${expected} 条商机`).waitFor()
  await page.getByRole('button', { name: /“晓雯手上的”的操作/ }).click()
  await page.getByRole('menuitem', { name: '删除视图' }).click()
  await page.getByRole('button', { name: '删除视图' }).click()
  await tab.waitFor({ state: 'detached' })
  page.quiet()
})

test('an address without a view shows exactly what its filter finds', async () => {
  const page = await open(browser, server, { who: admin })
  const filter = {
    and: [
      { field: 'stage', op: 'eq', value: 'won' },
      { field: 'owner.department', op: 'notEmpty' },
    ],
  }
  await page.goto(`${list}?filter=${encodeURIComponent(JSON.stringify(filter))}&from=${encodeURIComponent('销售业绩')}`)
  await page
    .getByRole('grid')
    .getByText(`${await total(filter)} 条商机`)
    .waitFor()
  await page.getByText('来自“销售业绩”').waitFor()
  await page.getByText(/负责人 · 部门/).waitFor()
  page.quiet()
})

test('changing a value where it stands', async () => {
  const page = await open(browser, server, { who: admin })
  await page.goto(`${list}?view=opportunity-open`)
  const id = await row(page, 2).getAttribute('data-id')
  await row(page, 2).locator('[data-field=amount]').dblclick()
  await row(page, 2).getByRole('textbox').focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('１２３,４５６')
  await page.keyboard.press('Enter')
  await row(page, 2).getByText('123,456', { exact: true }).waitFor()
  assert.equal((await record(id)).data.amount, 123456)

  // what cannot be read is said at the cell and nothing is written
  await row(page, 2).locator('[data-field=amount]').dblclick()
  await row(page, 2).getByRole('textbox').focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('很多')
  await page.keyboard.press('Enter')
  await row(page, 2).getByRole('alert').waitFor()
  await page.keyboard.press('Escape')
  assert.equal((await record(id)).data.amount, 123456)
  page.quiet()
})

test('changing and deleting many, and taking it back', async () => {
  const page = await open(browser, server, { who: admin })
  await page.goto(`${list}?view=opportunity-open`)
  await row(page, 1).hover()
  await row(page, 1).locator('[data-check]').click()
  await row(page, 4)
    .locator('[data-check]')
    .click({ modifiers: ['Shift'] })
  await page.getByText('已选 4 条').waitFor()
  const ids = await page.locator('[role=row][aria-selected=true]').evaluateAll((all) => all.map((r) => r.dataset.id))
  assert.equal(ids.length, 4)
  await page.getByRole('button', { name: '修改字段' }).click()
  await page.getByRole('combobox', { name: '添加要改的字段' }).selectOption({ label: '下一步' })
  await page.getByLabel('下一步', { exact: true }).fill('周五前回访')
  await accessible(page, 'changing many')
  await page.getByRole('button', { name: '修改 4 条' }).click()
  await page.getByText('4 条已完成').waitFor()
  for (const id of ids) assert.equal((await record(id)).data.nextStep, '周五前回访')

  const before = await total(openStages)
  await page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '删除' }).click()
  await page.getByRole('button', { name: '删除 4 条' }).click()
  await page.getByText('已删除 4 条').waitFor()
  assert.equal(await total(openStages), before - 4)
  await page.getByRole('button', { name: '撤销' }).click()
  await page.getByText('已恢复 4 条').waitFor()
  assert.equal(await total(openStages), before)

  // and one by one out of the recycle bin
  await api.delete(`/apps/customer/forms/opportunity/records/${ids[0]}`)
  await page.goto(`${list}/bin`)
  await page.locator('tbody tr').waitFor()
  await accessible(page, 'the recycle bin')
  await page.getByRole('button', { name: /^恢复/ }).click()
  await page.getByText('回收站是空的').waitFor()
  assert.equal(await total(openStages), before)
  page.quiet()
})

for (const size of ['tablet', 'phone'])
  test(`a finger that holds a card drags it over the board of a ${size}, and hears why not`, async () => {
    const page = await open(browser, server, { who: admin, size, hasTouch: true, isMobile: true })
    page.forgive(/localStorage.*Access is denied/) // of frames without a document of their own
    await page.goto(`${list}?view=opportunity-board`)
    const column = (name) =>
      page.locator('main section').filter({ has: page.getByRole('heading', { name, exact: true }) })
    const hand = await page.context().newCDPSession(page)
    const touch = (type, at) =>
      hand.send('Input.dispatchTouchEvent', { type, touchPoints: at ? [{ x: at.x, y: at.y }] : [] })
    const glide = async (from, to) => {
      for (let i = 1; i <= 10; i++)
        await touch('touchMove', { x: from.x + ((to.x - from.x) * i) / 10, y: from.y + ((to.y - from.y) * i) / 10 })
    }
    /** Holds a card until it is picked up, and takes it to a column, waiting at the edge until that comes into sight. */
    const carry = async (card, to) => {
      await card.scrollIntoViewIfNeeded()
      const a = await card.boundingBox()
      const from = { x: a.x + 60, y: a.y + 30 }
      await touch('touchStart', from)
      await page.locator('[data-dnd-overlay]').waitFor()
      const width = page.viewportSize().width
      const place = async () => await to.boundingBox()
      let at = from
      let b = await place()
      if (b.x + 40 > width) {
        await glide(at, (at = { x: width - 12, y: from.y }))
        b = await until(async () => {
          await touch('touchMove', (at = { x: width - 12 + (at.x % 2), y: at.y }))
          const now = await place()
          return now.x + 60 < width && now
        })
      }
      await glide(at, { x: Math.min(b.x + 60, width - 60), y: b.y + 120 })
    }
    const from = column('需求确认')
    const card = from.locator('[data-id]').first()
    await card.waitFor()
    const id = await card.getAttribute('data-id')

    await carry(card, column('赢单'))
    await column('赢单').getByText('不能移到“赢单”').waitFor()
    await touch('touchEnd')
    await page.getByText(/不能移到“赢单”: /).waitFor()
    assert.equal((await record(id)).data.stage, 'engaging')

    await carry(from.locator(`[data-id="${id}"]`), column('方案报价'))
    await touch('touchEnd')
    await until(async () => (await record(id)).data.stage === 'proposal')
    await column('方案报价').locator(`[data-id="${id}"]`).waitFor()
    page.quiet()
  })

test('the board lets a card go where it may, and says why not elsewhere', async () => {
  const page = await open(browser, server, { who: admin })
  await page.goto(`${list}?view=opportunity-board`)
  const column = (name) =>
    page.locator('main section').filter({ has: page.getByRole('heading', { name, exact: true }) })
  const card = column('方案报价').locator('[data-id]').first()
  await card.waitFor()
  await accessible(page, 'a board')
  const id = await card.getAttribute('data-id')

  await drag(page, card, column('赢单'))
  await column('赢单').getByText('不能移到“赢单”').waitFor()
  await column('赢单').getByText('可以先转到商务谈判。').waitFor()
  await page.mouse.up()
  assert.equal((await record(id)).data.stage, 'proposal')

  await drag(page, column('方案报价').locator(`[data-id="${id}"]`), column('商务谈判'))
  await page.mouse.up()
  await column('商务谈判').locator(`[data-id="${id}"]`).waitFor()
  await until(async () => (await record(id)).data.stage === 'negotiation')

  // winning asks for the day it was won
  await drag(page, column('商务谈判').locator(`[data-id="${id}"]`), column('赢单'))
  await column('赢单')
    .getByText(/还要填：.*结单日期/)
    .waitFor()
  await page.mouse.up()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/结单日期/).fill('2026-11-28')
  await dialog.getByRole('button', { name: '转为赢单' }).click()
  await until(async () => (await record(id)).data.stage === 'won')
  await column('赢单').locator(`[data-id="${id}"]`).waitFor()

  // by keyboard
  const other = column('需求确认').locator('[data-id]').first()
  const otherId = await other.getAttribute('data-id')
  await other.locator('a').first().focus()
  await page.keyboard.press('Space')
  await page.getByText('在“需求确认”上方。').waitFor({ state: 'attached' })
  // it is the first column: another press changes nothing
  await until(async () => {
    await page.keyboard.press('ArrowLeft')
    return (await page.getByText('在“初步接触”上方。').count()) > 0
  })
  await page.keyboard.press('Space')
  await until(async () => (await record(otherId)).data.stage === 'prospecting')
  page.quiet()
})

test('what others do appears without moving anything', async () => {
  const page = await open(browser, server, { who: admin })
  await page.goto(`${list}?view=opportunity-open`)
  const id = await row(page, 5).getAttribute('data-id')
  await api.patch(`/apps/customer/forms/opportunity/records/${id}`, { data: { amount: 777777 } })
  await row(page, 5).getByText('777,777').waitFor()
  assert.equal(await row(page, 5).getAttribute('data-id'), id)
  await api.post('/apps/customer/forms/opportunity/records', {
    data: { name: '刚刚来的', expectedClose: '2026-11-01' },
  })
  await page.getByRole('button', { name: '1 条新数据' }).click()
  await page.getByRole('grid').getByText('刚刚来的').waitFor()
  page.quiet()
})
