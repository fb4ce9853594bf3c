import { languages } from '@/shared/i18n'
import type { FieldType } from '@/shared/schema'
import en from '../starts/locale/en.json'
import zh from '../starts/locale/zh-CN.json'

// both are here from the start: what is made in one language has its title in the other too
const texts: { [language: string]: typeof zh } = { 'zh-CN': zh, en }

/** What new definitions start with, in every language. */
export function bothLanguages(key: Exclude<keyof typeof zh, 'types'>, n?: number): { [language: string]: string } {
  return Object.fromEntries(languages.map((l) => [l, (texts[l]?.[key] ?? key).replace('{{n}}', String(n ?? ''))]))
}

/** What a new field of a type is called. */
export const typeTitle = (type: FieldType): { [language: string]: string } =>
  Object.fromEntries(languages.map((l) => [l, texts[l]?.types[type] ?? type]))
