/** A text of a definition: one for all languages, or one per language. */
export type Text = string | { [language: string]: string } | undefined | null

/**
 * Picks as the server does: exact, the neutral one, same primary language, then en, zh-CN, the first language in order.
 */
export function pickText(text: Text, language: string): string {
  if (text == null) return ''
  if (typeof text === 'string') return text
  const exact = text[language] || text['']
  if (exact) return exact
  const all = Object.keys(text).sort()
  const primary = language.split('-')[0]
  const near = all.find((l) => l.split('-')[0] === primary && text[l])
  for (const l of [near, 'en', 'zh-CN', ...all]) if (l && text[l]) return text[l]
  return ''
}
