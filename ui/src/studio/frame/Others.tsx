import { useTranslation } from 'react-i18next'
import { useMe } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { usePresence, type Here } from '@/shared/live/usePresence'
import { Avatar } from '@/shared/ui'
import { useStudio, type Library } from '../context'
import type { Kind } from '../model/types'
import s from './Frame.module.css'

/** Who else has the editor of this app open, and what they are at. Nothing where one is alone. */
export function Others({ library, kind, itemKey }: { library: Library; kind: Kind; itemKey: string }) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const { data: me } = useMe()
  const people = usePresence(app, undefined, itemKey ? `${kind}/${itemKey}` : undefined)
  const others = people.filter((p, i) => p.user !== me?.user.id && people.findIndex((q) => q.user === p.user) === i)
  const first = others[0]
  if (!first) return null
  const placeOf = (p: Here) => {
    const [k, key] = (p.field ?? '').split('/') as [Kind, string | undefined]
    return key ? text(library.value(k, key)?.title) || key : undefined
  }
  const say = (p: Here) => {
    const what = placeOf(p)
    return what ? t('others.at', { name: p.name, what }) : t('others.here', { name: p.name })
  }
  return (
    <span className={s.others} role="status" title={others.map(say).join('\n')}>
      <span className={s.faces} aria-hidden>
        {others.slice(0, 3).map((p) => (
          <Avatar key={p.user} name={p.name} id={p.user} size={24} />
        ))}
      </span>
      <span className={s.othersWords}>
        {others.length === 1 ? say(first) : t('others.several', { count: others.length })}
      </span>
    </span>
  )
}
