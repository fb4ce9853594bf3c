import { ShieldCheck, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Button, Checkbox, IconButton, Select, Switch } from '@/shared/ui'
import { useStudio, type Library } from '../context'
import { NumberInput } from '../forms/props/NumberInput'
import type { EditForm } from '../forms/useFormEdit'
import { fieldInfos, type InfoContext } from '../model/infos'
import { some } from '../model/json'
import { marksAt } from '../model/marks'
import { endStages, removeState, removeTransition, updateState, updateTransition } from '../model/stages'
import type { FormDef, RoleDef, State, Transition } from '../model/types'
import { ColorPicker } from '../pickers/ColorPicker'
import { ConditionEditor } from '../pickers/ConditionEditor'
import { FieldChips } from '../pickers/FieldSelect'
import { Prop, PropGroup } from '../pickers/Prop'
import { TextInput } from '../pickers/TextInput'
import { useInfoContext } from '../useInfo'
import d from '../forms/Designer.module.css'
import s from './Stages.module.css'

type Props = {
  form: FormDef
  edit: EditForm
  item: string
  choose: (key: string) => void
  library: Library
  problems: readonly Problem[]
}

/** The settings of the stage or transition that is chosen. */
export function StageSettings(p: Props) {
  const { t } = useTranslation('studio')
  const { form, item, edit } = p
  const state = form.stages?.states.find((x) => x.key === item)
  const transition = form.stages?.transitions.find((x) => x.key === item)
  if (transition) return <TransitionProps {...p} transition={transition} />
  if (state) return <StateProps {...p} state={state} />
  return (
    <PropGroup>
      <p className={s.note}>{t('stages.choose')}</p>
      <Button size="small" onClick={() => edit(endStages)}>
        {t('stages.end')}
      </Button>
    </PropGroup>
  )
}

/** Fields that people fill in, the stage itself left out. */
const writableFields = (form: FormDef, info: InfoContext) =>
  fieldInfos({ properties: form.schema.properties, stages: form.stages }, info).filter(
    (f) => !['serial', 'formula', 'lookup', 'rollup'].includes(f.type) && f.key !== form.stages?.field,
  )

function StateProps({ form, edit, state, choose, library }: Props & { state: State }) {
  const { t } = useTranslation('studio')
  const text = useText()
  const info = useInfoContext(library)
  const set = (patch: { [K in keyof State]?: State[K] }, mark?: string) =>
    edit((x) => updateState(x, state.key, patch), mark && `${state.key}.${mark}`)
  return (
    <PropGroup>
      <div className={d.title}>
        <h2 className="ellipsis">{text(state.title) || state.key}</h2>
        <span className={d.badge}>{t('of.stage')}</span>
        <IconButton
          size="small"
          label={t('stages.removeState')}
          disabled={form.stages?.states.length === 1}
          onClick={() => {
            edit((x) => removeState(x, state.key))
            choose('')
          }}
        >
          <Trash2 size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </div>
      <Prop label={t('props.title')}>
        {(a) => <TextInput {...a} value={state.title} onChange={(v) => set({ title: v }, 'title')} />}
      </Prop>
      <Prop label={t('color')}>
        {() => <ColorPicker label={t('color')} value={state.color} onChange={(color) => set({ color })} />}
      </Prop>
      <Prop label={t('stages.category')}>
        {(a) => (
          <Select
            {...a}
            value={state.category ?? 'open'}
            onChange={(e) =>
              set({ category: e.target.value === 'open' ? undefined : (e.target.value as State['category']) })
            }
          >
            {['open', 'done', 'failed'].map((c) => (
              <option key={c} value={c}>
                {t(`stages.${c}`)}
              </option>
            ))}
          </Select>
        )}
      </Prop>
      <Prop label={t('stages.percent')} help={t('stages.percentHelp')}>
        {(a) => (
          <NumberInput
            {...a}
            min={0}
            max={100}
            value={state.percent}
            onChange={(v) => set({ percent: v }, 'percent')}
          />
        )}
      </Prop>
      <Prop label={t('stages.limit')} help={t('stages.limitHelp')}>
        {(a) => (
          <NumberInput
            {...a}
            min={1}
            max={3650}
            whole
            value={state.limit}
            onChange={(v) => set({ limit: v }, 'limit')}
          />
        )}
      </Prop>
      <Prop label={t('stages.require')} stacked>
        {() => (
          <FieldChips
            label={t('stages.require')}
            fields={writableFields(form, info)}
            value={state.require ?? []}
            onChange={(list) => set({ require: some(list) })}
          />
        )}
      </Prop>
      <Switch
        label={t('stages.isInitial')}
        checked={form.stages?.initial === state.key}
        onChange={(v) => v && edit((x) => (x.stages ? { ...x, stages: { ...x.stages, initial: state.key } } : x))}
      />
      <Switch
        label={t('stages.isHidden')}
        checked={state.hidden ?? false}
        onChange={(v) => set({ hidden: v || undefined })}
      />
    </PropGroup>
  )
}

function TransitionProps({ form, edit, transition, choose, library, problems }: Props & { transition: Transition }) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const info = useInfoContext(library)
  const states = form.stages?.states ?? []
  const fields = fieldInfos({ properties: form.schema.properties, stages: form.stages }, info)
  const writable = writableFields(form, info)
  const index = form.stages?.transitions.findIndex((x) => x.key === transition.key) ?? 0
  const set = (patch: { [K in keyof Transition]?: Transition[K] }, mark?: string) =>
    edit((x) => updateTransition(x, transition.key, patch), mark && `${transition.key}.${mark}`)
  const any = transition.from.includes('*')
  const roles = library.list<RoleDef>('role')
  const from = (key: string, on: boolean) => {
    const list = states.map((x) => x.key).filter((k) => (k === key ? on : transition.from.includes(k)))
    if (list.length > 0) set({ from: list })
  }
  return (
    <>
      <PropGroup>
        <div className={d.title}>
          <h2 className="ellipsis">{text(transition.title) || transition.key}</h2>
          <span className={d.badge}>{t('of.transition')}</span>
          <IconButton
            size="small"
            label={t('stages.removeTransition')}
            onClick={() => {
              edit((x) => removeTransition(x, transition.key))
              choose('')
            }}
          >
            <Trash2 size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
        </div>
        <Prop label={t('stages.button')}>
          {(a) => <TextInput {...a} value={transition.title} onChange={(v) => set({ title: v }, 'title')} />}
        </Prop>
        <Prop label={t('stages.from')}>
          {() => (
            <div className={s.checks}>
              <Checkbox
                label={t('stages.anyStage')}
                checked={any}
                onChange={(e) => set({ from: e.target.checked ? ['*'] : [states[0]?.key ?? ''] })}
              />
              {!any &&
                states.map((x) => (
                  <Checkbox
                    key={x.key}
                    label={text(x.title) || x.key}
                    checked={transition.from.includes(x.key)}
                    disabled={x.key === transition.to}
                    onChange={(e) => from(x.key, e.target.checked)}
                  />
                ))}
            </div>
          )}
        </Prop>
        <Prop label={t('stages.to')}>
          {(a) => (
            <Select {...a} value={transition.to} onChange={(e) => set({ to: e.target.value })}>
              {states.map((x) => (
                <option key={x.key} value={x.key}>
                  {text(x.title) || x.key}
                </option>
              ))}
            </Select>
          )}
        </Prop>
      </PropGroup>
      <PropGroup title={t('stages.who')}>
        <p className={s.note}>{t('stages.whoHelp')}</p>
        <div className={s.checks}>
          {roles.map((r) => (
            <Checkbox
              key={r.key}
              label={text(r.title) || r.key}
              checked={transition.roles?.includes(r.key) ?? false}
              onChange={(e) =>
                set({
                  roles: some(
                    roles
                      .map((x) => x.key)
                      .filter((k) => (k === r.key ? e.target.checked : transition.roles?.includes(k))),
                  ),
                })
              }
            />
          ))}
        </div>
      </PropGroup>
      <PropGroup title={t('stages.require')}>
        <FieldChips
          label={t('stages.require')}
          fields={writable}
          value={transition.require ?? []}
          onChange={(list) => set({ require: some(list) })}
        />
      </PropGroup>
      <PropGroup title={t('stages.guard')} icon={<ShieldCheck size={16} strokeWidth={1.75} aria-hidden />}>
        <ConditionEditor
          label={t('stages.guard')}
          value={transition.guard}
          fields={fields}
          marks={marksAt(problems, `/${app}/form/${form.key}/stages/transitions/${index}/guard`)}
          onChange={(v) => set({ guard: v }, 'guard')}
        />
        {transition.guard && (
          <Prop label={t('stages.refuse')} stacked>
            {(a) => <TextInput {...a} long value={transition.refuse} onChange={(v) => set({ refuse: v }, 'refuse')} />}
          </Prop>
        )}
      </PropGroup>
    </>
  )
}
