import { useMe } from '@/shared/api'
import { usePresence } from '@/shared/live/usePresence'
import { othersOf, Present } from './Present'

/** Who else is at a record now, and who of them edits; `field` says that the reader does. */
export function Presence({ form, id, field }: { form: string; id: string; field?: string }) {
  const { data: me } = useMe()
  const people = othersOf(usePresence(form, id, field), me?.user.id)
  return <Present people={people} editor={people.find((p) => p.state === 'editing')} />
}
