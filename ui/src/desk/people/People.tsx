import { Plus, Upload } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useDepartments, useMe, useUsers, type User } from '@/shared/api'
import { Avatar, Button, Empty, Failed, SearchInput, Skeleton, Tag } from '@/shared/ui'
import { PageHeader } from '../shell'
import { Departments } from './Departments'
import { branch } from './tree'
import { UserDialog } from './UserDialog'
import s from './People.module.css'

/** Members and departments: who belongs where, who leads, who may sign in. */
export function People() {
  const { t } = useTranslation('desk/people')
  const { data: me } = useMe()
  const users = useUsers()
  const departments = useDepartments()
  const [department, setDepartment] = useState<string>()
  const [search, setSearch] = useState('')
  const [edited, setEdited] = useState<User | 'new'>()
  const admin = !!me?.user.admin

  const shown = useMemo(() => {
    const within = department && branch(departments.data ?? [], department)
    const words = search.trim().toLocaleLowerCase()
    return (users.data ?? []).filter(
      (u) =>
        (!within || (u.department && within.has(u.department))) &&
        (!words || `${u.name} ${u.login ?? ''} ${u.email ?? ''} ${u.phone ?? ''}`.toLocaleLowerCase().includes(words)),
    )
  }, [users.data, departments.data, department, search])

  const error = users.error ?? departments.error
  const nameOf = (id?: string) => departments.data?.find((d) => d.id === id)?.name ?? ''
  return (
    <>
      <PageHeader title={t('title')}>
        {admin && (
          <>
            <Link to="/people/import" className={s.link}>
              <Upload size={16} strokeWidth={1.75} aria-hidden /> {t('import')}
            </Link>
            <Button
              tone="primary"
              icon={<Plus size={16} strokeWidth={1.75} aria-hidden />}
              onClick={() => setEdited('new')}
            >
              {t('add')}
            </Button>
          </>
        )}
      </PageHeader>
      {error ? (
        <Failed error={error} retry={() => void (users.refetch(), departments.refetch())} />
      ) : !users.data || !departments.data ? (
        <Skeleton rows={8} />
      ) : (
        <div className={s.page}>
          <Departments
            departments={departments.data}
            users={users.data}
            admin={admin}
            chosen={department}
            onChoose={setDepartment}
          />
          <section className={s.members} aria-label={t('members')}>
            <div className={s.tools}>
              <SearchInput label={t('search')} value={search} onChange={(e) => setSearch(e.target.value)} />
              <span className="num" role="status">
                {t('count', { count: shown.length })}
              </span>
            </div>
            {shown.length === 0 ? (
              <Empty title={t('nobody')}>{search ? t('nobodySearch') : t('nobodyText')}</Empty>
            ) : (
              <div className={s.scroll}>
                <table className={s.table}>
                  <thead>
                    <tr>
                      <th scope="col">{t('name')}</th>
                      <th scope="col">{t('login')}</th>
                      <th scope="col">{t('department')}</th>
                      <th scope="col">{t('state')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {shown.map((u) => (
                      <tr key={u.id}>
                        <th scope="row">
                          {admin ? (
                            <button type="button" className={s.person} onClick={() => setEdited(u)}>
                              <Avatar name={u.name} id={u.id} size={24} /> {u.name}
                            </button>
                          ) : (
                            <span className={s.person}>
                              <Avatar name={u.name} id={u.id} size={24} /> {u.name}
                            </span>
                          )}
                        </th>
                        <td>{u.login}</td>
                        <td>{nameOf(u.department)}</td>
                        <td>
                          <span className={s.states}>
                            {u.admin && <Tag color="blue">{t('admin')}</Tag>}
                            {departments.data.some((d) => d.leader === u.id) && <Tag color="purple">{t('leader')}</Tag>}
                            {!u.active ? (
                              <Tag color="gray">{t('inactive')}</Tag>
                            ) : u.invited ? (
                              <Tag color="orange">{t('invited')}</Tag>
                            ) : null}
                          </span>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </section>
        </div>
      )}
      {edited && (
        <UserDialog
          user={edited === 'new' ? undefined : edited}
          department={department}
          departments={departments.data ?? []}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  )
}
