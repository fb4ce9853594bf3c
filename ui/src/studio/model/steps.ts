import { at, isObject, moved, type Json } from './json'
import { unlike } from './keys'
import type { AutomationDef, Step } from './types'

/**
 * The steps of an automation are a tree: a branch holds a list for each way, a loop one for its items. A list is found
 * by its path in the definition: `steps`, `steps/3/config/cases/0/steps`.
 */
export type ListPath = (string | number)[]
export type Found = { step: Step; list: ListPath; index: number }
export type Way = { path: ListPath; kind: 'case' | 'else' | 'each'; n: number }

/** The lists that a step holds. */
export function waysOf(step: Step, here: ListPath): Way[] {
  const c = step.config ?? {}
  if (step.type === 'each') return [{ path: [...here, 'config', 'steps'], kind: 'each', n: 0 }]
  if (step.type !== 'branch') return []
  const cases = Array.isArray(c.cases) ? c.cases : []
  return [
    ...cases.map((_, n): Way => ({ path: [...here, 'config', 'cases', n, 'steps'], kind: 'case', n })),
    { path: [...here, 'config', 'else'], kind: 'else', n: cases.length },
  ]
}

export const listAt = (d: AutomationDef, path: ListPath): Step[] => (at(d, path) as unknown as Step[] | undefined) ?? []

/** Every step with where it stands, from top to bottom. */
export function allSteps(d: AutomationDef, path: ListPath = ['steps']): Found[] {
  return listAt(d, path).flatMap((step, index) => [
    { step, list: path, index },
    ...waysOf(step, [...path, index]).flatMap((w) => allSteps(d, w.path)),
  ])
}

export const findStep = (d: AutomationDef, key: string): Found | undefined =>
  allSteps(d).find((f) => f.step.key === key)

/** A copy with the value at a path replaced; undefined takes it away. */
function put(v: Json | undefined, path: ListPath, value: Json | undefined): Json | undefined {
  const [head, ...rest] = path
  if (head === undefined) return value
  if (Array.isArray(v)) return v.map((x, i) => (i === Number(head) ? (put(x, rest, value) ?? x) : x))
  const o = isObject(v) ? { ...v } : {}
  const next = put(Object.hasOwn(o, head) ? o[head] : undefined, rest, value)
  if (next === undefined) delete o[head]
  else o[head] = next
  return o
}

function setList(d: AutomationDef, path: ListPath, list: Step[]): AutomationDef {
  // a way that may be left out is left out when it is empty
  const value = list.length === 0 && path.at(-1) === 'else' ? undefined : (list as unknown as Json)
  return put(d as unknown as Json, path, value) as unknown as AutomationDef
}

export function insertStep(
  d: AutomationDef,
  path: ListPath,
  index: number,
  step: Omit<Step, 'key'>,
): { def: AutomationDef; key: string } {
  const key = unlike(
    step.type.replace(/-(\w)/g, (_, c: string) => c.toUpperCase()),
    new Set(allSteps(d).map((f) => f.step.key)),
  )
  const list = listAt(d, path)
  return { def: setList(d, path, [...list.slice(0, index), { key, ...step }, ...list.slice(index)]), key }
}

export function removeStep(d: AutomationDef, key: string): AutomationDef {
  const f = findStep(d, key)
  return f
    ? setList(
        d,
        f.list,
        listAt(d, f.list).filter((s) => s !== f.step),
      )
    : d
}

export function moveStep(d: AutomationDef, key: string, by: -1 | 1): AutomationDef {
  const f = findStep(d, key)
  if (!f || !listAt(d, f.list)[f.index + by]) return d
  return setList(d, f.list, moved(listAt(d, f.list), f.index, f.index + by))
}

export function updateStep(d: AutomationDef, key: string, change: (s: Step) => Step): AutomationDef {
  const f = findStep(d, key)
  return f
    ? setList(
        d,
        f.list,
        listAt(d, f.list).map((s) => (s === f.step ? change(s) : s)),
      )
    : d
}

/** One more way of a branch. */
export const addCase = (d: AutomationDef, key: string, stop: Step): AutomationDef =>
  updateStep(d, key, (s) => {
    const cases = Array.isArray(s.config?.cases) ? s.config.cases : []
    return {
      ...s,
      config: { ...s.config, cases: [...cases, { when: { expr: 'false' }, steps: [stop as unknown as Json] }] },
    }
  })

export const removeCase = (d: AutomationDef, key: string, n: number): AutomationDef =>
  updateStep(d, key, (s) => {
    const cases = Array.isArray(s.config?.cases) ? s.config.cases : []
    return cases.length < 2 ? s : { ...s, config: { ...s.config, cases: cases.filter((_, i) => i !== n) } }
  })
