import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'

const src = join(import.meta.dirname, '../..')

const folders = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((e) => e.isDirectory() && e.name === 'locale')
  .map((e) => join(e.parentPath, e.name))

type Texts = { [key: string]: string | Texts }

const read = (folder: string, language: string) =>
  JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Texts

/** Keys as a programmer writes them: the endings of plurals belong to one key. */
function keysOf(texts: Texts, at = ''): string[] {
  return Object.entries(texts).flatMap(([k, v]) =>
    typeof v === 'string' ? [at + k.replace(/_(zero|one|two|few|many|other)$/, '')] : keysOf(v, `${at}${k}.`),
  )
}

test('there are texts', () => expect(folders.length).toBeGreaterThan(5))

test.each(folders.map((f) => [relative(src, f), f] as const))('%s says the same in both languages', (_, folder) => {
  const zh = [...new Set(keysOf(read(folder, 'zh-CN')))].sort()
  const en = [...new Set(keysOf(read(folder, 'en')))].sort()
  expect(en).toEqual(zh)
})

/** Screens come from definitions: the words of an application have no place in the interface. */
test('no word of an application stands in the source', () => {
  const word = /\b(customers?|opportunit(y|ies)|incentives?|payouts?|commissions?|crm)\b|客户|商机|激励|奖金/i
  const found: string[] = []
  for (const e of readdirSync(src, { recursive: true, withFileTypes: true })) {
    const file = join(e.parentPath, e.name)
    if (!e.isFile() || !/\.(tsx?|json|css)$/.test(e.name) || /\.test\.|[\\/]testdata[\\/]/.test(file)) continue
    readFileSync(file, 'utf8')
      .split('\n')
      .forEach(
        (line, i) => word.test(line) && found.push(`${relative(src, file)}:${i + 1}: ${line.trim().slice(0, 80)}`),
      )
  }
  expect(found).toEqual([])
})
