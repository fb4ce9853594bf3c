// A published data set goes through the browser into an empty workspace; the dashboard then shows the published totals, a
// bar opens as many records as it counts, and an import is taken back.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { after, before, test } from 'node:test'
import { admin, startServer, until } from './server.mjs'
import { accessible, caller, newBrowser, open } from './story.mjs'

const shared = process.env.FORMWORK_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url))
const folder = `${shared}/data/crm/maven`
const skip = existsSync(folder) ? false : `the data set is not there: ${folder}`

let server
before(async () => {
  if (!skip) server = await startServer({ demo: false })
})
after(async () => server?.stop())

/** Published figures that agree with the data, by name. */
const published = () =>
  Object.fromEntries(
    JSON.parse(readFileSync(`${shared}/data/crm/maven_published_figures.json`, 'utf8'))
      .filter((x) => x.agrees)
      .map((x) => [x.metric.trim(), x.published]),
  )

/** A step that others build on: what goes wrong in it ends the story, by its name. */
async function step(name, act) {
  try {
    await act()
  } catch (cause) {
    throw new Error(name, { cause })
  }
}

const sequence = [
  ['/people/import', 'sales_teams.csv', 35],
  ['/apps/customer/forms/product/import', 'products.csv', 7],
  ['/apps/customer/forms/customer/import', 'accounts.csv', 85],
  ['/apps/customer/forms/opportunity/import', 'sales_pipeline.csv', 8800],
]

test('a published data set is imported, shown, drilled into and taken back', { skip, timeout: 600_000 }, async (t) => {
  const browser = await newBrowser(t)
  const page = await open(browser, server, { who: admin })
  page.setDefaultTimeout(60_000)
  const figures = published()

  for (const [address, file, rows] of sequence) {
    await step(`${file}: guessed, previewed, imported`, async () => {
      await page.goto(address)
      await page.locator('input[type=file]').setInputFiles(`${folder}/${file}`)
      const start = page.getByRole('button', { name: `导入 ${rows.toLocaleString('en')} 行` })
      await start.waitFor()
      if (file === 'sales_pipeline.csv') await accessible(page, 'a mapping')
      await start.click()
      await page.getByRole('status').filter({ hasText: '已导入' }).waitFor()
      const counts = await page.locator('dl').innerText()
      assert.match(counts.replace(/\s+/g, ' '), new RegExp(`新建 ${rows.toLocaleString('en')} 更新 0 拒绝 0`))
    })
  }

  await step('the dashboard shows the published totals', async () => {
    await page.goto('/apps/customer/dashboards/sales?period=all')
    const kpi = (key) => page.locator(`[data-card="${key}"]`)
    await kpi('won-value')
      .getByText(`¥${figures['total won value'].toLocaleString('en')}`)
      .waitFor()
    await kpi('won-deals')
      .getByRole('link', { name: figures['won deals'].toLocaleString('en') })
      .waitFor()
    await kpi('closed-deals')
      .getByRole('link', { name: figures['closed deals'].toLocaleString('en') })
      .waitFor()
    const best = page.locator('[data-card="leaderboard"] tbody tr').first()
    assert.match(await best.innerText(), /Darcel Schlecht/)
    assert.equal(
      await best.locator('td[title^="¥"]').getAttribute('title'),
      `¥${figures['won value agent Darcel Schlecht'].toLocaleString('en')}`,
    )
    await page.locator('.chart svg').first().waitFor()
    await accessible(page, 'the dashboard')
  })

  await step('a bar opens as many records as it counts', async () => {
    const row = page.locator('[data-card="by-product"] tbody tr').filter({ hasText: 'GTX Basic' })
    const count = Number((await row.locator('td').last().innerText()).replace(/,/g, ''))
    assert.ok(count > 0)
    await row.getByRole('link').click()
    await page.waitForURL(/forms\/opportunity\?/)
    const address = new URL(page.url())
    assert.equal(address.searchParams.get('from'), '销售业绩')
    const api = await caller(server)
    const filter = JSON.parse(address.searchParams.get('filter'))
    const { total } = await api.post('/apps/customer/forms/opportunity/query', { filter, count: true, limit: 1 })
    assert.equal(total, count)
    await page
      .getByText(new RegExp(`${count.toLocaleString('en')}\\s*条`))
      .first()
      .waitFor()
  })

  await step('a picture and a workbook of the dashboard are saved', async () => {
    await page.goto('/apps/customer/dashboards/sales?period=all')
    await page.locator('.chart svg').first().waitFor()
    const saved = async (item) => {
      await page.getByRole('button', { name: '导出' }).click()
      const download = page.waitForEvent('download')
      await page.getByRole('menuitem', { name: item }).click()
      const d = await download
      return { name: d.suggestedFilename(), bytes: readFileSync(await d.path()) }
    }
    const png = await saved('存为图片（PNG）')
    assert.equal(png.name, '销售业绩.png')
    assert.equal(png.bytes.subarray(1, 4).toString(), 'PNG')
    assert.ok(png.bytes.readUInt32BE(16) > 1000 && png.bytes.length > 50_000, 'a picture of some size')
    const xlsx = await saved('导出 Excel')
    assert.equal(xlsx.bytes.subarray(0, 2).toString(), 'PK')
  })

  await step('the import of the pipeline is found again and taken back as a whole', async () => {
    await page.goto('/apps/customer/forms/opportunity/import')
    await page.getByRole('link', { name: 'sales_pipeline.csv' }).click()
    await page.getByRole('button', { name: '撤销这次导入' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '撤销这次导入' }).click()
    await page.getByText('移除 8,800 条，恢复 0 条').waitFor({ timeout: 180_000 })
    const api = await caller(server)
    const left = await until(
      async () => await api.post('/apps/customer/forms/opportunity/query', { count: true, limit: 1 }),
    )
    assert.equal(left.total, 0)
    await page.goto('/apps/customer/dashboards/sales?period=all')
    await page
      .locator('[data-card="won-deals"]')
      .getByRole('link', { name: /赢单数\s*0/ })
      .waitFor()
  })
  page.quiet()
})

test('a file with mistakes says where and why, and the rest is imported', { timeout: 240_000 }, async (t) => {
  const own = await startServer()
  t.after(() => own.stop())
  const browser = await newBrowser(t)
  const page = await open(browser, own, { who: admin })
  page.forgive(/422/)
  await page.goto('/apps/customer/forms/customer/import')
  const give = (name, buffer) => page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer })

  await give('nothing.csv', Buffer.alloc(0))
  await page.getByRole('alert').getByText('“nothing.csv”是空文件。').waitFor()
  await give('picture.csv', Buffer.from('89504e470d0a1a0a0000', 'hex'))
  await page.getByRole('alert').getByText('无法读取这种文件').waitFor()

  // GBK, as old spreadsheets write it: 客户名称,级别 / 甲公司,A / 乙公司,Z
  const gbk = Buffer.from('bfcdbba7c3fbb3c62cbcb6b1f00d0abcd7b9abcbbe2c410d0ad2d2b9abcbbe2c5a0d0a', 'hex')
  await give('客户.csv', gbk)
  await page.getByRole('button', { name: '导入 1 行' }).waitFor()
  const refused = page.locator('tbody tr').filter({ hasText: '乙公司' })
  await refused.getByText('“Z”不是可选项。').waitFor()

  await step('a text that matches nothing gets a meaning, at once', async () => {
    await page.getByRole('button', { name: '“级别”的设置' }).click()
    await page.getByLabel('“Z”当作').selectOption('C')
    await page.getByRole('button', { name: '导入 2 行' }).waitFor()
    await page.getByLabel('“Z”当作').selectOption({ label: '不处理' })
    await page.getByRole('button', { name: '导入 1 行' }).waitFor()
  })

  await step('leaving and coming back finds the mapping as it was', async () => {
    await page.goto('/apps/customer/forms/customer')
    await page.goto('/apps/customer/forms/customer/import')
    await page.getByRole('button', { name: '导入 1 行' }).waitFor()
  })

  await step('the error sheet names row and reason', async () => {
    await page.getByRole('button', { name: '导入 1 行' }).click()
    const link = page.getByRole('link', { name: '下载错误清单' })
    await link.waitFor()
    const sheet = await (await page.context().request.get(await link.getAttribute('href'))).text()
    assert.match(sheet, /3,乙公司,Z,.*“Z”/)
    await accessible(page, 'a finished import')
  })
  page.quiet()
})
