import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useText } from '../../i18n'
import { Person } from '../../ui'
import { usePeople, useUnits } from '../people'
import { Pick as Picker, type Item, type Source } from '../picker'
import type { EditProps, ViewProps, Widget } from '../types'

function UserEdit(p: EditProps) {
  const { t } = useTranslation('shared/widgets')
  const text = useText()
  const people = usePeople()
  const units = useUnits()
  const id = typeof p.value === 'string' ? p.value : undefined
  const source = useMemo((): Source => {
    if (people.error) return { search: () => Promise.reject(people.error as Error), by: 'failed' }
    const items = (people.list ?? [])
      .filter((u) => u.active)
      .map((u): Item => ({ value: u.id, title: u.name, person: true, note: units.byId.get(u.department ?? '')?.name }))
    return { items }
  }, [people, units])
  const selected = id
    ? [{ value: id, title: people.byId.get(id)?.name ?? (people.list ? t('gone') : '…'), person: true }]
    : []
  return (
    <Picker
      {...p}
      source={source}
      selected={selected}
      placeholder={p.inCell ? undefined : text(p.field.placeholder) || t('chooseUser')}
      onChange={(v) => p.onChange(v[0] ?? '')}
    />
  )
}

function UserView({ value }: Shown) {
  const { t } = useTranslation('shared/widgets')
  const people = usePeople()
  const id = String(value)
  const u = people.byId.get(id)
  if (!u && !people.list) return <span aria-busy>…</span>
  return <Person name={u?.name ?? t('gone')} id={id} />
}

type Shown = Pick<ViewProps, 'value'>

function DepartmentEdit(p: EditProps) {
  const { t } = useTranslation('shared/widgets')
  const text = useText()
  const units = useUnits()
  const id = typeof p.value === 'string' ? p.value : undefined
  const items = useMemo(
    () =>
      (units.list ?? []).map((d): Item => {
        const above = units.path(d).slice(0, -1)
        return { value: d.id, title: d.name, note: above.map((x) => x.name).join(' / ') || undefined }
      }),
    [units],
  )
  const selected = id ? [{ value: id, title: units.byId.get(id)?.name ?? (units.list ? t('gone') : '…') }] : []
  return (
    <Picker
      {...p}
      source={{ items }}
      selected={selected}
      placeholder={p.inCell ? undefined : text(p.field.placeholder) || t('chooseDepartment')}
      onChange={(v) => p.onChange(v[0] ?? '')}
    />
  )
}

function DepartmentView({ value }: Shown) {
  const { t } = useTranslation('shared/widgets')
  const units = useUnits()
  const d = units.byId.get(String(value))
  if (!d) return <span>{units.list ? t('gone') : '…'}</span>
  return (
    <span
      title={units
        .path(d)
        .map((x) => x.name)
        .join(' / ')}
    >
      {d.name}
    </span>
  )
}

export const user: Widget = { Edit: UserEdit, View: UserView, Cell: UserView }
export const department: Widget = { Edit: DepartmentEdit, View: DepartmentView, Cell: DepartmentView }
