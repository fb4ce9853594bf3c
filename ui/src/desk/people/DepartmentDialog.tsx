import { useQueryClient } from '@tanstack/react-query'
import { useId, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError, keys, must, type Department, type Problem, type User } from '@/shared/api'
import { Dialog } from '@/shared/overlay'
import { Button, Field, Input, Select, toastError } from '@/shared/ui'
import { branch, flatten } from './tree'
import s from './People.module.css'

type Props = { department?: Department; parent?: string; departments: Department[]; users: User[]; onClose: () => void }

/** Adds a department, or changes one: name, what it belongs to, who leads it. */
export function DepartmentDialog({ department, parent, departments, users, onClose }: Props) {
  const { t } = useTranslation('desk/people')
  const client = useQueryClient()
  const form = useId()
  const [d, setD] = useState({
    name: department?.name ?? '',
    parent: department?.parent ?? parent ?? '',
    leader: department?.leader ?? '',
  })
  const [problems, setProblems] = useState<Problem[]>([])
  const [busy, setBusy] = useState(false)
  const own = department ? branch(departments, department.id) : new Set<string>()

  async function save(e: FormEvent) {
    e.preventDefault()
    setBusy(true)
    try {
      if (department)
        await must(
          api.PATCH('/api/v1/departments/{id}', {
            params: { path: { id: department.id } },
            body: { name: d.name, parent: d.parent || null, leader: d.leader || null },
          }),
        )
      else
        await must(
          api.POST('/api/v1/departments', {
            body: {
              name: d.name,
              ...(d.parent ? { parent: d.parent } : {}),
              ...(d.leader ? { leader: d.leader } : {}),
            },
          }),
        )
      await client.invalidateQueries({ queryKey: keys.departments })
      onClose()
    } catch (error) {
      setBusy(false)
      if (error instanceof ApiError && error.problems.some((p) => p.pointer)) setProblems(error.problems)
      else toastError(error)
    }
  }

  const at = (pointer: string) => problems.find((p) => p.pointer === pointer)?.message
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="small"
      title={department ? t('editDepartment') : t('addDepartment')}
      footer={
        <Button type="submit" form={form} tone="primary" busy={busy}>
          {t('save')}
        </Button>
      }
    >
      <form id={form} className={s.fields} onSubmit={save}>
        <Field label={t('departmentName')} required error={at('/name')}>
          {(aria) => (
            <Input
              {...aria}
              value={d.name}
              required
              maxLength={80}
              onChange={(e) => setD({ ...d, name: e.target.value })}
            />
          )}
        </Field>
        <Field label={t('above')} error={at('/parent')}>
          {(aria) => (
            <Select {...aria} value={d.parent} onChange={(e) => setD({ ...d, parent: e.target.value })}>
              <option value="">{t('top')}</option>
              {flatten(departments)
                .filter((x) => !own.has(x.id))
                .map((x) => (
                  <option key={x.id} value={x.id}>
                    {' '.repeat(x.depth) + x.name}
                  </option>
                ))}
            </Select>
          )}
        </Field>
        <Field label={t('leader')} help={t('leaderHelp')} error={at('/leader')}>
          {(aria) => (
            <Select {...aria} value={d.leader} onChange={(e) => setD({ ...d, leader: e.target.value })}>
              <option value="">{t('noLeader')}</option>
              {users
                .filter((u) => u.active || u.id === d.leader)
                .map((u) => (
                  <option key={u.id} value={u.id}>
                    {u.name}
                  </option>
                ))}
            </Select>
          )}
        </Field>
      </form>
    </Dialog>
  )
}
