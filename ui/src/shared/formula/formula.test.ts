import { describe, expect, it } from 'vitest'
import { evaluate, fold, holds, readProgram, round, type Program } from '.'
import { startOfDay, instantAt, offset } from './zone'

const name = (field: string, y = 'any'): Program => ({
  v: 1,
  src: field,
  type: y,
  deps: [[field]],
  root: { t: 'name', p: [1, 1], y, name: field },
})

describe('reading programs', () => {
  it('leaves what a later server wrote to that server', () => {
    expect(readProgram({ ...name('a'), v: 2 })).toBeUndefined()
    expect(readProgram({ ...name('a'), root: { t: 'pipe', p: [1, 1], y: 'any' } })).toBeUndefined()
    expect(
      readProgram({ ...name('a'), root: { t: 'call', fn: 'soundex', p: [1, 1], y: 'text', args: [] } }),
    ).toBeUndefined()
    expect(readProgram(null)).toBeUndefined()
    expect(readProgram(name('a'))).toBeDefined()
  })

  it('does not find in a record what every object has', () => {
    expect(evaluate(name('constructor'), { vars: {} }).value).toBeNull()
    expect(evaluate(name('constructor'), { vars: { constructor: 'Bob' } }).value).toBe('Bob')
  })

  it('says of a condition that is too much work that it cannot be told', () => {
    expect(holds(name('a', 'bool'), { vars: { a: true } })).toBe(true)
    expect(holds(name('a', 'bool'), { vars: { a: true }, budget: -1 })).toBeUndefined()
  })
})

describe('rounding', () => {
  it.each([
    [1.005, 2, 1.01],
    [-2.5, 0, -3],
    [0.5, 0, 1],
    [0.05, 0, 0],
    [999.995, 2, 1000],
    [1234, -2, 1200],
    [50, -2, 100],
    [1e21, 2, 1e21],
    [-0.001, 2, 0],
  ])('%d at %d decimals is %d', (f, scale, want) => expect(round(f, scale)).toBe(want))
})

describe('folding', () => {
  it.each([
    ['ＡＢＣ  株', 'abc 株'],
    ['Straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφοσ'],
    ['ｶﾞ', 'ガ'],
    ['İ', 'i\u0307'],
    ['ı', 'ı'],
    ['  e\u0301 ', 'é'],
  ])('%s is %s', (s, want) => expect(fold(s)).toBe(want))
})

describe('clocks that change', () => {
  const hour = 3_600_000
  it('begin a day that has no midnight when its first hour begins', () => {
    // Cuba skips 00:00 to 01:00 on 2024-03-10
    const day = Date.UTC(2024, 2, 10)
    expect(startOfDay(day / 86_400_000, 'America/Havana')).toBe(day + 5 * hour)
  })
  it('move a time that is skipped forward and take the first of two', () => {
    const at = (local: string) => new Date(instantAt(Date.parse(local + 'Z'), 'Europe/Berlin')).toISOString()
    expect(at('2024-03-31T02:30:00')).toBe('2024-03-31T01:30:00.000Z')
    expect(at('2024-10-27T02:30:00')).toBe('2024-10-27T00:30:00.000Z')
  })
  it('count a zone that the browser does not know as UTC', () => {
    expect(offset(0, 'Mars/Olympus')).toBe(0)
  })
})
