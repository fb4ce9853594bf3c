import type { Move, State, StagesModel } from '@/shared/schema'

export type Step = { state: State; place: 'done' | 'now' | 'next' }

/**
 * The stages as a path: the open ones in their order and, at the end, how it ends: the stage it ended in, or the one that
 * is meant to be reached. What was hidden and is not where the record stands is left out.
 */
export function pathOf(stages: StagesModel, now: string | undefined): Step[] {
  const at = stages.states.find((x) => x.key === now)
  const line = stages.states.filter((x) => x.category === 'open' && (!x.hidden || x.key === now))
  const goal = at && at.category !== 'open' ? at : stages.states.find((x) => x.category === 'done' && !x.hidden)
  const all = goal ? [...line, goal] : line
  const here = all.findIndex((x) => x.key === now)
  return all.map((state, i) => ({
    state,
    place: i < here || (i === here && state.category !== 'open') ? 'done' : i === here ? 'now' : 'next',
  }))
}

/** The moves that lead away from a stage, in the order of their definition, one per target. */
export function movesFrom(stages: StagesModel, now: string | undefined): Move[] {
  const seen = new Set<string>()
  return stages.transitions.filter((m) => {
    if (m.to === now || seen.has(m.to) || !(m.from.includes(now ?? '') || m.from.includes('*'))) return false
    seen.add(m.to)
    return true
  })
}
