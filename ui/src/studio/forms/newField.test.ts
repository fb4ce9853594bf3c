import { expect, it } from 'vitest'
import type { FormDef } from '../model/types'
import { withNewField } from './newField'

it('names a new field in every language, whatever language is loaded', () => {
  const d: FormDef = {
    kind: 'form',
    key: 'f',
    schema: { properties: { currency: { 'x-field': { type: 'currency' } } } },
  }
  const { form, key } = withNewField(d, 'currency', 'EUR')
  expect(key).toBe('currency2')
  expect(form.schema.properties[key]?.['x-field']).toMatchObject({
    type: 'currency',
    title: { 'zh-CN': '金额', en: 'Amount' },
    currency: 'EUR',
    scale: 2,
  })
})
