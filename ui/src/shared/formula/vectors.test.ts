import { describe, expect, it } from 'vitest'
// the server's own test data: the two evaluators must not drift apart
import treesText from '../../../../engine/formula/testdata/trees.json?raw'
import vectorsText from '../../../../engine/formula/testdata/vectors.json?raw'
import { BudgetError, evaluate, readProgram, type EvalError, type Program } from '.'

type Vector = {
  name: string
  src: string
  vars?: Record<string, unknown>
  now?: string
  zone?: string
  budget?: number
  want?: unknown
  errors?: EvalError[]
  fail?: string
  problems?: string[]
}

const vectors = JSON.parse(vectorsText) as { vars: Record<string, unknown>; cases: Vector[] }
const trees = JSON.parse(treesText) as Record<string, Program>

describe('the vectors that the server runs too', () => {
  const runnable = vectors.cases.filter((v) => trees[v.name])

  it('are all here: what has no tree is refused by the checker', () => {
    for (const v of vectors.cases) if (!trees[v.name]) expect(v.problems, v.name).toBeTruthy()
    expect(runnable.length).toBe(Object.keys(trees).length)
    expect(runnable.length).toBeGreaterThan(300)
  })

  it.each(runnable.map((v) => [v.name, v] as const))('%s', (_, v) => {
    const p = readProgram(trees[v.name])
    if (!p) throw new Error('the tree is not understood')
    const env = {
      vars: { ...vectors.vars, ...v.vars },
      zone: v.zone,
      budget: v.budget,
      now: v.now === undefined ? undefined : Date.parse(v.now),
    }
    if (v.fail) {
      expect(() => evaluate(p, env), v.src).toThrow(BudgetError)
      return
    }
    const got = evaluate(p, env)
    expect(got.value, v.src).toEqual(v.want ?? null)
    expect(got.errors, v.src).toEqual(v.errors ?? [])
  })
})
