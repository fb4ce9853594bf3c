import { ArrowDown, ArrowUp, Filter, Plus, Trash2, X } from 'lucide-react'
import { createElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { IconButton } from '@/shared/ui'
import { useStudio, type Library } from '../context'
import { patched } from '../model/json'
import { marksAt } from '../model/marks'
import { addCase, allSteps, findStep, moveStep, removeCase, removeStep, updateStep } from '../model/steps'
import { unlike } from '../model/keys'
import type { AutomationDef, Expr, Step } from '../model/types'
import { ConditionEditor } from '../pickers/ConditionEditor'
import { Prop, PropGroup } from '../pickers/Prop'
import { TextInput } from '../pickers/TextInput'
import { ConfigForm } from './ConfigForm'
import { useScope } from './scope'
import { stepIcon, type StepType } from './stepTypes'
import { TriggerSettings } from './TriggerSettings'
import d from '../forms/Designer.module.css'
import k from '../pickers/pickers.module.css'
import s from './Automations.module.css'

export type SettingsProps = {
  def: AutomationDef
  item: string
  types: readonly StepType[]
  library: Library
  problems: readonly Problem[]
  edit: (change: (d: AutomationDef) => AutomationDef, mark?: string) => void
  choose: (key: string) => void
}

/** The settings of the trigger, or of the step that is chosen. */
export function Settings(p: SettingsProps) {
  const found = findStep(p.def, p.item)
  return found ? (
    <StepSettings {...p} step={found.step} pointer={`${found.list.join('/')}/${found.index}`} />
  ) : (
    <TriggerSettings {...p} />
  )
}

function StepSettings({
  def,
  types,
  library,
  problems,
  edit,
  choose,
  step,
  pointer,
}: SettingsProps & { step: Step; pointer: string }) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const scope = useScope(def, library, types)
  const type = types.find((x) => x.key === step.type)
  const at = `/${app}/automation/${def.key}/${pointer}`
  const set = (change: (x: Step) => Step, mark?: string) =>
    edit((x) => updateStep(x, step.key, change), mark && `${step.key}.${mark}`)
  const cases =
    step.type === 'branch' ? ((step.config?.cases as { when: Expr; steps: unknown }[] | undefined) ?? []) : []
  const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const
  return (
    <>
      <PropGroup>
        <div className={d.title}>
          {createElement(stepIcon(step.type), { size: 20, strokeWidth: 1.75, 'aria-hidden': true })}
          <h2 className="ellipsis">{text(step.title) || text(type?.title) || step.key}</h2>
          <IconButton size="small" label={t('move.up')} onClick={() => edit((x) => moveStep(x, step.key, -1))}>
            <ArrowUp {...icon} />
          </IconButton>
          <IconButton size="small" label={t('move.down')} onClick={() => edit((x) => moveStep(x, step.key, 1))}>
            <ArrowDown {...icon} />
          </IconButton>
          <IconButton
            size="small"
            label={t('auto.removeStep')}
            disabled={allSteps(def).length === 1}
            onClick={() => {
              edit((x) => removeStep(x, step.key))
              choose('trigger')
            }}
          >
            <Trash2 {...icon} />
          </IconButton>
        </div>
        <p className={s.note}>{text(type?.description)}</p>
        <Prop label={t('props.title')}>
          {(a) => (
            <TextInput
              {...a}
              value={step.title}
              placeholder={text(type?.title)}
              onChange={(v) => set((x) => patched(x, { title: v }), 'title')}
            />
          )}
        </Prop>
        <Prop label={t('keys.label')}>{() => <code className={s.key}>{step.key}</code>}</Prop>
      </PropGroup>
      {cases.length > 0 && (
        <PropGroup title={t('auto.cases')}>
          {cases.map((c, n) => (
            <div key={n} className={s.case}>
              <div className={s.caseHead}>
                <strong>{t('auto.case', { n: n + 1 })}</strong>
                <IconButton
                  size="small"
                  label={t('takeAway', { name: t('auto.case', { n: n + 1 }) })}
                  disabled={cases.length === 1}
                  onClick={() => edit((x) => removeCase(x, step.key, n))}
                >
                  <X size={14} aria-hidden />
                </IconButton>
              </div>
              <ConditionEditor
                label={t('auto.case', { n: n + 1 })}
                value={c.when}
                fields={scope.names}
                marks={marksAt(problems, `${at}/config/cases/${n}/when`)}
                onChange={(v) =>
                  set(
                    (x) => ({
                      ...x,
                      config: {
                        ...x.config,
                        cases: cases.map((y, i) => (i === n ? { ...y, when: v ?? { expr: 'true' } } : y)) as never,
                      },
                    }),
                    `case${n}`,
                  )
                }
              />
            </div>
          ))}
          <div className={k.rowFoot}>
            <button
              type="button"
              className={k.link}
              onClick={() =>
                edit((x) =>
                  addCase(x, step.key, {
                    key: unlike('stop', new Set(allSteps(x).map((f) => f.step.key))),
                    type: 'stop',
                    config: {},
                  }),
                )
              }
            >
              <Plus size={14} aria-hidden />
              {t('auto.addCase')}
            </button>
          </div>
        </PropGroup>
      )}
      {type && step.type !== 'branch' && (
        <PropGroup title={t('auto.does')}>
          <ConfigForm
            step={step}
            type={type}
            def={def}
            library={library}
            scope={scope}
            problems={problems}
            at={`${at}/config`}
            onChange={(config, mark) => set((x) => ({ ...x, config }), mark)}
          />
        </PropGroup>
      )}
      <PropGroup title={t('auto.stepWhen')} icon={<Filter {...icon} />}>
        <ConditionEditor
          label={t('auto.stepWhen')}
          value={step.when}
          fields={scope.names}
          marks={marksAt(problems, `${at}/when`)}
          onChange={(v) => set((x) => patched(x, { when: v }), 'when')}
        />
      </PropGroup>
    </>
  )
}
