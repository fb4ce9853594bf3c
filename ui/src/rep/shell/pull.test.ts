import { beforeEach, describe, expect, it, vi } from 'vitest'
import { enough, followPull, given } from './pull'

let page: HTMLElement
let atTop = true
const onMove = vi.fn()
const onEnd = vi.fn()

const touch = (name: string, ...at: [x: number, y: number][]) => {
  const e = new Event(name, { bubbles: true, cancelable: true })
  Object.assign(e, { touches: at.map(([clientX, clientY]) => ({ clientX, clientY })) })
  page.dispatchEvent(e)
  return e
}

beforeEach(() => {
  vi.clearAllMocks()
  atTop = true
  page = document.createElement('main')
  followPull(page, () => atTop, { onMove, onEnd })
})

describe('pulling a page down', () => {
  it('refreshes when it was far enough, and keeps the browser from scrolling', () => {
    touch('touchstart', [100, 100])
    expect(touch('touchmove', [100, 340]).defaultPrevented).toBe(true)
    expect(onMove).toHaveBeenLastCalledWith(given(240))
    expect(given(240)).toBeGreaterThan(enough)
    touch('touchend')
    expect(onEnd).toHaveBeenCalledWith(true)
  })

  it('does nothing when it was let go too early', () => {
    touch('touchstart', [100, 100])
    touch('touchmove', [100, 140])
    touch('touchend')
    expect(onEnd).toHaveBeenCalledWith(false)
  })

  it.each([
    ['sideways', () => touch('touchmove', [240, 120])],
    ['upwards', () => touch('touchmove', [100, 20])],
    ['with two fingers', () => touch('touchmove', [100, 340], [200, 340])],
  ])('is none %s', (_, go) => {
    touch('touchstart', [100, 100])
    expect(go().defaultPrevented).toBe(false)
    touch('touchmove', [100, 400])
    touch('touchend')
    expect(onEnd).not.toHaveBeenCalled()
  })

  it('is none in a page that is scrolled', () => {
    atTop = false
    touch('touchstart', [100, 100])
    touch('touchmove', [100, 400])
    expect(onMove).not.toHaveBeenCalled()
  })
})
