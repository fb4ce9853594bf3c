import { expect, it } from 'vitest'
import { textIn, withText } from './texts'

it('keeps one text for all languages until another language says something else', () => {
  expect(withText('名称', 'zh-CN', '标题', 'zh-CN')).toBe('标题')
  expect(withText('名称', 'en', 'Name', 'zh-CN')).toEqual({ 'zh-CN': '名称', en: 'Name' })
  expect(withText({ 'zh-CN': '名称', en: 'Name' }, 'en', '', 'zh-CN')).toEqual({ 'zh-CN': '名称' })
  expect(withText({ en: 'Name' }, 'en', '', 'zh-CN')).toBeUndefined()
  expect(withText(undefined, 'zh-CN', '名称', 'zh-CN')).toEqual({ 'zh-CN': '名称' })
  expect(textIn({ en: 'Name' }, 'zh-CN')).toBe('')
})
