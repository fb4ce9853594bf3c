import type { ReactNode } from 'react'
import { Avatar } from '@/shared/ui'
import type { Here } from '@/shared/live/usePresence'
import type { Env } from './data/env'
import type { Row } from './data/feed'
import s from './List.module.css'

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
