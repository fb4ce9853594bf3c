import { at, equal, isObject, type Json } from './json'
import type { Definition } from './types'
import type { Text } from '@/shared/i18n'

/** One thing that differs between two definitions, in words a person can follow. */
export type Change = {
  what: 'added' | 'removed' | 'changed' | 'renamed' | 'moved'
  /** What it is: a field, a section, a rule, a stage, a transition, a card, a right ..., or the whole definition. */
  of: string
  key: string
  title?: Text
  /** The title before. */
  was?: Text
  /** Members that differ. */
  parts?: string[]
  pointer: string
}

/** Lists whose elements have a name of their own, by where they stand. */
const lists: { of: string; path: string[]; id: string }[] = [
  { of: 'section', path: ['layout'], id: 'key' },
  { of: 'rule', path: ['rules'], id: 'key' },
  { of: 'stage', path: ['stages', 'states'], id: 'key' },
  { of: 'transition', path: ['stages', 'transitions'], id: 'key' },
  { of: 'unique', path: ['unique'], id: 'key' },
  { of: 'index', path: ['indexes'], id: 'key' },
  { of: 'card', path: ['cards'], id: 'key' },
  { of: 'right', path: ['forms'], id: 'form' },
  { of: 'option', path: ['options'], id: 'value' },
  { of: 'step', path: ['steps'], id: 'key' },
]

const titleOf = (v: Json | undefined): Text => {
  if (!isObject(v)) return undefined
  const x = isObject(v['x-field']) ? v['x-field'] : v
  return (x.title ?? x.section ?? x.refuse) as Text
}

function parts(a: Json | undefined, b: Json | undefined): string[] {
  const flat = (v: Json | undefined) =>
    isObject(v) ? { ...v, ...(isObject(v['x-field']) ? v['x-field'] : {}), 'x-field': null } : {}
  const [x, y] = [flat(a), flat(b)] as [{ [k: string]: Json }, { [k: string]: Json }]
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].filter((k) => !equal(x[k], y[k]))
}

function compare(of: string, pointer: string, before: Map<string, Json>, after: Map<string, Json>): Change[] {
  const out: Change[] = []
  for (const [key, b] of after) {
    const a = before.get(key)
    const here = { of, key, title: titleOf(b), pointer: `${pointer}/${key}` }
    if (a === undefined) out.push({ what: 'added', ...here })
    else if (!equal(a, b)) {
      const differs = parts(a, b)
      const renamed = differs.length === 1 && (differs[0] === 'title' || differs[0] === 'section')
      out.push(renamed ? { what: 'renamed', ...here, was: titleOf(a) } : { what: 'changed', ...here, parts: differs })
    }
  }
  for (const [key, a] of before)
    if (!after.has(key)) out.push({ what: 'removed', of, key, title: titleOf(a), pointer: `${pointer}/${key}` })
  const kept = [...after.keys()].filter((k) => before.has(k))
  const order = [...before.keys()].filter((k) => after.has(k))
  if (kept.some((k, i) => k !== order[i]) && of !== 'field') out.push({ what: 'moved', of, key: '', pointer })
  return out
}

const mapOf = (v: Json | undefined, id: string): Map<string, Json> =>
  new Map(Array.isArray(v) ? v.map((x, i) => [isObject(x) ? String(x[id] ?? i) : String(i), x]) : [])

/** What differs between two versions of a definition; undefined stands for one that is not there. */
export function diff(before: Definition | undefined, after: Definition | undefined): Change[] {
  if (!before && !after) return []
  if (!before || !after) {
    const d = (after ?? before)!
    return [{ what: before ? 'removed' : 'added', of: d.kind, key: d.key, title: d.title, pointer: '' }]
  }
  const [a, b] = [before as unknown as Json, after as unknown as Json]
  const out: Change[] = []
  const fields = (v: Json) => {
    const p = at(v, ['schema', 'properties'])
    return new Map(isObject(p) ? Object.entries(p) : [])
  }
  out.push(...compare('field', '/schema/properties', fields(a), fields(b)))
  const required = (v: Json) => new Set((at(v, ['schema', 'required']) as string[] | undefined) ?? [])
  const [was, is] = [required(a), required(b)]
  for (const [key, f] of fields(b)) {
    if (!fields(a).has(key) || was.has(key) === is.has(key)) continue
    const had = out.find((c) => c.of === 'field' && c.key === key && c.what === 'changed')
    if (had) had.parts = [...(had.parts ?? []), 'required']
    else
      out.push({
        what: 'changed',
        of: 'field',
        key,
        title: titleOf(f),
        parts: ['required'],
        pointer: `/schema/properties/${key}`,
      })
  }
  for (const l of lists)
    out.push(...compare(l.of, `/${l.path.join('/')}`, mapOf(at(a, l.path), l.id), mapOf(at(b, l.path), l.id)))
  const known = new Set(['schema', ...lists.map((l) => l.path[0] ?? '')])
  const rest = parts(a, b).filter((k) => !known.has(k))
  if (
    !equal(
      { ...(at(a, ['stages']) as object), states: 0, transitions: 0 },
      { ...(at(b, ['stages']) as object), states: 0, transitions: 0 },
    )
  )
    rest.push('stages')
  if (rest.length === 1 && rest[0] === 'title')
    out.push({
      what: 'renamed',
      of: after.kind,
      key: after.key,
      title: after.title,
      was: before.title,
      pointer: '/title',
    })
  else if (rest.length > 0)
    out.push({ what: 'changed', of: after.kind, key: after.key, title: after.title, parts: rest, pointer: '' })
  if (out.length === 0 && !equal(a, b))
    out.push({ what: 'changed', of: after.kind, key: after.key, title: after.title, parts: parts(a, b), pointer: '' })
  return out
}
