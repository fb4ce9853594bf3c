import { useTranslation } from 'react-i18next'
import type { Here } from '@/shared/live/usePresence'
import { Avatar } from '@/shared/ui'
import s from './Presence.module.css'

/** Others who are here, each once; `editor` is the one of them who edits. Nothing where one is alone. */
export function Present({ people, editor }: { people: readonly Here[]; editor?: Here }) {
  const { t } = useTranslation('desk/presence')
  const first = people[0]
  if (!first) return null
  const words = editor
    ? t('editing', { name: editor.name })
    : people.length === 1
      ? t('one', { name: first.name })
      : t('several', { count: people.length })
  return (
    <span className={s.presence} title={people.map((p) => p.name).join(t('comma'))} role="status">
      <span className={s.faces} aria-hidden>
        {people.slice(0, 3).map((p) => (
          <Avatar key={p.user} name={p.name} id={p.user} size={24} />
        ))}
      </span>
      <span className={s.words}>{words}</span>
    </span>
  )
}

/** The others among those who are here, each once. */
export function othersOf(people: readonly Here[], me: string | undefined): Here[] {
  const seen = new Set([me])
  return people.filter((p) => !seen.has(p.user) && seen.add(p.user))
}
