import { ShieldCheck, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { Checkbox, Empty, Failed, Skeleton, Switch } from '@/shared/ui'
import { useBench, useDoc, useForms, useStudio, type Library } from '../context'
import { ListPane } from '../frame/ListPane'
import { NewItem } from '../frame/NewItem'
import { Panes } from '../frame/Panes'
import { RemoveItem } from '../frame/RemoveItem'
import type { PageProps } from '../frame/tabs'
import { useItem } from '../frame/useChosen'
import { patched, some } from '../model/json'
import type { DashboardDef, RoleDef } from '../model/types'
import { Prop, PropGroup, PropSwitches } from '../pickers/Prop'
import { TextInput } from '../pickers/TextInput'
import { Members } from './Members'
import { RightDetail } from './RightDetail'
import { RightsGrid } from './RightsGrid'
import d from '../forms/Designer.module.css'
import s from './Roles.module.css'

/** The roles of an app: who has them, and what they may do with which records. */
export function RolesEditor({ itemKey, library }: PageProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const bench = useBench()
  const roles = library.list<RoleDef>('role')
  const shown = itemKey || roles[0]?.key || ''
  const { doc, error, retry } = useDoc('role', shown)
  const [adding, setAdding] = useState(false)
  const role = bench.value('role', shown) as RoleDef | undefined
  const who = (r: RoleDef) =>
    r.members?.default
      ? t('roles.everybody')
      : r.members?.leaders
        ? t('roles.leaders')
        : r.admin
          ? t('roles.admins')
          : ''
  return (
    <>
      <Panes
        labels={[t('pane.list'), t('roles.rights'), t('pane.settings')]}
        chosen={itemKey}
        left={
          <ListPane
            title={t('roles.title')}
            groups={[
              {
                items: roles.map((r) => ({
                  key: r.key,
                  title: text(r.title) || r.key,
                  note: who(r),
                  icon: <ShieldCheck size={16} strokeWidth={1.75} aria-hidden />,
                  to: `/apps/${app}/edit/role/${r.key}`,
                })),
              },
            ]}
            current={shown}
            add={{ label: t('newItem.role'), run: () => setAdding(true) }}
            empty={t('roles.none')}
          />
        }
        middle={
          error ? (
            <Failed error={error} retry={retry} />
          ) : role ? (
            <Rights role={role} library={library} />
          ) : shown && !doc ? (
            <Skeleton />
          ) : (
            <Empty title={t('roles.none')} />
          )
        }
        right={role ? <RoleSettings key={shown} role={role} library={library} /> : null}
      />
      {adding && (
        <NewItem
          kind="role"
          library={library}
          onClose={() => setAdding(false)}
          make={(key, title) => ({ kind: 'role', key, title, forms: [] })}
        />
      )}
    </>
  )
}

function Rights({ role, library }: { role: RoleDef; library: Library }) {
  const { t } = useTranslation('studio')
  const bench = useBench()
  const forms = useForms(library)
  const { app } = useStudio()
  const [item, choose] = useItem()
  const set = (patch: { [K in keyof RoleDef]?: RoleDef[K] }) =>
    bench.edit<RoleDef>('role', role.key, (r) => patched(r, patch))
  const full = (name: string) => (name.includes('.') ? name : `${app}.${name}`)
  const rows = [
    ...forms.filter((f) => f.app === app),
    ...forms.filter((f) => f.app !== app && role.forms?.some((r) => r.form === f.name)),
  ]
  const chosen = role.forms?.find((f) => full(f.form) === full(item))
  return (
    <div className={s.page}>
      {role.admin && <p className={s.admin}>{t('roles.adminNote')}</p>}
      <RightsGrid
        role={role}
        forms={rows}
        others={forms.filter((f) => f.app !== app && !rows.includes(f))}
        current={chosen ? full(chosen.form) : ''}
        onChange={(list) => set({ forms: list })}
        onChoose={choose}
      />
      {chosen && (
        <RightDetail
          key={chosen.form}
          right={chosen}
          library={library}
          onChange={(next) => set({ forms: role.forms?.map((f) => (f === chosen ? next : f)) })}
        />
      )}
    </div>
  )
}

function RoleSettings({ role, library }: { role: RoleDef; library: Library }) {
  const { t } = useTranslation('studio')
  const text = useText()
  const bench = useBench()
  const set = (patch: { [K in keyof RoleDef]?: RoleDef[K] }, mark?: string) =>
    bench.edit<RoleDef>('role', role.key, (r) => patched(r, patch), mark)
  const members = (patch: NonNullable<RoleDef['members']>) => {
    const next = patched(role.members ?? {}, patch)
    set({ members: Object.keys(next).length > 0 ? next : undefined })
  }
  const boards = library.list<DashboardDef>('dashboard')
  const all = role.dashboards?.includes('*') ?? false
  return (
    <>
      <PropGroup>
        <div className={d.title}>
          <h2 className="ellipsis">{text(role.title) || role.key}</h2>
          <span className={d.badge}>{t('of.role')}</span>
          <RemoveItem kind="role" itemKey={role.key} name={text(role.title) || role.key} library={library} />
        </div>
        <Prop label={t('props.title')}>
          {(a) => <TextInput {...a} value={role.title} onChange={(v) => set({ title: v }, 'title')} />}
        </Prop>
        <Prop label={t('props.description')}>
          {(a) => (
            <TextInput {...a} long value={role.description} onChange={(v) => set({ description: v }, 'description')} />
          )}
        </Prop>
        <PropSwitches>
          <Switch
            label={t('roles.admin')}
            checked={role.admin ?? false}
            onChange={(v) => set({ admin: v || undefined })}
          />
        </PropSwitches>
      </PropGroup>
      <PropGroup title={t('roles.members')} icon={<UsersRound size={16} strokeWidth={1.75} aria-hidden />}>
        <PropSwitches>
          <Switch
            label={t('roles.everybody')}
            checked={role.members?.default ?? false}
            onChange={(v) => members({ default: v || undefined })}
          />
          <Switch
            label={t('roles.leaders')}
            checked={role.members?.leaders ?? false}
            onChange={(v) => members({ leaders: v || undefined })}
          />
        </PropSwitches>
        <Members role={role} published={library.published('role', role.key) !== undefined} />
      </PropGroup>
      <PropGroup title={t('tabs.dashboard')}>
        <Checkbox
          label={t('roles.allDashboards')}
          checked={all}
          onChange={(e) => set({ dashboards: e.target.checked ? ['*'] : undefined })}
        />
        {!all &&
          boards.map((b) => (
            <Checkbox
              key={b.key}
              label={text(b.title) || b.key}
              checked={role.dashboards?.includes(b.key) ?? false}
              onChange={(e) =>
                set({
                  dashboards: some(
                    e.target.checked
                      ? [...(role.dashboards ?? []), b.key]
                      : (role.dashboards ?? []).filter((k) => k !== b.key),
                  ),
                })
              }
            />
          ))}
      </PropGroup>
    </>
  )
}
