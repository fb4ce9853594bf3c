import type { Text } from '@/shared/i18n'

/** What a text says in one language only, without falling back to another. */
export const textIn = (t: Text, language: string): string =>
  t == null ? '' : typeof t === 'string' ? t : (t[language] ?? '')

/**
 * The text with what it says in one language replaced. A text for every language stays one while it is edited in the
 * language in force, and is told apart once another one is filled in.
 */
export function withText(t: Text, language: string, says: string, first: string): Text {
  if (typeof t === 'string' && language === first) return says === '' ? undefined : says
  const out: { [language: string]: string } = typeof t === 'string' ? { [first]: t } : { ...(t ?? {}) }
  if (says === '') delete out[language]
  else out[language] = says
  return Object.keys(out).length > 0 ? out : undefined
}

/** Once a title says something of its own, what it started with goes from the other languages: it would mislead. */
export function withoutStart(t: Text, start: { [language: string]: string }): Text {
  if (t == null || typeof t === 'string') return t
  const own = Object.entries(t).filter(([l, says]) => says !== start[l])
  return own.length > 0 ? Object.fromEntries(own) : t
}
