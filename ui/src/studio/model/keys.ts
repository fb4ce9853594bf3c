import { pickText, type Text } from '@/shared/i18n'

const words = new Set(
  (
    'and or not in contains startsWith endsWith matches let true false nil null if else ' +
    'id rev crev form version createdAt createdBy updatedAt updatedBy deletedAt data'
  ).split(' '),
)
const most = 48

/** Whether no field may have that key: the server's `reserved-name`. */
export const reserved = (key: string) => words.has(key)

/** Whether it can be the key of a field. */
export const fieldKeyOk = (key: string) => /^[a-z][A-Za-z0-9_]*$/.test(key) && key.length <= most && !reserved(key)

/** Whether it can be the key of anything else. */
export const keyOk = (key: string) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(key) && key.length <= most

/** The words of a title that a key can be made of: those of its English text, in ASCII. */
function ascii(title: Text): string[] {
  const english = typeof title === 'string' ? title : (title?.en ?? pickText(title, 'en'))
  return english
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
}

/** Adds the first number that makes it one of its own. */
export function unlike(key: string, taken: ReadonlySet<string>, join = ''): string {
  if (!taken.has(key)) return key
  for (let n = 2; ; n++) {
    const next = `${key.slice(0, most - 6)}${join}${n}`
    if (!taken.has(next)) return next
  }
}

/** The key of a new field: its English title in camel case, or the word for its type. */
export function fieldKey(title: Text, fallback: string, taken: ReadonlySet<string>): string {
  const parts = ascii(title)
  const joined = parts
    .map((w, i) => (i === 0 ? w.charAt(0).toLowerCase() + w.slice(1) : w.charAt(0).toUpperCase() + w.slice(1)))
    .join('')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, most)
  const key = joined.charAt(0).toLowerCase() + joined.slice(1)
  return unlike(fieldKeyOk(key) ? key : fallback, taken)
}

/** The key of a form, a view, a section ...: its English title with hyphens. */
export function hyphenKey(title: Text, fallback: string, taken: ReadonlySet<string>): string {
  const key = ascii(title)
    .join('-')
    .toLowerCase()
    .replace(/^[^a-z]+/, '')
    .slice(0, most)
    .replace(/-+$/, '')
  return unlike(keyOk(key) ? key : fallback, taken, '-')
}
