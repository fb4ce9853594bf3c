import { describe, expect, it, vi } from 'vitest'
import { byReason, outcomes, work, type Progress } from './bulk'

const ids = (n: number) => Array.from({ length: n }, (_, i) => `r${i}`)
const fine = async (part: string[]) => part.map((id) => ({ id, ok: true, reasons: [] }))

describe('work on many records', () => {
  it('goes part by part and tells how far it is', async () => {
    const told: number[] = []
    const end = await work(ids(450), 200, fine, (p) => told.push(p.done), new AbortController().signal)
    expect(told).toEqual([0, 200, 400, 450])
    expect(end).toMatchObject({ ok: 450, failed: [], stopped: false })
  })

  it('goes on after a part that failed, and says why', async () => {
    const send = vi.fn(async (part: string[]) => {
      if (part[0] === 'r2') throw new Error('too slow')
      return fine(part)
    })
    const end = await work(ids(5), 2, send, () => undefined, new AbortController().signal)
    expect(end.ok).toBe(3)
    expect(end.failed).toEqual([
      { id: 'r2', ok: false, reasons: ['too slow'] },
      { id: 'r3', ok: false, reasons: ['too slow'] },
    ])
  })

  it('tries again when the answer was lost, with the number of the attempt', async () => {
    const attempts: number[] = []
    const send = async (part: string[], n: number) => {
      attempts.push(n)
      if (n === 0) throw new Error('away')
      return fine(part)
    }
    const end = await work(
      ids(2),
      2,
      send,
      () => undefined,
      new AbortController().signal,
      () => true,
    )
    expect(attempts).toEqual([0, 1])
    expect(end.ok).toBe(2)
  })

  it('stops between parts and leaves the rest alone', async () => {
    const stop = new AbortController()
    let last: Progress | undefined
    const end = await work(ids(6), 2, fine, (p) => ((last = p), p.done === 2 && stop.abort()), stop.signal)
    expect(end).toMatchObject({ done: 2, ok: 2, stopped: true })
    expect(last?.done).toBe(2)
  })

  it('reads an answer in the order of what was sent', () => {
    expect(
      outcomes(
        ['a', 'b', 'c'],
        [
          { status: 200 },
          {
            status: 422,
            code: 'invalid',
            problems: [
              { code: 'x', message: 'no' },
              { code: 'x', message: 'no' },
            ],
          },
          { status: 403, code: 'forbidden' },
        ],
      ),
    ).toEqual([
      { id: 'a', ok: true, reasons: [] },
      { id: 'b', ok: false, reasons: ['no'] },
      { id: 'c', ok: false, reasons: ['forbidden'] },
    ])
  })

  it('tells what failed alike once', () => {
    const failed = [
      { id: 'a', ok: false, reasons: ['x'] },
      { id: 'b', ok: false, reasons: ['y'] },
      { id: 'c', ok: false, reasons: ['y'] },
    ]
    expect(byReason(failed)).toEqual([
      { reason: 'y', ids: ['b', 'c'] },
      { reason: 'x', ids: ['a'] },
    ])
  })
})
