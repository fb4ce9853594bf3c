import { useQueryClient } from '@tanstack/react-query'
import { useId, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError, keys, must, useMe, type Department, type Problem, type User } from '@/shared/api'
import { Dialog } from '@/shared/overlay'
import { Button, Field, Input, Select, Switch, toast, toastError } from '@/shared/ui'
import { flatten } from './tree'
import s from './People.module.css'

type Props = { user?: User; department?: string; departments: Department[]; onClose: () => void }

/** Adds a member, or changes one: name, login, department, rights, password; takes them out without losing their history. */
export function UserDialog({ user, department, departments, onClose }: Props) {
  const { t } = useTranslation('desk/people')
  const client = useQueryClient()
  const { data: me } = useMe()
  const form = useId()
  const self = user && user.id === me?.user.id
  const [u, setU] = useState({
    name: user?.name ?? '',
    login: user?.login ?? '',
    phone: user?.phone ?? '',
    email: user?.email ?? '',
    department: user?.department ?? department ?? '',
    admin: user?.admin ?? false,
    active: user?.active ?? true,
    password: '',
  })
  const [problems, setProblems] = useState<Problem[]>([])
  const [busy, setBusy] = useState(false)

  async function save(e: FormEvent) {
    e.preventDefault()
    setBusy(true)
    setProblems([])
    const { password, ...rest } = u
    try {
      if (user) {
        const body = {
          ...rest,
          phone: rest.phone || null,
          email: rest.email || null,
          department: rest.department || null,
        }
        await must(
          api.PATCH('/api/v1/users/{id}', {
            params: { path: { id: user.id } },
            headers: { 'If-Match': `"${user.rev ?? 0}"` },
            body,
          }),
        )
        if (password)
          await must(api.PUT('/api/v1/users/{id}/password', { params: { path: { id: user.id } }, body: { password } }))
      } else {
        const filled = Object.fromEntries(Object.entries({ ...rest, password }).filter(([, v]) => v !== '')) as typeof u
        await must(api.POST('/api/v1/users', { body: filled }))
      }
      await client.invalidateQueries({ queryKey: keys.users })
      toast(user ? t('saved', { name: u.name }) : t('added', { name: u.name || u.login }))
      onClose()
    } catch (error) {
      setBusy(false)
      if (error instanceof ApiError && error.problems.some((p) => p.pointer)) setProblems(error.problems)
      else toastError(error)
    }
  }

  const at = (member: string) => problems.find((p) => p.pointer === `/${member}`)?.message
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={user ? t('edit', { name: user.name }) : t('add')}
      footer={
        <Button type="submit" form={form} tone="primary" busy={busy}>
          {user ? t('save') : t('add')}
        </Button>
      }
    >
      <form id={form} className={s.fields} onSubmit={save}>
        <div className={s.pair}>
          <Field label={t('name')} required error={at('name')}>
            {(aria) => (
              <Input
                {...aria}
                value={u.name}
                required
                maxLength={80}
                onChange={(e) => setU({ ...u, name: e.target.value })}
              />
            )}
          </Field>
          <Field label={t('login')} required error={at('login')}>
            {(aria) => (
              <Input
                {...aria}
                value={u.login}
                required
                autoCapitalize="none"
                spellCheck={false}
                autoComplete="off"
                onChange={(e) => setU({ ...u, login: e.target.value })}
              />
            )}
          </Field>
          <Field label={t('phone')} error={at('phone')}>
            {(aria) => (
              <Input {...aria} type="tel" value={u.phone} onChange={(e) => setU({ ...u, phone: e.target.value })} />
            )}
          </Field>
          <Field label={t('email')} error={at('email')}>
            {(aria) => (
              <Input {...aria} type="email" value={u.email} onChange={(e) => setU({ ...u, email: e.target.value })} />
            )}
          </Field>
        </div>
        <Field label={t('department')} error={at('department')}>
          {(aria) => (
            <Select {...aria} value={u.department} onChange={(e) => setU({ ...u, department: e.target.value })}>
              <option value="">{t('noDepartment')}</option>
              {flatten(departments).map((d) => (
                <option key={d.id} value={d.id}>
                  {' '.repeat(d.depth) + d.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label={user ? t('newPassword') : t('password')}
          help={user ? t('newPasswordHelp') : t('passwordHelp')}
          error={at('password')}
        >
          {(aria) => (
            <Input
              {...aria}
              type="password"
              autoComplete="new-password"
              value={u.password}
              minLength={u.password ? 10 : undefined}
              onChange={(e) => setU({ ...u, password: e.target.value })}
            />
          )}
        </Field>
        <Switch
          label={t('adminSwitch')}
          checked={u.admin}
          disabled={self}
          onChange={(admin) => setU({ ...u, admin })}
        />
        {user && (
          <Switch
            label={t('activeSwitch')}
            checked={u.active}
            disabled={self}
            onChange={(active) => setU({ ...u, active })}
          />
        )}
        <p className={s.note}>{t('rolesNote')}</p>
      </form>
    </Dialog>
  )
}
