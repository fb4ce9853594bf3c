import { describe, expect, it } from 'vitest'
import { everything, nothing, pickedFilter, range, toggle } from './selection'

describe('the condition for what is chosen', () => {
  it('lists the rows that were picked by hand', () => {
    const picked = range(toggle(nothing, 'b'), 'd', ['a', 'b', 'c', 'd', 'e'])
    expect(pickedFilter(picked)).toEqual({ field: 'id', op: 'in', value: ['b', 'c', 'd'] })
  })
  it('leaves out what was taken away from all', () => {
    expect(pickedFilter(toggle(everything, 'b'))).toEqual({ field: 'id', op: 'nin', value: ['b'] })
  })
  it('is none where all are chosen', () => {
    expect(pickedFilter(everything)).toBeUndefined()
  })
})
