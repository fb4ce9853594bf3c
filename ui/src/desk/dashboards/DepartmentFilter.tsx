import { ChevronDown, Users } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useDepartments, useUsers } from '@/shared/api'
import { Popover } from '@/shared/overlay'
import { Button, cx, SearchInput } from '@/shared/ui'
import { branches, found } from './tree'
import type { View } from './view'
import s from './Toolbar.module.css'

type Props = { department: string | undefined; onChange: (id: string | undefined) => void; view: View }

/** Whose figures: everybody's, or those of a department and all below it. Not there while there are no departments. */
export function DepartmentFilter({ department, onChange, view }: Props) {
  const { t } = view
  const departments = useDepartments()
  const users = useUsers()
  const [open, setOpen] = useState(false)
  const [search, setSearch] = useState('')
  const tree = useMemo(() => branches(departments.data ?? []), [departments.data])
  const list = found(tree, search)
  const here = tree.find((b) => b.id === department)
  const people = useMemo(() => {
    if (!here) return undefined
    const inside = new Set(
      tree.filter((b) => b.id === here.id || b.path.startsWith(`${here.path} / `)).map((b) => b.id),
    )
    return users.data?.filter((u) => u.active && u.department && inside.has(u.department)).length
  }, [here, tree, users.data])
  if (tree.length === 0 && !department) return null
  const choose = (id: string | undefined) => {
    setOpen(false)
    setSearch('')
    onChange(id)
  }
  const name = here?.name ?? (department ? t('department.gone') : t('department.all'))
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t('department.label')}
      trigger={
        <Button icon={<Users size={16} strokeWidth={1.75} aria-hidden />}>
          <span className="visually-hidden">{t('department.label')} </span>
          <span className={cx(s.name, 'ellipsis')}>{name}</span>
          {people !== undefined && <span className={s.quiet}>{t('department.people', { count: people })}</span>}
          <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
        </Button>
      }
    >
      <div className={s.tree}>
        {tree.length > 8 && (
          <SearchInput label={t('department.search')} value={search} onChange={(e) => setSearch(e.target.value)} />
        )}
        <ul>
          {!search && (
            <li>
              <button type="button" className={cx(s.pick, !department && s.chosen)} onClick={() => choose(undefined)}>
                {t('department.all')}
              </button>
            </li>
          )}
          {list.map((b) => (
            <li key={b.id}>
              <button
                type="button"
                className={cx(s.pick, b.id === department && s.chosen)}
                style={{ paddingLeft: 8 + (search ? 0 : b.depth * 16) }}
                onClick={() => choose(b.id)}
              >
                {search ? b.path : b.name}
              </button>
            </li>
          ))}
        </ul>
        {list.length === 0 && (
          <p className={s.none} role="status">
            {t('department.none')}
          </p>
        )}
      </div>
    </Popover>
  )
}
