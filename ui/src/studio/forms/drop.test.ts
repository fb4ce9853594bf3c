import { expect, it } from 'vitest'
import { dropPlace } from './drop'

const rect = { left: 100, top: 100, width: 200, height: 60 }
const over = { section: 'a', field: 'x', index: 2, rect }

it('goes before or behind the field it is held over', () => {
  expect(dropPlace(over, { x: 150, y: 110 }, { type: 'text' }, false)).toEqual({ section: 'a', index: 2 })
  expect(dropPlace(over, { x: 150, y: 150 }, { type: 'text' }, false)).toEqual({ section: 'a', index: 3 })
  expect(dropPlace(over, { x: 290, y: 101 }, { type: 'text' }, true)).toEqual({ section: 'a', index: 3 })
})
it('counts without the field that is carried', () => {
  const from = { section: 'a', index: 0 }
  expect(dropPlace(over, { x: 150, y: 150 }, { field: 'y', from }, false)).toEqual({ section: 'a', index: 2 })
  expect(dropPlace(over, { x: 150, y: 150 }, { field: 'y', from: { section: 'b', index: 0 } }, false)).toEqual({
    section: 'a',
    index: 3,
  })
  expect(dropPlace({ section: 'a', index: 4, rect }, { x: 0, y: 0 }, { field: 'y', from }, false)).toEqual({
    section: 'a',
    index: 3,
  })
})
