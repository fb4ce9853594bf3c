import { useQueryClient } from '@tanstack/react-query'
import { Ellipsis, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, keys, must, type Department, type User } from '@/shared/api'
import { Menu } from '@/shared/overlay'
import { cx, IconButton, toastError } from '@/shared/ui'
import { DepartmentDialog } from './DepartmentDialog'
import { branch, flatten } from './tree'
import s from './People.module.css'

type Props = {
  departments: Department[]
  users: User[]
  admin: boolean
  chosen?: string
  onChoose: (id: string | undefined) => void
}

/** The tree of departments; choosing one narrows the members. */
export function Departments({ departments, users, admin, chosen, onChoose }: Props) {
  const { t } = useTranslation('desk/people')
  const client = useQueryClient()
  const [edited, setEdited] = useState<{ department?: Department; parent?: string }>()
  const nodes = useMemo(() => flatten(departments), [departments])
  const counts = useMemo(
    () =>
      new Map(
        nodes.map((n) => [
          n.id,
          users.filter((u) => u.active && u.department && branch(departments, n.id).has(u.department)).length,
        ]),
      ),
    [nodes, departments, users],
  )

  async function remove(d: Department) {
    try {
      await must(api.DELETE('/api/v1/departments/{id}', { params: { path: { id: d.id } } }))
      if (chosen === d.id) onChoose(undefined)
      await client.invalidateQueries({ queryKey: keys.departments })
    } catch (error) {
      toastError(error)
    }
  }

  return (
    <section className={s.tree} aria-label={t('departments')}>
      <header>
        <h2>{t('departments')}</h2>
        {admin && (
          <IconButton size="small" label={t('addDepartment')} onClick={() => setEdited({ parent: chosen })}>
            <Plus size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
        )}
      </header>
      <ul>
        <li className={s.node}>
          <button
            type="button"
            className={cx(s.choose, !chosen && s.chosen)}
            aria-pressed={!chosen}
            onClick={() => onChoose(undefined)}
          >
            <span>{t('everybody')}</span>
            <span className="num">{users.filter((u) => u.active).length}</span>
          </button>
        </li>
        {nodes.map((d) => (
          <li key={d.id} className={s.node}>
            <button
              type="button"
              className={cx(s.choose, chosen === d.id && s.chosen)}
              aria-pressed={chosen === d.id}
              style={{ paddingLeft: 8 + d.depth * 16 }}
              onClick={() => onChoose(d.id)}
            >
              <span className="ellipsis">{d.name}</span>
              <span className="num">{counts.get(d.id)}</span>
            </button>
            {admin && (
              <Menu
                align="end"
                trigger={
                  <IconButton size="small" label={t('actionsOf', { name: d.name })}>
                    <Ellipsis size={16} strokeWidth={1.75} aria-hidden />
                  </IconButton>
                }
                items={[
                  { label: t('editDepartment'), onSelect: () => setEdited({ department: d }) },
                  { label: t('addBelow'), onSelect: () => setEdited({ parent: d.id }) },
                  { kind: 'line' },
                  { label: t('removeDepartment'), danger: true, onSelect: () => void remove(d) },
                ]}
              />
            )}
          </li>
        ))}
      </ul>
      {edited && (
        <DepartmentDialog {...edited} departments={departments} users={users} onClose={() => setEdited(undefined)} />
      )}
    </section>
  )
}
