import { describe, expect, it } from 'vitest'
import type { AutomationDef } from './types'
import { allSteps, findStep, insertStep, moveStep, removeCase, removeStep, updateStep } from './steps'

const def = (): AutomationDef => ({
  kind: 'automation',
  key: 'a',
  trigger: { on: 'created' },
  steps: [
    { key: 'find', type: 'find' },
    {
      key: 'way',
      type: 'branch',
      config: {
        cases: [
          {
            when: { expr: 'true' },
            steps: [
              { key: 'x', type: 'set' },
              { key: 'y', type: 'set' },
            ],
          },
          { when: { expr: 'a' }, steps: [{ key: 'z', type: 'stop' }] },
        ],
        else: [{ key: 'e', type: 'stop' }],
      },
    },
    { key: 'loop', type: 'each', config: { steps: [{ key: 'in', type: 'update' }] } },
  ],
})
const keys = (d: AutomationDef) =>
  allSteps(d)
    .map((f) => f.step.key)
    .join(' ')

describe('the steps of an automation', () => {
  it('are read from top to bottom, into every way', () => expect(keys(def())).toBe('find way x y z e loop in'))
  it('are added anywhere under a key of their own', () => {
    const r = insertStep(def(), ['steps', 1, 'config', 'cases', 0, 'steps'], 1, { type: 'set' })
    expect(r.key).toBe('set')
    expect(keys(r.def)).toBe('find way x set y z e loop in')
    expect(keys(insertStep(def(), ['steps'], 0, { type: 'find' }).def)).toBe('find2 find way x y z e loop in')
  })
  it('move within their list only', () => {
    expect(keys(moveStep(def(), 'y', -1))).toBe('find way y x z e loop in')
    const d = def()
    expect(moveStep(d, 'x', -1)).toBe(d)
  })
  it('go, and an empty way that may be left out goes with them', () => {
    const d = removeStep(def(), 'e')
    expect(keys(d)).toBe('find way x y z loop in')
    expect(d.steps[1]?.config).not.toHaveProperty('else')
    expect(keys(removeStep(def(), 'way'))).toBe('find loop in')
  })
  it('change in place, and leave the others as they were', () => {
    const d = def()
    const next = updateStep(d, 'in', (s) => ({ ...s, title: 'T' }))
    expect(findStep(next, 'in')?.step.title).toBe('T')
    expect(next.steps[0]).toBe(d.steps[0])
  })
  it('a branch keeps its last case', () => {
    const one = removeCase(def(), 'way', 1)
    expect(keys(one)).toBe('find way x y e loop in')
    expect(keys(removeCase(one, 'way', 0))).toBe('find way x y e loop in')
  })
})
