// Writes down, from the build's manifests, which files each page is made of and what it asks first: the server puts links
// and answers into the page (docs/architecture.md). Reads src/entries/<entry>.early.json, writes dist/.vite/early.<html>.json.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { readManifest, textsOf } from './manifest.mjs'

const dist = process.env.OUT_DIR ?? 'dist'
const read = (file) => JSON.parse(readFileSync(file, 'utf8'))
const languages = ['zh-CN', 'en']

/** The chunk of a module: its own, or the shared one that is named after its folder. */
function chunkOf(manifest, module) {
  if (manifest[module]) return module
  const name = module.split('/').at(-2)
  const shared = Object.keys(manifest).find((key) => key.startsWith('_') && manifest[key].name === name)
  if (!shared) throw new Error(`${module} is not in the manifest`)
  return shared
}

/** The files that a module needs at once, but for those that the document names already. */
function filesOf(manifest, modules, there) {
  const scripts = new Set()
  const styles = new Set()
  const seen = new Set(there)
  const visit = (key) => {
    if (seen.has(key)) return
    seen.add(key)
    const chunk = manifest[key]
    for (const next of chunk.imports ?? []) visit(next)
    scripts.add(`/${chunk.file}`)
    for (const css of chunk.css ?? []) styles.add(`/${css}`)
  }
  for (const m of modules) visit(chunkOf(manifest, m))
  return { scripts: [...scripts], styles: [...styles], seen }
}

for (const [entry, document, file] of [
  ['desktop', 'index', 'manifest.json'],
  ['phone', 'm', 'phone.json'],
]) {
  if (!existsSync(`${dist}/.vite/${file}`)) continue
  const manifest = readManifest(file)
  const plan = read(`src/entries/${entry}.early.json`)
  const { seen } = filesOf(manifest, [`${document}.html`], [])
  const pages = plan.pages.map((page) => {
    const { scripts, styles, seen: all } = filesOf(manifest, [...(plan.modules ?? []), ...(page.modules ?? [])], seen)
    const folders = [...plan.texts, ...(page.texts ?? [])]
    const texts = languages.map((l) => [
      l,
      filesOf(
        manifest,
        folders.map((f) => textsOf(manifest, f, l)),
        all,
      ).scripts,
    ])
    return {
      path: page.path,
      scripts,
      styles,
      texts: Object.fromEntries(texts),
      folders,
      asks: page.alone ? (page.asks ?? []) : [...plan.asks, ...(page.asks ?? [])],
    }
  })
  writeFileSync(`${dist}/.vite/early.${document}.json`, JSON.stringify(pages))
}
