// Adds up what a browser loads at first, from the build's manifests, and holds it against the budgets. Exit code 1 when
// one is over. Sizes are gzip at level 9, as dist/ is served to the poorest browser; brotli is smaller.
//   node scripts/budget.mjs [--json] [--phone]      --phone: only the phone's build
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { readManifest, textsOf } from './manifest.mjs'

const dist = process.env.OUT_DIR ?? 'dist'
const KiB = 1024
const sizes = new Map()
const size = (file) => {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(`${dist}/${file}`), { level: 9 }).length)
  return sizes.get(file)
}

/** Everything that loading these chunks pulls in at once; what they import later does not count. */
function closure(manifest, keys) {
  const files = new Set()
  const seen = new Set()
  const visit = (key) => {
    const chunk = manifest[key]
    if (!chunk || seen.has(key)) return
    seen.add(key)
    files.add(chunk.file)
    for (const css of chunk.css ?? []) files.add(css)
    for (const next of chunk.imports ?? []) visit(next)
  }
  keys.forEach((key) => {
    if (!manifest[key]) throw new Error(`${key} is not in the manifest`)
    visit(key)
  })
  return files
}

const total = (files) => [...files].reduce((n, f) => n + size(f), 0)

/** The texts of one language that a page asks for as it starts. */
const texts = (manifest, folders) => folders.map((f) => textsOf(manifest, f, 'zh-CN'))

const phone = readManifest('phone.json')
const rows = []
const row = (name, files, limit) =>
  rows.push({ name, KiB: +(total(files) / KiB).toFixed(1), limit, requests: files.size })

const html = new Set(['m.html'])
const first = ['m.html', ...texts(phone, ['rep', 'shared/ui'])]
const form = [...first, 'src/rep/form/NewRecord.tsx', ...texts(phone, ['shared/widgets', 'shared/form'])]
row('phone: first load of a form', new Set([...html, ...closure(phone, form)]), 110)
row('phone: first load of Today', new Set([...html, ...closure(phone, [...first, 'src/rep/home/Home.tsx'])]), 110)
row('phone: sign in', new Set([...html, ...closure(phone, first)]), 110)

if (!process.argv.includes('--phone')) {
  const desk = readManifest('manifest.json')
  const layout = closure(desk, ['index.html'])
  row('desktop: layout', layout, 270)
  const pages = Object.keys(desk).filter(
    (k) => desk[k].isDynamicEntry && /^src\/(desk|studio)\/([\w-]+\/)?index\.tsx$/.test(k),
  )
  for (const key of pages)
    row(`desktop: ${key.replace(/^src\/|\/index\.tsx$/g, '')}`, new Set([...layout, ...closure(desk, [key])]), 460)
}

const over = rows.filter((r) => r.KiB > r.limit)
if (process.argv.includes('--json')) console.log(JSON.stringify(rows))
else {
  for (const r of rows)
    console.log(
      `${r.KiB > r.limit ? 'OVER' : '  ok'}  ${String(r.KiB).padStart(6)} of ${r.limit} KiB  ${String(r.requests).padStart(3)} files  ${r.name}`,
    )
}
if (over.length > 0) process.exit(1)
