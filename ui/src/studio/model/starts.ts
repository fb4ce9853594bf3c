import { languages } from '@/shared/i18n'
import en from '../starts/locale/en.json'
import zh from '../starts/locale/zh-CN.json'

const texts: { [language: string]: { [key: string]: string } } = { 'zh-CN': zh, en }

/** What new definitions start with, in every language. */
export function bothLanguages(key: keyof typeof zh, n?: number): { [language: string]: string } {
  return Object.fromEntries(languages.map((l) => [l, (texts[l]?.[key] ?? key).replace('{{n}}', String(n ?? ''))]))
}
