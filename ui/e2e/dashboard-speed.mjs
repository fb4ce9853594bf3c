// How long a dashboard takes from an empty cache to its last chart, on a server that holds the records already.
//   node e2e/dashboard-speed.mjs --base http://127.0.0.1:8080 [--path /apps/customer/dashboards/sales?period=all] [--runs 7]
// Every run is a browser window of its own, signed in, with nothing cached. Prints the runs and their medians in ms; the
// processor time of the page's thread tells the page from a machine that is busy with other things.
import { parseArgs } from 'node:util'
import { launch } from './browser.mjs'

const { values: o } = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:8080' },
    path: { type: 'string', default: '/apps/customer/dashboards/sales?period=all' },
    login: { type: 'string', default: 'admin' },
    password: { type: 'string', default: 'change-me-please' },
    runs: { type: 'string', default: '7' },
  },
})
const browser = await launch()
const runs = []
for (let i = 0; i < Number(o.runs); i++) {
  const context = await browser.newContext({ baseURL: o.base, viewport: { width: 1440, height: 900 } })
  const signed = await context.request.post('/api/v1/auth/login', { data: { login: o.login, password: o.password } })
  if (!signed.ok()) throw new Error(`cannot sign in: ${signed.status()}`)
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  let answered = 0
  // They come with the document, or by a request of their own.
  page.on('requestfinished', (r) => {
    if (r.isNavigationRequest() || r.url().includes('/api/v1/dashboards/')) answered = Date.now()
  })
  const start = Date.now()
  await page.goto(o.path, { waitUntil: 'commit' })
  await page.waitForFunction(() => {
    const charts = [...document.querySelectorAll('[data-card] .chart')]
    const cards = document.querySelectorAll('[data-card]').length
    return cards > 0 && charts.length > 0 && charts.every((c) => c.querySelector('svg path'))
  })
  const whole = Date.now() - start
  const { metrics } = await cdp.send('Performance.getMetrics')
  const busy = Math.round(1000 * metrics.find((m) => m.name === 'TaskDuration').value)
  runs.push({ whole, figures: answered - start, busy })
  await context.close()
}
await browser.close()
const median = (k) => runs.map((r) => r[k]).sort((a, b) => a - b)[Math.floor(runs.length / 2)]
console.log(runs.map((r) => r.whole).join(' '))
console.log(
  `median ${median('whole')} ms until the last chart, ${median('figures')} ms until the figures arrived; ${median('busy')} ms of processor on the page's thread`,
)
