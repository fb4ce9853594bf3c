import type { ReactNode } from 'react'
import { cx } from './cx'
import s from './Tag.module.css'

const colours = new Set(['gray', 'blue', 'cyan', 'green', 'yellow', 'orange', 'red', 'purple'])

/** An option of a select: a tint with text of the same hue. A colour that is not known is gray. */
export function Tag({ color, children, title }: { color?: string; children: ReactNode; title?: string }) {
  return (
    <span className={cx(s.tag, s[color && colours.has(color) ? color : 'gray'])} title={title}>
      {children}
    </span>
  )
}

/** A small count beside a word; `tone` danger for what waits for the reader. */
export function Count({ n, tone }: { n: number; tone?: 'danger' }) {
  return <span className={cx(s.count, 'num', tone === 'danger' && s.alert)}>{n > 999 ? '999+' : n}</span>
}
