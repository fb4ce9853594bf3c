import i18next from 'i18next'
import { expect, it } from 'vitest'
import { translator } from './small'

const files = import.meta.glob<{ [key: string]: unknown }>('../../{rep,shared/*}/locale/*.json', {
  import: 'default',
  eager: true,
})

function keysOf(texts: { [key: string]: unknown }, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([k, v]) =>
    typeof v === 'string' ? [prefix + k] : keysOf(v as { [key: string]: unknown }, `${prefix}${k}.`),
  )
}

it.each(Object.keys(files))('says what i18next says for every text of %s', async (file) => {
  const language = /locale\/(.*)\.json$/.exec(file)![1]!
  const texts = files[file]!
  const full = i18next.createInstance()
  await full.init({
    lng: language,
    fallbackLng: false,
    ns: ['x'],
    defaultNS: 'x',
    resources: { [language]: { x: texts } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  const small = translator(texts, language)
  const words = Object.fromEntries(
    [...JSON.stringify(texts).matchAll(/\{\{\s*([\w.-]+)\s*\}\}/g)].map((m) => [m[1], `<${m[1]}> & "客户"`]),
  )
  const keys = new Set(keysOf(texts).flatMap((k) => [k, k.replace(/_(zero|one|other)$/, '')]))
  expect(keys.size).toBeGreaterThan(0)
  for (const key of keys) {
    expect(small(key, words)).toBe(full.t(key, words))
    for (const count of [0, 1, 2, 21]) expect(small(key, { ...words, count })).toBe(full.t(key, { ...words, count }))
  }
  expect(small(['no.such', [...keys][0]!], words)).toBe(full.t(['no.such', [...keys][0]!], words))
  expect(small('no.such', { defaultValue: '原样' })).toBe(full.t('no.such', { defaultValue: '原样' }))
  expect(small('no.such')).toBe(full.t('no.such'))
})
