import { Filter, Zap } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { Checkbox, Input, Select, Switch } from '@/shared/ui'
import { useStudio } from '../context'
import { NumberInput } from '../forms/props/NumberInput'
import { FormSelect } from '../forms/props/RelationProps'
import { RemoveItem } from '../frame/RemoveItem'
import { isDate } from '../model/infos'
import { patched, some } from '../model/json'
import { marksAt } from '../model/marks'
import type { RoleDef, Trigger } from '../model/types'
import { ConditionEditor } from '../pickers/ConditionEditor'
import { FieldChips, FieldSelect } from '../pickers/FieldSelect'
import { FilterEditor } from '../pickers/FilterEditor'
import { Prop, PropGroup } from '../pickers/Prop'
import { TextInput } from '../pickers/TextInput'
import { useScope } from './scope'
import type { SettingsProps } from './Settings'
import d from '../forms/Designer.module.css'
import s from './Automations.module.css'

const triggers: Trigger['on'][] = [
  'created',
  'changed',
  'saved',
  'deleted',
  'stage',
  'date',
  'idle',
  'schedule',
  'button',
]

/** What an automation is called, what sets it off, and the condition under which it runs. */
export function TriggerSettings({ def, library, types, problems, edit }: SettingsProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const scope = useScope(def, library, types)
  const x = def.trigger
  const set = (patch: { [K in keyof Trigger]?: Trigger[K] }, mark?: string) =>
    edit((a) => ({ ...a, trigger: patched(a.trigger, patch) }), mark && `trigger.${mark}`)
  const stages =
    scope.own.find((f) => f.type === 'select' && f.options.length > 0 && f.key === stageField(library, app, def.form))
      ?.options ?? []
  const span = x.offset ?? { amount: 1, unit: 'day' }
  return (
    <>
      <PropGroup>
        <div className={d.title}>
          <Zap size={20} strokeWidth={1.75} aria-hidden />
          <h2 className="ellipsis">{text(def.title) || def.key}</h2>
          <RemoveItem kind="automation" itemKey={def.key} name={text(def.title) || def.key} library={library} />
        </div>
        <Prop label={t('props.title')}>
          {(a) => (
            <TextInput {...a} value={def.title} onChange={(v) => edit((q) => patched(q, { title: v }), 'title')} />
          )}
        </Prop>
        <Prop label={t('props.description')}>
          {(a) => (
            <TextInput
              {...a}
              long
              value={def.description}
              onChange={(v) => edit((q) => patched(q, { description: v }), 'description')}
            />
          )}
        </Prop>
        <Switch
          label={t('auto.enabled')}
          checked={!def.disabled}
          onChange={(v) => edit((q) => patched(q, { disabled: !v || undefined }))}
        />
      </PropGroup>
      <PropGroup title={t('auto.trigger')}>
        <Prop label={t('props.form')}>
          {(a) => (
            <FormSelect
              {...a}
              library={library}
              value={def.form}
              onChange={(v) => edit((q) => patched(q, { form: v }))}
            />
          )}
        </Prop>
        <Prop label={t('auto.happens')}>
          {(a) => (
            <Select
              {...a}
              value={x.on}
              onChange={(e) =>
                edit((q) => ({
                  ...q,
                  trigger: startTrigger(e.target.value as Trigger['on'], scope.own.find(isDate)?.key),
                }))
              }
            >
              {triggers.map((o) => (
                <option key={o} value={o}>
                  {t(`auto.triggers.${o}`)}
                </option>
              ))}
            </Select>
          )}
        </Prop>
        {(x.on === 'changed' || x.on === 'saved') && (
          <Prop label={t('auto.fields')} help={t('auto.fieldsHelp')} stacked>
            {(a) => (
              <FieldChips
                id={a.id}
                label={t('auto.fields')}
                fields={scope.own}
                value={x.fields ?? []}
                onChange={(list) => set({ fields: some(list) })}
              />
            )}
          </Prop>
        )}
        {x.on === 'stage' &&
          (['from', 'to'] as const).map((side) => (
            <Prop key={side} label={t(`auto.${side}`)}>
              {() => (
                <div className={s.checks}>
                  {stages.map((o) => (
                    <Checkbox
                      key={o.value}
                      label={text(o.title) || o.value}
                      checked={x[side]?.includes(o.value) ?? false}
                      onChange={(e) =>
                        set({
                          [side]: some(
                            stages
                              .map((y) => y.value)
                              .filter((v) => (v === o.value ? e.target.checked : x[side]?.includes(v))),
                          ),
                        })
                      }
                    />
                  ))}
                </div>
              )}
            </Prop>
          ))}
        {(x.on === 'date' || x.on === 'idle') && (
          <>
            <Prop label={t('auto.date')}>
              {(a) => (
                <FieldSelect
                  {...a}
                  fields={scope.own.filter(isDate)}
                  value={x.field}
                  empty={x.on === 'idle' ? t('envelope.updatedAt') : undefined}
                  onChange={(v) => set({ field: v })}
                />
              )}
            </Prop>
            <Prop
              label={x.on === 'idle' ? t('auto.after') : t('auto.offset')}
              help={x.on === 'date' ? t('auto.offsetHelp') : undefined}
            >
              {(a) => (
                <span style={{ display: 'flex', gap: 4 }}>
                  <NumberInput
                    {...a}
                    whole
                    value={span.amount}
                    onChange={(v) => set({ offset: { ...span, amount: v ?? 0 } }, 'offset')}
                  />
                  <Select
                    aria-label={t('cards.unit')}
                    value={span.unit}
                    onChange={(e) => set({ offset: { ...span, unit: e.target.value } })}
                  >
                    {['minute', 'hour', 'day', 'workday', 'week'].map((u) => (
                      <option key={u} value={u}>
                        {t(`spans.${u}`)}
                      </option>
                    ))}
                  </Select>
                </span>
              )}
            </Prop>
            {x.on === 'date' && (
              <Prop label={t('auto.at')}>
                {(a) => (
                  <Input
                    {...a}
                    type="time"
                    value={x.at ?? '09:00'}
                    onChange={(e) => set({ at: e.target.value || undefined })}
                  />
                )}
              </Prop>
            )}
            <Prop label={t('auto.records')} stacked>
              {() => (
                <FilterEditor
                  label={t('auto.records')}
                  fields={scope.own}
                  value={x.filter}
                  onChange={(filter) => set({ filter })}
                />
              )}
            </Prop>
          </>
        )}
        {x.on === 'schedule' && (
          <>
            <Prop label={t('auto.cron')} help={t('auto.cronHelp')}>
              {(a) => <Input {...a} value={x.cron ?? ''} onChange={(e) => set({ cron: e.target.value }, 'cron')} />}
            </Prop>
            <Prop label={t('auto.days')}>
              {(a) => (
                <Select
                  {...a}
                  value={x.days ?? ''}
                  onChange={(e) => set({ days: (e.target.value || undefined) as Trigger['days'] })}
                >
                  <option value="">{t('auto.everyDay')}</option>
                  <option value="working">{t('auto.working')}</option>
                  <option value="resting">{t('auto.resting')}</option>
                </Select>
              )}
            </Prop>
          </>
        )}
        {x.on === 'button' && (
          <>
            <Prop label={t('auto.confirm')}>
              {(a) => <TextInput {...a} value={x.confirm} onChange={(v) => set({ confirm: v }, 'confirm')} />}
            </Prop>
            <Prop label={t('stages.who')}>
              {() => (
                <div className={s.checks}>
                  {library.list<RoleDef>('role').map((r, _, all) => (
                    <Checkbox
                      key={r.key}
                      label={text(r.title) || r.key}
                      checked={x.roles?.includes(r.key) ?? false}
                      onChange={(e) =>
                        set({
                          roles: some(
                            all
                              .map((q) => q.key)
                              .filter((q) => (q === r.key ? e.target.checked : x.roles?.includes(q))),
                          ),
                        })
                      }
                    />
                  ))}
                </div>
              )}
            </Prop>
          </>
        )}
      </PropGroup>
      <PropGroup title={t('auto.when')} icon={<Filter size={16} strokeWidth={1.75} aria-hidden />}>
        <p className={s.note}>{t('auto.whenHelp')}</p>
        <ConditionEditor
          label={t('auto.when')}
          value={def.when}
          fields={scope.names}
          marks={marksAt(problems, `/${app}/automation/${def.key}/when`)}
          onChange={(v) => edit((q) => patched(q, { when: v }), 'when')}
        />
      </PropGroup>
    </>
  )
}

/** A trigger of another kind starts with what it cannot do without. */
function startTrigger(on: Trigger['on'], date: string | undefined): Trigger {
  if (on === 'date') return { on, ...(date ? { field: date } : {}), offset: { amount: 0, unit: 'day' } }
  if (on === 'idle') return { on, offset: { amount: 7, unit: 'day' } }
  if (on === 'schedule') return { on, cron: '0 9 * * *' }
  return { on }
}

function stageField(library: SettingsProps['library'], app: string, form: string | undefined): string | undefined {
  const key = form?.startsWith(`${app}.`) ? form.slice(app.length + 1) : form
  const d = key ? library.value('form', key) : undefined
  return d?.kind === 'form' ? d.stages?.field : undefined
}
