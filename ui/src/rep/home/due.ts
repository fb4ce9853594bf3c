import type { FormEntry, RecordDocument } from '@/shared/api'
import { dayNumber } from '@/shared/format'
import { formModel, type FieldModel, type FormModel } from '@/shared/schema'
import type { Filter } from '../list/filter'
import { isMine, type View } from '../model/catalog'

/** What tells, without a page of its own, which of somebody's records want something: open ones with a day that has come. */
export type DuePlan = { model: FormModel; dates: FieldModel[]; filter: Filter }

/** Days that the form's lists show are those that people work by; others are facts, such as when something began. */
export function duePlan(entry: FormEntry, views: readonly View[]): DuePlan | undefined {
  const model = formModel(entry)
  const mine = views.filter(isMine)
  const listed = new Set((mine.length > 0 ? mine : views).flatMap((v) => v.fields ?? []))
  const dates = model.fields.filter(
    (f) => f.type === 'date' && f.writable && !f.hidden && (listed.size === 0 || listed.has(f.key)),
  )
  const open = openFilter(model)
  if (!model.can('read') || dates.length === 0 || !open) return undefined
  const come = dates.map((f) => ({ field: f.key, op: 'lte', value: { expr: 'today()' } }))
  return {
    model,
    dates,
    filter: { and: [{ field: model.owner, op: 'eq', value: { expr: 'user.id' } }, open, { or: come }] } as Filter,
  }
}

function openFilter(model: FormModel): Filter | undefined {
  if (model.stages) {
    const open = model.stages.states.filter((s) => s.category === 'open').map((s) => s.key)
    return { field: model.stages.field, op: 'in', value: open } as Filter
  }
  const done = model.fields.find((f) => f.type === 'switch' && f.default === false)
  return done && ({ field: done.key, op: 'ne', value: true } as Filter)
}

export type Due = { record: RecordDocument; model: FormModel; field: FieldModel; day: string; late: number }

/** Of several days that have come the last one counts: it was set last. */
export function dueOf(plan: DuePlan, record: RecordDocument, today: string): Due | undefined {
  let best: Due | undefined
  for (const field of plan.dates) {
    const day = record.data[field.key]
    if (typeof day !== 'string' || day > today) continue
    const late = dayNumber(today) - dayNumber(day)
    if (!best || late < best.late) best = { record, model: plan.model, field, day, late }
  }
  return best
}

/** At most seven, the latest first. */
export const merged = (all: Due[], most = 7) => [...all].sort((a, b) => b.late - a.late).slice(0, most)
