import { ArrowDown, ArrowUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { Failed, Icon, IconButton, Skeleton } from '@/shared/ui'
import { useBench, useDoc } from '../context'
import type { PageProps } from '../frame/tabs'
import { equal, moved, patched } from '../model/json'
import type { AppDef, DashboardDef, FormDef } from '../model/types'
import { ColorPicker } from '../pickers/ColorPicker'
import { IconPicker } from '../pickers/IconPicker'
import { Prop, PropGroup } from '../pickers/Prop'
import { TextInput } from '../pickers/TextInput'
import s from './App.module.css'

type Item = { form: string } | { dashboard: string } | { view: string } | { page: string }

/** The app itself: its name, its look, the order of its menu. */
export function AppPage({ itemKey, library }: PageProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const bench = useBench()
  const { doc, error, retry } = useDoc('app', itemKey)
  if (error) return <Failed error={error} retry={retry} />
  if (!doc) return <Skeleton />
  const app = bench.value('app', itemKey) as AppDef
  const set = (patch: { [K in keyof AppDef]?: AppDef[K] }, mark?: string) =>
    bench.edit<AppDef>('app', itemKey, (a) => patched(a, patch), mark)
  const listed = (app.menu ?? []) as unknown as Item[]
  const rest: Item[] = [
    ...library.list<FormDef>('form').map((f) => ({ form: f.key })),
    ...library.list<DashboardDef>('dashboard').map((x) => ({ dashboard: x.key })),
  ].filter((x) => !listed.some((y) => equal(x, y)))
  const menu = [...listed, ...rest]
  const describe = (x: Item) => {
    const [kind, key] = Object.entries(x)[0] ?? ['form', '']
    const d = library.value(kind as 'form', key)
    return {
      name: text(d?.title) || key,
      icon: (d as { icon?: string } | undefined)?.icon ?? (kind === 'dashboard' ? 'layout-dashboard' : 'table'),
      kind,
    }
  }
  return (
    <div className={s.page}>
      <h2 className="visually-hidden">{text(app.title) || itemKey}</h2>
      <PropGroup title={t('tabs.app')}>
        <Prop label={t('props.title')}>
          {(a) => <TextInput {...a} value={app.title} onChange={(v) => set({ title: v }, 'title')} />}
        </Prop>
        <Prop label={t('props.description')}>
          {(a) => (
            <TextInput {...a} long value={app.description} onChange={(v) => set({ description: v }, 'description')} />
          )}
        </Prop>
        <Prop label={t('icon')}>
          {() => <IconPicker label={t('icon')} value={app.icon} onChange={(icon) => set({ icon })} />}
        </Prop>
        <Prop label={t('color')}>
          {() => <ColorPicker label={t('color')} value={app.color} onChange={(color) => set({ color })} />}
        </Prop>
      </PropGroup>
      <PropGroup title={t('menu.title')}>
        <ul>
          {menu.map((x, i) => {
            const m = describe(x)
            const move = (by: -1 | 1) => set({ menu: moved(menu, i, i + by) as unknown as AppDef['menu'] })
            return (
              <li key={JSON.stringify(x)} className={s.item}>
                <Icon name={m.icon} />
                <span className="ellipsis">{m.name}</span>
                <small>{t(`of.${m.kind}`, { defaultValue: m.kind })}</small>
                <IconButton
                  size="small"
                  label={t('move.upName', { name: m.name })}
                  disabled={i === 0}
                  onClick={() => move(-1)}
                >
                  <ArrowUp size={14} aria-hidden />
                </IconButton>
                <IconButton
                  size="small"
                  label={t('move.downName', { name: m.name })}
                  disabled={i === menu.length - 1}
                  onClick={() => move(1)}
                >
                  <ArrowDown size={14} aria-hidden />
                </IconButton>
              </li>
            )
          })}
        </ul>
      </PropGroup>
    </div>
  )
}
