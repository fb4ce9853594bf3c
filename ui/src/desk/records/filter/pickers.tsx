import { Building2, User as Person } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import type { Department } from '@/shared/api'
import { Avatar, Tag } from '@/shared/ui'
import type { ListField } from '../model/fields'
import { me, mine } from '../model/filter'
import { PickList, type Pick } from './PickList'
import { useScope } from './scope'
import { useSearchRecords } from './useScopeOf'
import s from './filter.module.css'

type Props = { field: ListField; chosen: readonly string[]; onChange: (chosen: string[]) => void; single?: boolean }

/** Options of a select, in their colours. Those retired are offered while they are chosen. */
export function OptionPicker({ field, chosen, onChange }: Props) {
  const { env } = useScope()
  const items = field.options
    .filter((o) => !o.hidden || chosen.includes(o.value))
    .map((o): Pick => {
      const label = env.text(o.title) || o.value
      return { value: o.value, label, show: <Tag color={o.color}>{label}</Tag> }
    })
  return <PickList items={items} chosen={chosen} onChange={onChange} searchLabel={env.t('filter.search')} />
}

/** People by department; whoever looks at the list stands first. */
export function UserPicker({ chosen, onChange }: Props) {
  const scope = useScope()
  const { env, users, departments } = scope
  const items = useMemo(() => {
    const unit = new Map(departments.map((d, i) => [d.id, { name: d.name, place: i }]))
    const place = (id: string | undefined) => (id === undefined ? 1e6 : (unit.get(id)?.place ?? 1e6))
    const people = users
      .filter((u) => u.active || chosen.includes(u.id))
      .sort((a, b) => place(a.department) - place(b.department) || a.name.localeCompare(b.name, env.language))
    return [
      {
        value: me,
        label: env.t('filter.me'),
        group: env.t('filter.follows'),
        show: (
          <>
            <Person size={16} strokeWidth={1.75} aria-hidden /> {env.t('filter.me')}
          </>
        ),
      },
      ...people.map((u): Pick => ({
        value: u.id,
        label: u.name,
        group: unit.get(u.department ?? '')?.name ?? '–',
        words: `${u.login ?? ''} ${unit.get(u.department ?? '')?.name ?? ''}`,
        show: (
          <>
            <Avatar name={u.name} id={u.id} size={20} /> {u.name}
          </>
        ),
      })),
    ]
  }, [users, departments, chosen, env])
  return <PickList items={items} chosen={chosen} onChange={onChange} searchLabel={env.t('filter.searchPeople')} />
}

/** How deep each department lies, in the order of the tree. */
export function tree(departments: readonly Department[]): { unit: Department; depth: number }[] {
  const below = new Map<string, Department[]>()
  const known = new Set(departments.map((d) => d.id))
  for (const d of departments) {
    const parent = d.parent && known.has(d.parent) ? d.parent : ''
    below.set(parent, [...(below.get(parent) ?? []), d])
  }
  const out: { unit: Department; depth: number }[] = []
  const visit = (id: string, depth: number) => {
    for (const unit of below.get(id) ?? []) {
      out.push({ unit, depth })
      if (depth < 20) visit(unit.id, depth + 1)
    }
  }
  visit('', 0)
  return out
}

/** Departments as a tree. */
export function UnitPicker({ chosen, onChange, single }: Props) {
  const { env, departments } = useScope()
  const items: Pick[] = [
    { value: mine, label: env.t('filter.myDepartment'), group: env.t('filter.follows') },
    ...tree(departments).map(({ unit, depth }) => ({
      value: unit.id,
      label: unit.name,
      depth,
      group: ' ',
      show: (
        <>
          <Building2 size={16} strokeWidth={1.75} aria-hidden /> {unit.name}
        </>
      ),
    })),
  ]
  return (
    <PickList
      items={items}
      chosen={chosen}
      onChange={onChange}
      single={single}
      searchLabel={env.t('filter.searchPeople')}
    />
  )
}

/** Records of the related form: those chosen, then what a search finds. */
export function RelationPicker({ field, chosen, onChange }: Props) {
  const scope = useScope()
  const [words, setWords] = useState('')
  const asked = useDeferredValue(words)
  const target = field.target ?? ''
  const found = useSearchRecords(target, asked, scope.form(target))
  const items: Pick[] = [
    ...(asked ? [] : chosen.map((id) => ({ value: id, label: scope.name(field, id) }))),
    ...(found.data ?? []).filter((r) => asked || !chosen.includes(r.id)).map((r) => ({ value: r.id, label: r.title })),
  ]
  return (
    <div className={s.relation}>
      <PickList
        items={items}
        chosen={chosen}
        onChange={onChange}
        searchLabel={scope.env.t('filter.search')}
        onSearch={setWords}
        busy={found.isFetching}
      />
    </div>
  )
}
