import { use, useSyncExternalStore } from 'react'
import type { BackendModule } from 'i18next'

/**
 * What the phone's build takes in place of i18next and react-i18next: 1 KiB instead of 18, of a first load of 110. It does
 * what the interface's texts use (namespaces, {{values}}, plurals); a test holds it to i18next over all of them.
 */

type Texts = { readonly [key: string]: unknown }
type Values = { readonly [name: string]: unknown }
type T = (key: string | readonly string[], values?: Values) => string

const loaded = new Map<string, Texts>()
const loading = new Map<string, Promise<void>>()
const translators = new Map<string, T>()
const followers = new Set<() => void>()
let backend: BackendModule | undefined

const at = (language: string, namespace: string) => `${language} ${namespace}`

function load(language: string, namespace: string): Promise<void> {
  const key = at(language, namespace)
  let promise = loading.get(key)
  if (!promise) {
    promise = new Promise<void>((resolve, reject) => {
      void backend?.read(language, namespace, (error, texts) => {
        if (error || !texts) {
          loading.delete(key) // the next one to need it asks again
          return reject(error instanceof Error ? error : new Error(String(error)))
        }
        loaded.set(key, texts as Texts)
        resolve()
      })
    })
    loading.set(key, promise)
  }
  return promise
}

function find(texts: Texts | undefined, key: string): string | undefined {
  let v: unknown = texts
  for (const part of key.split('.')) v = typeof v === 'object' && v !== null ? (v as Texts)[part] : undefined
  return typeof v === 'string' ? v : undefined
}

function fill(text: string, values: Values | undefined): string {
  return text.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => {
    const v = values?.[name]
    return v === undefined || v === null ? '' : String(v)
  })
}

/** `key_zero`, `key_one`, `key_other`, then `key` itself. */
function forms(key: string, language: string, count: unknown): string[] {
  if (typeof count !== 'number') return [key]
  const rule = new Intl.PluralRules(language).select(count)
  return [...(count === 0 ? [`${key}_zero`] : []), `${key}_${rule}`, key]
}

export function translator(texts: Texts | undefined, language: string): T {
  return (keys, values) => {
    const list = typeof keys === 'string' ? [keys] : keys
    for (const key of list)
      for (const form of forms(key, language, values?.count)) {
        const text = find(texts, form)
        if (text !== undefined) return fill(text, values)
      }
    const spare = values?.defaultValue
    return typeof spare === 'string' ? fill(spare, values) : (list.at(-1) ?? '')
  }
}

function t(language: string, namespace: string): T {
  const key = at(language, namespace)
  let made = translators.get(key)
  if (!made) {
    made = translator(loaded.get(key), language)
    translators.set(key, made)
  }
  return made
}

const i18n = {
  language: '',
  use(module: { type: string }) {
    if (module.type === 'backend') backend = module as BackendModule
    return i18n
  },
  async init(o: { lng: string; ns: string[] }) {
    i18n.language = o.lng
    await Promise.all(o.ns.map((n) => load(o.lng, n)))
  },
  loadNamespaces: (namespaces: string[]) =>
    Promise.all(namespaces.map((n) => load(i18n.language, n).catch(() => undefined))),
  /** Switches once everything that is shown has come in the other language. */
  async changeLanguage(language: string) {
    const namespaces = new Set([...loaded.keys()].map((k) => k.slice(k.indexOf(' ') + 1)))
    await Promise.all([...namespaces].map((n) => load(language, n)))
    i18n.language = language
    followers.forEach((f) => f())
  },
}

export default i18n
export const initReactI18next = { type: '3rdParty' }

const follow = (f: () => void) => {
  followers.add(f)
  return () => void followers.delete(f)
}

/** Texts of a namespace; waits for them where they have not come yet. */
export function useTranslation(namespace = 'shared/ui') {
  const language = useSyncExternalStore(follow, () => i18n.language)
  if (!loaded.has(at(language, namespace))) use(load(language, namespace))
  return { t: t(language, namespace), i18n }
}
