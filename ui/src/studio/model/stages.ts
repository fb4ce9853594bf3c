import type { Text } from '@/shared/i18n'
import { moved, patched, some } from './json'
import { hyphenKey, unlike } from './keys'
import { addField, fieldKeys } from './form'
import type { FormDef, Stages, State, Transition } from './types'

/** Edits of the stages of a form. */

const withStages = (d: FormDef, edit: (s: Stages) => Stages): FormDef =>
  d.stages ? { ...d, stages: edit(d.stages) } : d

/** Gives a form stages: a select field for them and what they start with. */
export function startStages(d: FormDef, fieldTitle: Text, titles: { open: Text; done: Text; move: Text }): FormDef {
  const key = unlike('stage', new Set(fieldKeys(d)))
  const first = d.layout?.[0]
  const next = addField(
    d,
    key,
    { 'x-field': { type: 'select', title: fieldTitle } },
    first && { section: first.key, index: first.fields.length },
  )
  return {
    ...next,
    stages: {
      field: key,
      initial: 'open',
      states: [
        { key: 'open', title: titles.open, color: 'blue' },
        { key: 'done', title: titles.done, color: 'green', category: 'done' },
      ],
      transitions: [{ key: 'finish', title: titles.move, from: ['open'], to: 'done' }],
    },
  }
}

export function addState(d: FormDef, title: Text): { form: FormDef; key: string } {
  const key = hyphenKey(title, 'stage', new Set(d.stages?.states.map((s) => s.key)))
  return { form: withStages(d, (s) => ({ ...s, states: [...s.states, { key, title, color: 'gray' }] })), key }
}

export const updateState = (d: FormDef, key: string, patch: { [K in keyof State]?: State[K] }): FormDef =>
  withStages(d, (s) => ({ ...s, states: s.states.map((x) => (x.key === key ? patched(x, patch) : x)) }))

export function moveState(d: FormDef, from: number, to: number): FormDef {
  return withStages(d, (s) => ({ ...s, states: moved(s.states, from, to) }))
}

/** Removes a state with the transitions that lead to it or start only there. */
export function removeState(d: FormDef, key: string): FormDef {
  return withStages(d, (s) => {
    const states = s.states.filter((x) => x.key !== key)
    const transitions = s.transitions
      .filter((t) => t.to !== key)
      .map((t) => ({ ...t, from: t.from.filter((f) => f !== key) }))
      .filter((t) => t.from.length > 0)
    return { ...s, states, transitions, initial: s.initial === key ? (states[0]?.key ?? '') : s.initial }
  })
}

/** Whether one can get from a state to another, and by which transition. */
export const moveBetween = (s: Stages, from: string, to: string): Transition | undefined =>
  s.transitions.find((t) => t.to === to && (t.from.includes(from) || t.from.includes('*')))

/** Allows or forbids the way from one state to another: joins a transition to the same state where there is one. */
export function allow(d: FormDef, from: string, to: string, allowed: boolean, title: Text): FormDef {
  return withStages(d, (s) => {
    const had = moveBetween(s, from, to)
    if (allowed === Boolean(had)) return s
    if (!had) {
      const same = s.transitions.find((t) => t.to === to)
      if (same)
        return { ...s, transitions: s.transitions.map((t) => (t === same ? { ...t, from: [...t.from, from] } : t)) }
      const key = unlike(
        `to-${to.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}`,
        new Set(s.transitions.map((t) => t.key)),
        '-',
      )
      return { ...s, transitions: [...s.transitions, { key, title, from: [from], to }] }
    }
    const left = had.from.includes('*')
      ? s.states.map((x) => x.key).filter((k) => k !== from && k !== to)
      : had.from.filter((f) => f !== from)
    const transitions = s.transitions
      .map((t) => (t === had ? { ...t, from: left } : t))
      .filter((t) => t.from.length > 0)
    return { ...s, transitions }
  })
}

export function addTransition(d: FormDef, from: string, to: string, title: Text): { form: FormDef; key: string } {
  const key = unlike(
    `to-${to.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}`.slice(0, 40),
    new Set(d.stages?.transitions.map((t) => t.key)),
    '-',
  )
  return {
    form: withStages(d, (s) => ({ ...s, transitions: [...s.transitions, { key, title, from: [from], to }] })),
    key,
  }
}

export const updateTransition = (
  d: FormDef,
  key: string,
  patch: { [K in keyof Transition]?: Transition[K] },
): FormDef =>
  withStages(d, (s) => ({ ...s, transitions: s.transitions.map((t) => (t.key === key ? patched(t, patch) : t)) }))

export const removeTransition = (d: FormDef, key: string): FormDef =>
  withStages(d, (s) => ({ ...s, transitions: s.transitions.filter((t) => t.key !== key) }))

/** Takes the stages away; the field becomes an ordinary select with the states as its options. */
export function endStages(d: FormDef): FormDef {
  const s = d.stages
  if (!s) return d
  const p = d.schema.properties[s.field]
  const x = p?.['x-field']
  const options = s.states.map((q) =>
    patched({ value: q.key }, { title: q.title, color: q.color, hidden: q.hidden } as object),
  )
  const properties =
    x && p
      ? { ...d.schema.properties, [s.field]: { ...p, 'x-field': { ...x, options: some(options) } } }
      : d.schema.properties
  return patched({ ...d, schema: { ...d.schema, properties } }, { stages: undefined })
}
