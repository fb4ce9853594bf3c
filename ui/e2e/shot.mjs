// Takes pictures of pages of a running product, to look at.
//   node e2e/shot.mjs --base http://127.0.0.1:8080 --out shots --login admin --password ... [--size desktop,tablet,phone]
//     [--theme light,dark] [--lang zh-CN,en] [--wait ms] [--full] PATH ...
// A PATH is an address (/apps/x/forms/y), or name=address. Says on standard error what the console complained of.
import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { launch } from './browser.mjs'

const { values: o, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:8080' },
    out: { type: 'string', default: 'shots' },
    login: { type: 'string', default: 'admin' },
    password: { type: 'string', default: 'change-me-please' },
    anonymous: { type: 'boolean', default: false },
    size: { type: 'string', default: 'desktop' },
    theme: { type: 'string', default: 'light' },
    lang: { type: 'string', default: 'zh-CN' },
    wait: { type: 'string', default: '400' },
    full: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (o.help || positionals.length === 0) {
  console.log(
    'usage: node e2e/shot.mjs --base URL --out DIR [--login L --password P | --anonymous] [--size desktop,tablet,phone] [--theme light,dark] [--lang zh-CN,en] [--wait MS] [--full] [NAME=]PATH ...',
  )
  process.exit(o.help ? 0 : 2)
}
const sizes = { desktop: [1440, 900], tablet: [1024, 768], phone: [390, 844] }
mkdirSync(o.out, { recursive: true })
const browser = await launch()
for (const size of o.size.split(',')) {
  for (const theme of o.theme.split(',')) {
    for (const lang of o.lang.split(',')) {
      const [width, height] = sizes[size]
      const context = await browser.newContext({
        baseURL: o.base,
        viewport: { width, height },
        deviceScaleFactor: size === 'phone' ? 2 : 1,
        hasTouch: size === 'phone',
        colorScheme: theme,
        locale: lang,
        timezoneId: 'Asia/Shanghai',
      })
      await context.addInitScript(
        ([l, t]) => {
          localStorage.setItem('formwork.language', l)
          localStorage.setItem('formwork.theme', t)
        },
        [lang, theme],
      )
      if (!o.anonymous) {
        const signed = await context.request.post('/api/v1/auth/login', {
          data: { login: o.login, password: o.password },
        })
        if (!signed.ok()) throw new Error(`cannot sign in: ${signed.status()}`)
        const { csrf } = await signed.json()
        await context.request.patch('/api/v1/me', { data: { locale: lang }, headers: { 'X-CSRF-Token': csrf } })
      }
      const page = await context.newPage()
      page.on('console', (m) => ['error', 'warning'].includes(m.type()) && console.error(`[${m.type()}] ${m.text()}`))
      page.on('pageerror', (e) => console.error(`[uncaught] ${e.message}`))
      for (const p of positionals) {
        const [name, path] = p.startsWith('/')
          ? [p.replace(/^\//, '').replace(/[/?&=]+/g, '-') || 'home', p]
          : [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)]
        await page.goto(path)
        await page.waitForLoadState('load')
        await page.waitForTimeout(Number(o.wait))
        const file = `${o.out}/${name}-${size}-${theme}-${lang}.png`
        await page.screenshot({ path: file, fullPage: o.full })
        console.log(file)
      }
      await context.close()
    }
  }
}
await browser.close()
