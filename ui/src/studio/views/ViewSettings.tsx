import { ArrowDownAZ, ArrowDown, ArrowUp, Filter as FilterIcon, Plus, Rows3, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { NumberInput } from '../forms/props/NumberInput'
import { IconButton, Segmented, Select } from '@/shared/ui'
import { useBench, type Library } from '../context'
import { RemoveItem } from '../frame/RemoveItem'
import { adds, asks, isDate, sorts, type FieldInfo } from '../model/infos'
import { moved, patched, replaced, some } from '../model/json'
import type { Fn, ViewDef, ViewType } from '../model/types'
import { FieldAdder, FieldChips, FieldSelect } from '../pickers/FieldSelect'
import { FilterEditor } from '../pickers/FilterEditor'
import { Prop, PropGroup } from '../pickers/Prop'
import { TextInput } from '../pickers/TextInput'
import { useFields } from '../useInfo'
import d from '../forms/Designer.module.css'
import k from '../pickers/pickers.module.css'
import s from './Views.module.css'

const types: ViewType[] = ['table', 'kanban', 'calendar', 'gallery', 'list']
const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

/** How a view looks and what it shows. */
export function ViewSettings({ view, library }: { view: ViewDef; library: Library }) {
  const { t } = useTranslation('studio')
  const text = useText()
  const bench = useBench()
  const own = useFields(library, view.form)
  const envelope: FieldInfo[] = ['createdAt', 'updatedAt'].map((key) => ({
    key,
    title: t(`envelope.${key}`),
    type: 'datetime',
    as: 'datetime',
    options: [],
  }))
  const fields = [...own, ...envelope]
  const set = (patch: { [K in keyof ViewDef]?: ViewDef[K] }, mark?: string) =>
    bench.edit<ViewDef>('view', view.key, (v) => patched(v, patch), mark)
  const type = view.type ?? 'table'
  const groupable = fields.filter((f) =>
    type === 'kanban'
      ? f.as === 'select'
      : type === 'calendar'
        ? isDate(f)
        : ['select', 'user', 'department', 'switch', 'relation'].includes(f.as),
  )
  const columns = view.fields ?? []
  const sort = view.sort ?? []
  return (
    <>
      <PropGroup>
        <div className={d.title}>
          <h2 className="ellipsis">{text(view.title) || view.key}</h2>
          <span className={d.badge}>{t('of.view')}</span>
          <RemoveItem kind="view" itemKey={view.key} name={text(view.title) || view.key} library={library} />
        </div>
        <Prop label={t('props.title')}>
          {(a) => <TextInput {...a} value={view.title} onChange={(v) => set({ title: v }, 'title')} />}
        </Prop>
        <Prop label={t('views.type')}>
          {(a) => (
            <Select {...a} value={type} onChange={(e) => set({ type: e.target.value as ViewType })}>
              {types.map((x) => (
                <option key={x} value={x}>
                  {t(`views.${x}`)}
                </option>
              ))}
            </Select>
          )}
        </Prop>
        <Prop label={t('views.order')} help={t('views.orderHelp')}>
          {(a) => <NumberInput {...a} whole value={view.order} onChange={(v) => set({ order: v })} />}
        </Prop>
        <Prop label={t(type === 'calendar' ? 'views.dateBy' : type === 'kanban' ? 'views.columnsBy' : 'views.groupBy')}>
          {(a) => (
            <FieldSelect
              {...a}
              fields={groupable}
              value={view.groupBy}
              empty={type === 'kanban' || type === 'calendar' ? undefined : t('views.noGroup')}
              onChange={(v) => set({ groupBy: v })}
            />
          )}
        </Prop>
      </PropGroup>
      <PropGroup title={t('views.fields')} icon={<Rows3 {...icon} />}>
        <div>
          {columns.map((key, i) => {
            const name = fields.find((f) => f.key === key)?.title ?? key
            return (
              <div key={key} className={s.line}>
                <span className="ellipsis">{name}</span>
                <IconButton
                  size="small"
                  label={t('move.upName', { name })}
                  disabled={i === 0}
                  onClick={() => set({ fields: moved(columns, i, i - 1) })}
                >
                  <ArrowUp size={14} aria-hidden />
                </IconButton>
                <IconButton
                  size="small"
                  label={t('move.downName', { name })}
                  disabled={i === columns.length - 1}
                  onClick={() => set({ fields: moved(columns, i, i + 1) })}
                >
                  <ArrowDown size={14} aria-hidden />
                </IconButton>
                <IconButton
                  size="small"
                  label={t('takeAway', { name })}
                  onClick={() => set({ fields: some(columns.filter((x) => x !== key)) })}
                >
                  <X size={14} aria-hidden />
                </IconButton>
              </div>
            )
          })}
        </div>
        <div className={k.rowFoot}>
          <FieldAdder
            fields={fields.filter((f) => !columns.includes(f.key) && f.as !== 'table')}
            label={t('views.addField')}
            onAdd={(key) => set({ fields: [...columns, key] })}
          />
        </div>
      </PropGroup>
      <PropGroup title={t('views.filter')} icon={<FilterIcon {...icon} />}>
        <FilterEditor
          label={t('views.filter')}
          fields={fields.filter(asks)}
          value={view.filter}
          onChange={(filter) => set({ filter }, 'filter')}
        />
      </PropGroup>
      <PropGroup title={t('views.sort')} icon={<ArrowDownAZ {...icon} />}>
        {sort.map((x, i) => {
          const key = x.replace(/^-/, '')
          return (
            <div key={i} className={s.sort}>
              <FieldSelect
                label={t('views.sort')}
                fields={fields.filter(sorts)}
                value={key}
                onChange={(v) => v && set({ sort: replaced(sort, i, x.startsWith('-') ? `-${v}` : v) })}
              />
              <Segmented
                small
                label={t('views.direction')}
                value={x.startsWith('-') ? 'down' : 'up'}
                options={[
                  { value: 'up', label: t('views.up') },
                  { value: 'down', label: t('views.down') },
                ]}
                onChange={(v) => set({ sort: replaced(sort, i, v === 'down' ? `-${key}` : key) })}
              />
              <IconButton
                size="small"
                label={t('takeAway', { name: key })}
                onClick={() => set({ sort: some(sort.filter((_, j) => j !== i)) })}
              >
                <X size={14} aria-hidden />
              </IconButton>
            </div>
          )
        })}
        {sort.length < 5 && (
          <div className={k.rowFoot}>
            <FieldAdder
              fields={fields.filter((f) => sorts(f) && !sort.some((x) => x.replace(/^-/, '') === f.key))}
              label={t('views.addSort')}
              onAdd={(key) => set({ sort: [...sort, key] })}
            />
          </div>
        )}
      </PropGroup>
      <PropGroup title={t('views.summaries')}>
        {(view.summaries ?? []).map((x, i) => (
          <div key={i} className={s.sort}>
            <FieldSelect
              label={t('views.summaries')}
              fields={fields}
              value={x.field}
              onChange={(v) => v && set({ summaries: replaced(view.summaries ?? [], i, { ...x, field: v }) })}
            />
            <Select
              aria-label={t('rollup.fn')}
              value={x.fn}
              onChange={(e) =>
                set({ summaries: replaced(view.summaries ?? [], i, { ...x, fn: e.target.value as Fn }) })
              }
            >
              {['count', 'sum', 'avg', 'min', 'max', 'distinct'].map((f) => (
                <option key={f} value={f}>
                  {t(`fns.${f}`)}
                </option>
              ))}
            </Select>
            <IconButton
              size="small"
              label={t('takeAway', { name: x.field })}
              onClick={() => set({ summaries: some((view.summaries ?? []).filter((_, j) => j !== i)) })}
            >
              <X size={14} aria-hidden />
            </IconButton>
          </div>
        ))}
        <div className={k.rowFoot}>
          <button
            type="button"
            className={k.link}
            onClick={() =>
              set({
                summaries: [
                  ...(view.summaries ?? []),
                  { field: fields.find(adds)?.key ?? fields[0]?.key ?? '', fn: 'sum' },
                ],
              })
            }
            disabled={!fields.some(adds)}
          >
            <Plus size={14} aria-hidden />
            {t('views.addSummary')}
          </button>
        </div>
      </PropGroup>
      <PropGroup title={t('views.scoped')}>
        <p className={s.note}>{t('views.scopedHelp')}</p>
        <FieldChips
          label={t('views.scoped')}
          fields={fields.filter(asks)}
          value={view.scoped ?? []}
          onChange={(list) => set({ scoped: some(list) })}
        />
      </PropGroup>
    </>
  )
}
