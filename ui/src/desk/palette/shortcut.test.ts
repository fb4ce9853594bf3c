import { expect, test } from 'vitest'
import { isChord } from './shortcut'

const press = (key: string, o: KeyboardEventInit = {}) => new KeyboardEvent('keydown', { key, ...o })

test('mod is Ctrl or the Mac key', () => {
  expect(isChord(press('k', { ctrlKey: true }), 'mod+k')).toBe(true)
  expect(isChord(press('k', { metaKey: true }), 'mod+k')).toBe(true)
  expect(isChord(press('k'), 'mod+k')).toBe(false)
})

test('a plain letter does not answer to a chord with it', () => {
  expect(isChord(press('e', { ctrlKey: true }), 'e')).toBe(false)
  expect(isChord(press('E', { shiftKey: true }), 'e')).toBe(false)
})

test('a sign is the sign, however the keyboard makes it', () => {
  expect(isChord(press('?', { shiftKey: true }), '?')).toBe(true)
  expect(isChord(press('?'), '?')).toBe(true)
})
