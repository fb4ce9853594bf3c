import { expect, it } from 'vitest'
import { textIn, withoutStart, withText } from './texts'

it('keeps one text for all languages until another language says something else', () => {
  expect(withText('名称', 'zh-CN', '标题', 'zh-CN')).toBe('标题')
  expect(withText('名称', 'en', 'Name', 'zh-CN')).toEqual({ 'zh-CN': '名称', en: 'Name' })
  expect(withText({ 'zh-CN': '名称', en: 'Name' }, 'en', '', 'zh-CN')).toEqual({ 'zh-CN': '名称' })
  expect(withText({ en: 'Name' }, 'en', '', 'zh-CN')).toBeUndefined()
  expect(withText(undefined, 'zh-CN', '名称', 'zh-CN')).toEqual({ 'zh-CN': '名称' })
  expect(textIn({ en: 'Name' }, 'zh-CN')).toBe('')
})

it('drops what a title started with once one language says more', () => {
  const start = { 'zh-CN': '单行文本', en: 'Text' }
  expect(withoutStart({ 'zh-CN': '预算', en: 'Text' }, start)).toEqual({ 'zh-CN': '预算' })
  expect(withoutStart(start, start)).toEqual(start)
  expect(withoutStart('预算', start)).toBe('预算')
})
