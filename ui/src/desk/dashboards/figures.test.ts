import { describe, expect, it } from 'vitest'
import { axisFigure, exactFigure, shorteningFor, shortFigure, unitText } from './figures'

const zh = { language: 'zh-CN', zone: 'Asia/Shanghai', currency: 'CNY' }
const en = { ...zh, language: 'en' }
const money = { kind: 'currency' } as const

describe('figures', () => {
  it('are shortened by the greatest of their card, in the words of the language', () => {
    const by = shorteningFor([10_005_534, 3], money, 'zh-CN')
    expect(shortFigure(10_005_534, money, by, zh) + unitText(money, by, zh, '天')).toBe('1,000.6万元')
    expect(shortFigure(3, money, by, zh)).toBe('0.0')
    const en10 = shorteningFor([10_005_534], money, 'en')
    expect(shortFigure(10_005_534, money, en10, en) + unitText(money, en10, en, 'days')).toBe('10.0¥M')
    const few = shorteningFor([2_982_255], money, 'en')
    expect(shortFigure(2_982_255, money, few, en)).toBe('2.98')
  })

  it('stay whole below a hundred thousand, and percentages and days always', () => {
    expect(shorteningFor([99_999], money, 'zh-CN').by).toBe(1)
    const percent = { kind: 'percent' } as const
    expect(shortFigure(63.15, percent, shorteningFor([1e9], percent, 'en'), en)).toBe('63.2')
  })

  it('name other currencies in Chinese by their word', () => {
    const usd = { kind: 'currency', currency: 'USD' } as const
    expect(unitText(usd, shorteningFor([500_000], usd, 'zh-CN'), zh, '天')).toBe('万美元')
  })

  it('are exact to the cent in full', () => {
    expect(exactFigure(10_005_534, money, zh, '天')).toBe('¥10,005,534')
    expect(exactFigure(0.1, { kind: 'currency', scale: 2 }, zh, '天')).toBe('¥0.10')
    expect(exactFigure(null, money, zh, '天')).toBe('–')
    expect(exactFigure(51.83, { kind: 'days' }, zh, '天')).toBe('51.8 天')
  })

  it('have no empty decimals on an axis', () => {
    const by = shorteningFor([4_000_000], money, 'zh-CN')
    expect([0, 1_000_000, 4_000_000].map((v) => axisFigure(v, by, zh))).toEqual(['0', '100', '400'])
  })
})
