import { useTranslation } from 'react-i18next'
import { useMe } from '@/shared/api'
import { usePresence } from '@/shared/live/usePresence'
import { Avatar } from '@/shared/ui'
import s from './Presence.module.css'

/** Who else is at a list or a record now, and who of them edits; nothing where one is alone. */
export function Presence({ form, id, field }: { form: string; id?: string; field?: string }) {
  const { t } = useTranslation('desk/presence')
  const { data: me } = useMe()
  const here = usePresence(form, id, field).filter((p) => p.user !== me?.user.id)
  const people = [...new Map(here.map((p) => [p.user, p])).values()]
  if (people.length === 0) return null
  const editor = id ? here.find((p) => p.state === 'editing') : undefined
  const words = editor
    ? t('editing', { name: editor.name })
    : people.length === 1
      ? t('one', { name: people[0]!.name })
      : t('several', { count: people.length })
  return (
    <span className={s.presence} title={people.map((p) => p.name).join(t('comma'))}>
      <span className={s.faces}>
        {people.slice(0, 3).map((p) => (
          <Avatar key={p.user} name={p.name} id={p.user} size={24} />
        ))}
      </span>
      <span className={s.words} role="status">
        {words}
      </span>
    </span>
  )
}
