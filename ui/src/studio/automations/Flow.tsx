import { CircleAlert, Filter, Plus, Zap } from 'lucide-react'
import { createElement, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Menu, type MenuEntry } from '@/shared/overlay'
import { cx } from '@/shared/ui'
import { useStudio, type Library } from '../context'
import { describeCondition, withPlaces } from '../forms/describe'
import { listAt, moveStep, removeStep, waysOf, type ListPath } from '../model/steps'
import type { AutomationDef, Expr, Step } from '../model/types'
import { describeTrigger } from './describe'
import { useScope } from './scope'
import { stepIcon, type StepType } from './stepTypes'
import s from './Automations.module.css'

type Props = {
  def: AutomationDef
  library: Library
  types: readonly StepType[]
  problems: readonly Problem[]
  current: string
  choose: (key: string) => void
  edit: (change: (d: AutomationDef) => AutomationDef) => void
  onAdd: (type: string, path: ListPath, index: number) => void
}

/** What an automation does, from top to bottom; ways of a branch stand beside each other. */
export function Flow(p: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { def, library, types, current, choose } = p
  const scope = useScope(def, library, types)
  return (
    <div className={s.flow}>
      <Card
        tone="trigger"
        kind={t('auto.trigger')}
        title={describeTrigger(def, scope.own, t, text)}
        icon={<Zap size={20} strokeWidth={1.75} aria-hidden />}
        chosen={current === 'trigger'}
        onChoose={() => choose('trigger')}
      />
      {def.when && (
        <>
          <i className={s.line} />
          <Card
            tone="when"
            kind={t('auto.when')}
            title={describeCondition(def.when, scope.names, t, text)}
            icon={<Filter size={20} strokeWidth={1.75} aria-hidden />}
            chosen={current === 'trigger'}
            onChoose={() => choose('trigger')}
          />
        </>
      )}
      <Steps {...p} path={['steps']} />
    </div>
  )
}

function Steps(p: Props & { path: ListPath }) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const { def, path, types, problems, current, choose, edit } = p
  const scope = useScope(def, p.library, types)
  const list = listAt(def, path)
  return (
    <div className={s.steps}>
      <Adder {...p} index={0} />
      {list.map((step, i) => {
        const at = `/${app}/automation/${def.key}/${[...path, i].join('/')}`
        const wrong = problems.find(
          (x) =>
            x.severity !== 'warning' &&
            x.pointer?.startsWith(`${at}/`) &&
            !/\/steps\/|\/else\//.test(x.pointer.slice(at.length + 1)),
        )
        const type = types.find((x) => x.key === step.type)
        const ways = waysOf(step, [...path, i])
        const keys = (e: React.KeyboardEvent) => {
          if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
            e.preventDefault()
            edit((d) => moveStep(d, step.key, e.key === 'ArrowUp' ? -1 : 1))
          } else if (e.key === 'Delete') {
            e.preventDefault()
            edit((d) => removeStep(d, step.key))
            choose('trigger')
          }
        }
        return (
          <div key={step.key} className={s.steps}>
            <Card
              kind={text(type?.title) || step.type}
              title={withPlaces(text(step.title) || summary(step, type, text) || step.key, scope.names, t)}
              note={step.when ? describeCondition(step.when, scope.names, t, text) : undefined}
              icon={createElement(stepIcon(step.type), { size: 20, strokeWidth: 1.75, 'aria-hidden': true })}
              wrong={wrong?.message}
              chosen={current === step.key}
              onChoose={() => choose(step.key)}
              onKeyDown={keys}
            />
            {ways.length > 0 && (
              <>
                <i className={s.line} />
                <div className={cx(s.ways, step.type === 'each' && s.loop)}>
                  {ways.map((w) => {
                    const c = (step.config?.cases as { when?: Expr; title?: string }[] | undefined)?.[w.n]
                    const label =
                      w.kind === 'else'
                        ? t('auto.otherwise')
                        : w.kind === 'each'
                          ? t('auto.eachItem')
                          : text(c?.title) || describeCondition(c?.when, scope.names, t, text)
                    return (
                      <div key={w.path.join('/')} className={s.wayBox} role="group" aria-label={label}>
                        <span className={s.wayName} title={label}>
                          {label}
                        </span>
                        <Steps {...p} path={w.path} />
                      </div>
                    )
                  })}
                </div>
              </>
            )}
            <Adder {...p} index={i + 1} />
          </div>
        )
      })}
    </div>
  )
}

/** What a step is about where it has no title of its own. */
function summary(step: Step, type: StepType | undefined, text: ReturnType<typeof useText>): string {
  const c = step.config ?? {}
  if (step.type === 'notify') return text(c.title as Parameters<typeof text>[0])
  if (typeof c.form === 'string') return `${text(type?.title)} · ${c.form}`
  return text(type?.title)
}

const groups = ['flow', 'find', 'write', 'people', 'compute']

function Adder({ path, types, index, onAdd }: Props & { path: ListPath; index: number }) {
  const { t } = useTranslation('studio')
  const text = useText()
  const items = groups.flatMap((g): MenuEntry[] => {
    const own = types.filter((x) => x.group === g)
    return own.length === 0
      ? []
      : [
          { kind: 'label', label: t(`auto.groups.${g}`) },
          ...own.map((x): MenuEntry => ({
            label: text(x.title),
            icon: createElement(stepIcon(x.key), { size: 16, strokeWidth: 1.75, 'aria-hidden': true }),
            onSelect: () => onAdd(x.key, path, index),
          })),
        ]
  })
  return (
    <div className={s.adder}>
      <i className={s.line} />
      <Menu
        trigger={
          <button type="button" className={s.plus} aria-label={t('auto.addStep')} title={t('auto.addStep')}>
            <Plus size={14} aria-hidden />
          </button>
        }
        items={items}
      />
      <i className={s.line} />
    </div>
  )
}

type CardProps = {
  kind: string
  title: string
  note?: string
  icon: ReactNode
  tone?: 'trigger' | 'when'
  wrong?: string
  chosen: boolean
  onChoose: () => void
  onKeyDown?: (e: React.KeyboardEvent) => void
}

function Card({ kind, title, note, icon, tone, wrong, chosen, onChoose, onKeyDown }: CardProps) {
  return (
    <button
      type="button"
      className={cx(s.card, chosen && s.chosen, wrong && s.wrong)}
      aria-pressed={chosen}
      onClick={onChoose}
      onKeyDown={onKeyDown}
    >
      <span className={cx(s.cardIcon, tone && s[tone])}>{icon}</span>
      <span className={s.cardText}>
        <small>{kind}</small>
        <strong>{title}</strong>
        {note && <small>{note}</small>}
        {wrong && (
          <span className={s.cardWrong}>
            <CircleAlert size={14} aria-hidden />
            {wrong}
          </span>
        )}
      </span>
    </button>
  )
}
