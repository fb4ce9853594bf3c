import type { FormEntry } from '@/shared/api'
import { dayNumber } from '@/shared/format'
import { formModel } from '@/shared/schema'
import { isDate, isNumeric, type ListField } from './fields'
import type { Wire } from './filter'

/** A column of a board: the records whose field has this value; null for those without one. */
export type BoardColumn = { value: string | null; title: string; color?: string; category?: 'open' | 'done' | 'failed' }

/** Fields that a board may be grouped by. */
export const groupable = (fields: readonly ListField[]): ListField[] =>
  fields.filter((f) => f.as === 'select' && f.askable && f.shown && f.options.length > 0)

/** Values of a field that a filter leaves over, as far as its own tests at the top say. */
export function allowed(
  filter: Wire | undefined,
  field: string,
  values: readonly (string | null)[],
): (string | null)[] {
  const tests = Array.isArray(filter?.and) ? (filter.and as Wire[]) : filter ? [filter] : []
  let left = [...values]
  for (const t of tests) {
    if (t.field !== field) continue
    const list = Array.isArray(t.value) ? (t.value as unknown[]) : [t.value ?? null]
    if (t.op === 'in' || t.op === 'eq') left = left.filter((v) => list.includes(v))
    else if (t.op === 'nin' || t.op === 'ne') left = left.filter((v) => !list.includes(v))
    else if (t.op === 'empty') left = left.filter((v) => v === null)
    else if (t.op === 'notEmpty') left = left.filter((v) => v !== null)
  }
  return left
}

/** The test that finds a column's records. */
export const isIn = (field: string, value: string | null): Wire =>
  value === null ? { field, op: 'empty' } : { field, op: 'eq', value }

/** Where each field of a view stands on a card. */
export type CardPlan = {
  title?: ListField
  person?: ListField
  sub?: ListField
  figure?: ListField
  note?: ListField
  date?: ListField
  tags: ListField[]
  rest: ListField[]
}

/** Lays a card out from the view's fields: what it is called, whose it is, how much, what comes next and when. */
export function planCard(
  fields: readonly ListField[],
  titleField: string | undefined,
  groupBy: string | undefined,
): CardPlan {
  const left = fields.filter((f) => f.shown && f.key !== groupBy)
  const take = (fits: (f: ListField) => boolean): ListField | undefined => {
    const i = left.findIndex(fits)
    return i < 0 ? undefined : left.splice(i, 1)[0]
  }
  const title = take((f) => f.key === titleField) ?? take((f) => f.as === 'text')
  const person = take((f) => f.as === 'user')
  const sub = take((f) => f.as === 'relation') ?? take((f) => f.as === 'department')
  const figure =
    take((f) => f.as === 'currency' || (isNumeric(f) && f.model?.currency !== undefined)) ?? take(isNumeric)
  const date = take(isDate)
  const note = take((f) => f.as === 'text' || f.as === 'longtext' || f.as === 'phone')
  const tags = left.filter((f) => f.as === 'select' || f.as === 'multiselect')
  return {
    title,
    person,
    sub,
    figure,
    note,
    date,
    tags,
    rest: left.filter((f) => !tags.includes(f) && f.as !== 'table').slice(0, 3),
  }
}

/** Fields that tell how long a record has been in its stage, and until when it should be. */
const clock = (entry: FormEntry): string[] => {
  const { since, due } = formModel(entry).stages ?? {}
  return since && due ? [since, due] : []
}

/** Days that a record has been in a stage whose limit is over; undefined where it is not. */
export function overstayed(
  entry: FormEntry,
  data: { [key: string]: unknown },
  today: string,
  dayOf: (iso: string) => string,
): number | undefined {
  const [since, due] = clock(entry)
  const from = since && data[since]
  const until = due && data[due]
  if (typeof from !== 'string' || typeof until !== 'string' || until >= today) return undefined
  return dayNumber(today) - dayNumber(dayOf(from))
}

/** Fields that a board needs beside what its cards show: what moves require, what their guards read, and the clock. */
export function judged(entry: FormEntry): string[] {
  const model = formModel(entry)
  const names = (model.stages?.transitions ?? []).flatMap((m) => [
    ...m.require,
    ...(m.guard?.deps ?? []).map((d) => d[0] ?? ''),
  ])
  return [...new Set([...names, ...clock(entry)])].filter((k) => model.field(k) !== undefined)
}
