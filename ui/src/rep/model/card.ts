import type { RecordDocument } from '@/shared/api'
import type { FieldModel, FormModel, State } from '@/shared/schema'
import { cellText, type CellContext } from './cell'

/** Which fields of a form make a card, in order of what a reader looks for. */
export type CardPlan = {
  title?: FieldModel
  amount?: FieldModel
  stage?: FieldModel
  tags: FieldModel[]
  date?: FieldModel
  lines: FieldModel[]
}

const tagged = (f: FieldModel) => f.as === 'select' && f.options.some((o) => o.color)
const line = new Set([
  'relation',
  'text',
  'phone',
  'user',
  'department',
  'date',
  'datetime',
  'select',
  'number',
  'email',
])

/** Plans a card from a view's columns, or from the form's own order. */
export function planCard(model: FormModel, columns?: readonly string[]): CardPlan {
  const shown = (columns?.flatMap((k) => model.field(k) ?? []) ?? model.sections.flatMap((s) => [...s.fields])).filter(
    (f) => f.key !== model.titleField && !f.hidden,
  )
  const stage = model.stages && model.field(model.stages.field)
  const rest = shown.filter((f) => f !== stage)
  const take = (test: (f: FieldModel) => boolean, n: number): FieldModel[] => {
    const found = rest.filter(test).slice(0, n)
    for (const f of found) rest.splice(rest.indexOf(f), 1)
    return found
  }
  const amount = take((f) => f.as === 'currency', 1)[0]
  const tags = take(tagged, stage ? 1 : 2)
  const date = take((f) => f.as === 'date' && f.writable, 2).at(-1)
  const lines = take((f) => line.has(f.as), 2)
  return { title: model.titleField ? model.field(model.titleField) : undefined, amount, stage, tags, date, lines }
}

/** Everything that must be asked of the server to draw the plan. */
export function planFields(model: FormModel, plan: CardPlan): string[] {
  const done = doneSwitch(model)
  const fields = [plan.title, plan.amount, plan.stage, plan.date, ...plan.tags, ...plan.lines, done]
  return [...new Set(fields.flatMap((f) => f?.key ?? []))]
}

export type Card = {
  id: string
  title: string
  amount?: string
  tags: { key: string; text: string; color?: string }[]
  stage?: { at: number; of: number; text: string; category: State['category'] }
  date?: { text: string; title: string; late: boolean }
  lines: string[]
}

export function cardOf(record: RecordDocument, model: FormModel, plan: CardPlan, c: CellContext, today: string): Card {
  const value = (f?: FieldModel) => (f ? record.data[f.key] : undefined)
  const show = (f?: FieldModel) => (f ? cellText(f, value(f), c) : '')
  const day = typeof value(plan.date) === 'string' ? String(value(plan.date)) : ''
  return {
    id: record.id,
    title: show(plan.title) || record.id.slice(-6),
    amount: value(plan.amount) === 0 ? undefined : show(plan.amount) || undefined,
    tags: plan.tags.flatMap((f) => {
      const text = show(f)
      return text ? { key: f.key, text, color: f.options.find((o) => o.value === value(f))?.color } : []
    }),
    stage: stageOf(record, model, c),
    date: day
      ? { text: show(plan.date), title: c.text(plan.date!.title), late: day < today && isOpen(record, model) }
      : undefined,
    lines: plan.lines.map(show).filter(Boolean),
  }
}

/** How far along its path a record is; the path is the open stages and the good end. */
export function stageOf(record: RecordDocument, model: FormModel, c: Pick<CellContext, 'text'>): Card['stage'] {
  const key = model.stages && record.data[model.stages.field]
  const state = model.stages?.states.find((s) => s.key === key)
  if (!model.stages || !state) return undefined
  const path = model.stages.states.filter((s) => s.category !== 'failed' && !s.hidden)
  const at = path.findIndex((s) => s.key === key)
  return { at: at < 0 ? path.length : at, of: path.length, text: c.text(state.title), category: state.category }
}

const doneSwitch = (model: FormModel) => model.fields.find((f) => f.type === 'switch' && f.default === false)

/** Whether something is still to be done about it: its stage is open, or its switch is not on yet. */
export function isOpen(record: RecordDocument, model: FormModel): boolean {
  if (model.stages) {
    const state = model.stages.states.find((s) => s.key === record.data[model.stages!.field])
    return state?.category === 'open'
  }
  const done = doneSwitch(model)
  return done ? record.data[done.key] !== true : false
}
