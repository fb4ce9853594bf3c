import { at, isObject, pathOf } from './json'
import type { Definition } from './types'

/** Where in the studio a problem is mended. */
export type Spot = {
  app: string
  kind: string
  key: string
  tab: string
  /** What to select there. */
  field?: string
  section?: string
  rule?: string
  item?: string
  path: string[]
}

const tabs: { [kind: string]: string } = {
  form: 'form',
  view: 'view',
  dashboard: 'dashboard',
  automation: 'automation',
  role: 'role',
  optionset: 'optionset',
  app: 'app',
  calendar: 'json',
}

/** Reads the pointer of a problem: /app/kind/key/where in the definition. */
export function spotOf(pointer: string, read: (kind: string, key: string) => Definition | undefined): Spot | undefined {
  const [app, kind, key, ...path] = pathOf(pointer)
  if (!app || !kind || !key) return undefined
  const d = read(kind, key)
  const spot: Spot = { app, kind, key, tab: tabs[kind] ?? 'json', path }
  const element = (list: string, id = 'key') => {
    const x = at(d, [...list.split('/'), path[list.split('/').length] ?? ''])
    return isObject(x) && typeof x[id] === 'string' ? x[id] : undefined
  }
  if (kind === 'form') {
    if (path[0] === 'schema' && path[1] === 'properties') return { ...spot, field: path[2] }
    if (path[0] === 'layout') return { ...spot, section: element('layout') }
    if (path[0] === 'rules') return { ...spot, rule: element('rules') }
    if (path[0] === 'stages')
      return { ...spot, tab: 'stages', item: element('stages/transitions') ?? element('stages/states') }
  }
  if (kind === 'dashboard') return { ...spot, item: element('cards') }
  if (kind === 'role') return { ...spot, item: element('forms', 'form') }
  if (kind === 'automation') return { ...spot, item: element('steps') }
  return spot
}
