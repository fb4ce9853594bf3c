import { holds, type Env as FormulaEnv } from '@/shared/formula'
import type { Text } from '@/shared/i18n'
import { isEmpty, type FormModel, type Move } from '@/shared/schema'

/** Whether a record may go to another column, and if not, why. */
export type Verdict =
  | { kind: 'same' }
  /** `needs` are required fields that are still empty. */
  | { kind: 'move'; move: Move; needs: string[] }
  /** No transition: the value itself is written. */
  | { kind: 'set' }
  | { kind: 'no'; why: Why; move?: Move; text?: Text; via?: string[] }

export type Why = 'no-way' | 'role' | 'forbidden' | 'retired' | 'guard' | 'readOnly'

type Data = { readonly [field: string]: unknown }

/** What becomes of a record whose field gets a value, by the form's stages and the caller's rights. */
export function verdict(model: FormModel, field: string, data: Data, to: string | null, env: FormulaEnv): Verdict {
  const from = (data[field] ?? null) as string | null
  if (from === to) return { kind: 'same' }
  const stages = model.stages
  if (stages?.field !== field) {
    const f = model.field(field)
    if (!model.can('update') || !f?.writable || (to === null && f.required)) return { kind: 'no', why: 'readOnly' }
    return { kind: 'set' }
  }
  if (to === null) return { kind: 'no', why: 'no-way' }
  const leaving = stages.transitions.filter((m) => from !== null && (m.from.includes(from) || m.from.includes('*')))
  const ways = leaving.filter((m) => m.to === to)
  const free = ways.filter((m) => m.allowed)
  if (ways.length === 0) return { kind: 'no', why: 'no-way', via: via(stages.transitions, from, to) }
  if (free.length === 0) {
    const move = ways[0]!
    const reason = move.reason
    if (reason === 'stage-retired') return { kind: 'no', why: 'retired', move }
    return reason === 'transition-role' ? { kind: 'no', why: 'role', move } : { kind: 'no', why: 'forbidden', move }
  }
  let refused: Move | undefined
  for (const move of free) {
    const needs = move.require.filter((k) => k !== field && isEmpty(data[k]))
    // a guard that reads what is still to be filled in cannot be judged before
    const open = move.guard?.deps.some((path) => needs.includes(path[0] ?? ''))
    const good =
      move.guard === undefined ||
      open ||
      holds(move.guard, { ...env, vars: { ...env.vars, ...data, [field]: to } }) !== false
    if (good) return { kind: 'move', move, needs }
    refused ??= move
  }
  return { kind: 'no', why: 'guard', move: refused, text: refused?.refuse }
}

/** The stages that lead there by allowed transitions, the shortest way; none where there is no way. */
export function via(moves: readonly Move[], from: string | null, to: string): string[] | undefined {
  if (from === null) return undefined
  const came = new Map<string, string>([[from, '']])
  const queue = [from]
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const m of moves) {
      if (!m.allowed || came.has(m.to) || !(m.from.includes(at) || m.from.includes('*'))) continue
      came.set(m.to, at)
      if (m.to === to) {
        const steps: string[] = []
        for (let x = at; x !== from && x !== ''; x = came.get(x) ?? '') steps.unshift(x)
        return steps.length > 0 && steps.length <= 3 ? steps : undefined
      }
      queue.push(m.to)
    }
  }
  return undefined
}
