import { describe, expect, it } from 'vitest'
import opportunity from '../../../../templates/sales-crm/apps/customer/forms/opportunity.json'
import * as f from './form'
import type { FormDef } from './types'

const form = (): FormDef => ({
  kind: 'form',
  key: 'repair',
  titleField: 'subject',
  schema: {
    type: 'object',
    required: ['subject'],
    properties: {
      subject: { 'x-field': { type: 'text' } },
      hours: { 'x-field': { type: 'number' } },
      rate: { 'x-field': { type: 'currency' } },
      cost: { 'x-field': { type: 'formula', expr: "hours * rate + len('hours')" } },
      spare: { 'x-field': { type: 'text' } },
    },
  },
  layout: [
    { key: 'a', section: 'A', fields: ['subject', 'hours'] },
    { key: 'b', section: 'B', fields: ['rate', 'cost'] },
  ],
  rules: [
    { key: 'r', when: { expr: 'hours > 1 and .hours == 2' }, require: ['hours'] },
    { key: 's', when: { expr: 'rate > 1' }, refuse: 'no', at: 'hours' },
  ],
  unique: [{ key: 'u', fields: ['hours', 'rate'] }],
  indexes: [{ key: 'i', fields: ['-hours'] }],
})
const places = (d: FormDef) => f.outline(d).map((s) => [s.key, ...s.fields].join(' '))

describe('fields of a form', () => {
  it('shows what no section names at the end', () => {
    expect(places(form())).toEqual(['a subject hours', 'b rate cost', ' spare'])
  })
  it('moves between sections, and out of them', () => {
    expect(places(f.moveField(form(), 'hours', { section: 'b', index: 1 }))).toEqual([
      'a subject',
      'b rate hours cost',
      ' spare',
    ])
    expect(places(f.moveField(form(), 'hours', { section: '', index: 1 }))).toEqual([
      'a subject',
      'b rate cost',
      ' spare hours',
    ])
    expect(places(f.moveField(form(), 'spare', { section: 'a', index: 0 }))).toEqual([
      'a spare subject hours',
      'b rate cost',
    ])
  })
  it('counts the place after the field has left', () => {
    expect(places(f.moveField(form(), 'subject', { section: 'a', index: 1 }))[0]).toBe('a hours subject')
  })
  it('steps over the edge of a section, and stays at the ends', () => {
    expect(places(f.stepField(form(), 'hours', 1))).toEqual(['a subject', 'b hours rate cost', ' spare'])
    expect(places(f.stepField(form(), 'rate', -1))).toEqual(['a subject hours rate', 'b cost', ' spare'])
    const d = form()
    expect(f.stepField(d, 'subject', -1)).toBe(d)
  })
  it('adds where it was dropped, at the end without a place', () => {
    expect(places(f.addField(form(), 'x', { 'x-field': { type: 'text' } }, { section: 'a', index: 1 }))[0]).toBe(
      'a subject x hours',
    )
    expect(places(f.addField(form(), 'x', { 'x-field': { type: 'text' } }))[1]).toBe('b rate cost x')
  })
  it('names the record by the first text of an empty form', () => {
    const empty: FormDef = { kind: 'form', key: 'x', schema: { properties: {} } }
    expect(f.addField(empty, 'name', { 'x-field': { type: 'text' } }).titleField).toBe('name')
  })
  it('removes a field with everything that names it', () => {
    const d = f.removeField(form(), 'hours')
    expect(Object.keys(d.schema.properties)).not.toContain('hours')
    expect(places(d)[0]).toBe('a subject')
    expect(d.rules).toEqual([{ key: 's', when: { expr: 'rate > 1' }, refuse: 'no' }])
    expect(d.unique).toEqual([{ key: 'u', fields: ['rate'] }])
    expect(d.indexes).toBeUndefined()
    expect(f.removeField(form(), 'subject')).not.toHaveProperty('titleField')
    expect(f.removeField(form(), 'subject').schema).not.toHaveProperty('required')
  })
  it('gives a field another key in expressions too, but not in texts and members', () => {
    const d = f.renameField(form(), 'hours', 'time')
    expect(d.schema.properties.cost?.['x-field']?.expr).toBe("time * rate + len('hours')")
    expect(d.rules?.[0]).toEqual({ key: 'r', when: { expr: 'time > 1 and .hours == 2' }, require: ['time'] })
    expect(d.rules?.[1]?.at).toBe('time')
    expect(d.indexes?.[0]?.fields).toEqual(['-time'])
    expect(places(d)[0]).toBe('a subject time')
    expect(Object.keys(d.schema.properties)[1]).toBe('time')
  })
  it('does not take the key of another field', () => {
    const d = form()
    expect(f.renameField(d, 'hours', 'rate')).toBe(d)
  })
  it('duplicates behind, under a key of its own, not unique', () => {
    const d = f.updateField(form(), 'hours', { unique: true })
    const { form: next, key } = f.duplicateField(d, 'hours')
    expect(key).toBe('hours2')
    expect(places(next)[0]).toBe('a subject hours hours2')
    expect(next.schema.properties.hours2?.['x-field']).toEqual({ type: 'number' })
  })
  it('leaves out a setting that is taken back', () => {
    expect(f.updateField(f.updateField(form(), 'hours', { scale: 2 }), 'hours', { scale: undefined })).toEqual(form())
    expect(f.setRequired(form(), 'subject', false).schema).not.toHaveProperty('required')
  })
  it('never changes what it was given', () => {
    const d = Object.freeze(form())
    f.moveField(d, 'hours', { section: 'b', index: 0 })
    f.removeField(d, 'hours')
    expect(d).toEqual(form())
  })
})

describe('sections', () => {
  it('leaves its fields to its neighbour', () => {
    expect(places(f.removeSection(form(), 'b'))).toEqual(['a subject hours rate cost', ' spare'])
    expect(places(f.removeSection(form(), 'a'))).toEqual(['b subject hours rate cost', ' spare'])
  })
  it('takes in all fields of a form that had none', () => {
    const d = form()
    delete d.layout
    expect(places(f.addSection(d, { en: 'Basics' }).form)).toEqual(['basics subject hours rate cost spare'])
  })
  it('moves and stays at the ends', () => {
    expect(places(f.moveSection(form(), 'b', -1))[0]).toBe('b rate cost')
    const d = form()
    expect(f.moveSection(d, 'b', 1)).toBe(d)
  })
})

it('keeps every field of the large template forms while they are moved around', () => {
  const d = opportunity as unknown as FormDef
  let next = d
  for (const key of f.fieldKeys(d)) next = f.moveField(next, key, { section: d.layout?.[0]?.key ?? '', index: 0 })
  for (const key of f.fieldKeys(d)) next = f.stepField(next, key, 1)
  expect(
    f
      .outline(next)
      .flatMap((s) => s.fields)
      .sort(),
  ).toEqual(f.fieldKeys(d).sort())
})
