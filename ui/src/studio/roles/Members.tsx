import { useQueryClient } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, keys, useMe, useUsers, type User } from '@/shared/api'
import { Popover } from '@/shared/overlay'
import { IconButton, Person, SearchInput, toast, toastError } from '@/shared/ui'
import { useStudio } from '../context'
import type { RoleDef } from '../model/types'
import k from '../pickers/pickers.module.css'
import s from './Roles.module.css'

/** Who has a role by name. It stands at the user, so it takes effect at once, without publishing. */
export function Members({ role, published }: { role: RoleDef; published: boolean }) {
  const { t } = useTranslation('studio')
  const { app } = useStudio()
  const me = useMe().data
  const users = useUsers()
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const [word, setWord] = useState('')
  const has = (u: User) => u.roles?.[app]?.includes(role.key) ?? false
  const members = (users.data ?? []).filter(has)
  const write = async (u: User, on: boolean) => {
    const own = u.roles?.[app] ?? []
    const next = on ? [...own, role.key] : own.filter((x) => x !== role.key)
    const roles = { ...(u.roles ?? {}), [app]: next }
    if (next.length === 0) delete roles[app]
    try {
      await api.PATCH('/api/v1/users/{id}', { params: { path: { id: u.id } }, body: { roles } })
      await client.invalidateQueries({ queryKey: keys.users })
      if (!on)
        toast(t('roles.removed', { name: u.name }), { label: t('undo'), run: () => void write({ ...u, roles }, true) })
    } catch (e) {
      toastError(e)
    }
  }
  if (!me?.user.admin) return <p className={s.note}>{t('roles.membersAdmins')}</p>
  if (!published) return <p className={s.note}>{t('roles.publishFirst')}</p>
  const w = word.trim().toLowerCase()
  const others = (users.data ?? [])
    .filter((u) => u.active && !has(u) && `${u.name} ${u.login ?? ''}`.toLowerCase().includes(w))
    .slice(0, 50)
  return (
    <div className={s.members}>
      <p className={s.note}>{t('roles.named', { count: members.length })}</p>
      {members.map((u) => (
        <div key={u.id} className={s.member}>
          <Person name={u.name} id={u.id} />
          <IconButton size="small" label={t('takeAway', { name: u.name })} onClick={() => void write(u, false)}>
            <X size={14} aria-hidden />
          </IconButton>
        </div>
      ))}
      <Popover
        open={open}
        onOpenChange={setOpen}
        label={t('roles.addMember')}
        trigger={
          <button type="button" className={k.link}>
            <Plus size={14} aria-hidden />
            {t('roles.addMember')}
          </button>
        }
      >
        <div className={k.list}>
          <SearchInput label={t('roles.searchMember')} value={word} onChange={(e) => setWord(e.target.value)} />
          {others.map((u) => (
            <button
              key={u.id}
              type="button"
              className={k.listItem}
              onClick={() => {
                setOpen(false)
                void write(u, true)
              }}
            >
              <Person name={u.name} id={u.id} />
            </button>
          ))}
        </div>
      </Popover>
    </div>
  )
}
