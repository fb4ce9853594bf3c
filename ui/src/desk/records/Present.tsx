import type { ReactNode } from 'react'
import { Avatar } from '@/shared/ui'
import type { Here } from '@/shared/live/usePresence'
import type { Env } from './data/env'
import type { Row } from './data/feed'
import s from './List.module.css'

/** The others among those present, each once. */
export function othersOf(people: readonly Here[], me: string): Here[] {
  const seen = new Set([me])
  return people.filter((p) => !seen.has(p.user) && seen.add(p.user))
}

/** Who else looks at the list. */
export function Present({ people, env }: { people: readonly Here[]; env: Env }) {
  if (people.length === 0) return null
  const first = people[0]!
  const names = people.map((p) => p.name).join(env.t('filter.and'))
  return (
    <span className={s.present} title={names} role="status">
      <span className={s.faces} aria-hidden>
        {people.slice(0, 3).map((p) => (
          <Avatar key={p.user} name={p.name} id={p.user} size={20} />
        ))}
      </span>
      <span className={s.presentText}>
        {people.length === 1 ? env.t('presentOne', { name: first.name }) : env.t('presentMany', { n: people.length })}
      </span>
    </span>
  )
}

/** Marks rows that somebody else is editing. */
export function marksOf(people: readonly Here[], me: string, env: Env): (row: Row) => ReactNode {
  const editing = new Map(people.filter((p) => p.user !== me && p.state === 'editing' && p.id).map((p) => [p.id!, p]))
  return (row) => {
    const p = editing.get(row.id)
    return (
      p && (
        <span className={s.editing} title={env.t('editingNow', { name: p.name })}>
          <Avatar name={p.name} id={p.user} size={16} />
          {env.t('editingShort')}
        </span>
      )
    )
  }
}
