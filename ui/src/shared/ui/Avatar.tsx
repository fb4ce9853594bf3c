import { cx } from './cx'
import s from './Avatar.module.css'

const hues = ['blue', 'purple', 'cyan', 'green', 'orange', 'yellow', 'red'] as const

/** The letter that stands for a name: the first character of a Chinese name, initials of others. */
export function initials(name: string): string {
  const n = name.trim()
  if (!n) return '?'
  if (/\p{Script=Han}/u.test(n)) return [...n][0]!
  const words = n.split(/\s+/)
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase()
}

/** A person or a workspace as a coloured letter; always the same colour for the same key. */
export function Avatar({
  name,
  id,
  size = 20,
  square,
}: {
  name: string
  id?: string
  size?: 16 | 20 | 24 | 32 | 40
  square?: boolean
}) {
  let h = 0
  for (const c of id ?? name) h = (h * 31 + c.codePointAt(0)!) >>> 0
  return (
    <span
      className={cx(s.avatar, s[hues[h % hues.length]!], square && s.square)}
      style={{ width: size, height: size, fontSize: Math.max(10, Math.round(size * 0.5)), lineHeight: `${size}px` }}
      aria-hidden
    >
      {initials(name).slice(0, size < 24 ? 1 : 2)}
    </span>
  )
}

/** A person: avatar and name. */
export function Person({ name, id, size }: { name: string; id?: string; size?: 16 | 20 | 24 }) {
  return (
    <span className={s.person}>
      <Avatar name={name} id={id} size={size} />
      <span className="ellipsis">{name}</span>
    </span>
  )
}
