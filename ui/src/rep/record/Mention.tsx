import { useTranslation } from 'react-i18next'
import { useUsers } from '@/shared/api'
import { suggest } from '@/shared/mention'
import { Avatar } from '@/shared/ui'
import s from './Mention.module.css'

type Props = { text: string; caret: number; onPut: (text: string, caret: number) => void }

/** The people whom the `@` before the caret may mean; one tap puts the name in. */
export default function Mention({ text, caret, onPut }: Props) {
  const { t } = useTranslation('rep')
  const { data: users } = useUsers()
  const found = users && suggest(text, caret, users)
  if (!found || found.users.length === 0) return null
  return (
    <ul className={s.people} aria-label={t('timeline.people')}>
      {found.users.map((u) => (
        <li key={u.id}>
          <button
            type="button"
            className={s.person}
            // the text keeps the focus, so that the keyboard stays up
            onPointerDown={(e) => e.preventDefault()}
            onClick={() => {
              const head = `${text.slice(0, found.from)}@${u.name} `
              onPut(head + text.slice(caret), head.length)
            }}
          >
            <Avatar name={u.name} id={u.id} size={24} />
            {u.name}
          </button>
        </li>
      ))}
    </ul>
  )
}
