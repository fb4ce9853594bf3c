import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { files } from './files'

/** The languages of the interface; the first is the default. */
export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]

export { pickText, type Text } from './text'
export { useText } from './useText'

/** Loads `<feature>/locale/<language>.json` when the feature is first shown; the namespace is the feature's folder. */
const folders: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, namespace, done) => {
    const load =
      files[`../../${namespace}/locale/${language}.json`] ??
      files[`../${namespace.replace(/^shared\//, '')}/locale/${language}.json`]
    if (!load) return done(new Error(`no texts ${namespace} in ${language}`), false)
    load().then(
      (texts) => done(null, texts),
      (error: Error) => done(error, false),
    )
  },
}

const stored = 'formwork.language'

/** The nearest language that there is. */
export function nearest(tag: string | null | undefined): Language | undefined {
  if (!tag) return undefined
  return languages.find((l) => l === tag) ?? languages.find((l) => l.split('-')[0] === tag.split('-')[0])
}

/** Starts texts in the user's own language where it is known, what was chosen last on this device, what the browser asks for, or Chinese. */
export async function startTexts(own?: string) {
  const first = nearest(own) ?? nearest(localStorage.getItem(stored)) ?? nearest(navigator.language) ?? languages[0]
  document.documentElement.lang = first
  await i18next
    .use(folders)
    .use(initReactI18next)
    .init({
      lng: first,
      fallbackLng: false,
      ns: ['shared/ui'],
      defaultNS: 'shared/ui',
      interpolation: { escapeValue: false },
      returnNull: false,
      react: { useSuspense: true, bindI18n: 'languageChanged' },
    })
}

/** Starts loading texts that will be needed, before anything asks for them. */
export const loadTexts = (namespaces: string[]): Promise<unknown> => i18next.loadNamespaces(namespaces)

/** Switches the language without a reload, and remembers it on this device. */
export async function setLanguage(language: Language) {
  if (i18next.language === language) return
  localStorage.setItem(stored, language)
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}

export const currentLanguage = (): Language => nearest(i18next.language) ?? languages[0]
