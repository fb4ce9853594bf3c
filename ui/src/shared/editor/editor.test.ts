import { json } from '@codemirror/lang-json'
import { CompletionContext } from '@codemirror/autocomplete'
import { ensureSyntaxTree } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import expressions from '../../../../docs/expressions.md?raw'
import meta from '../../../../schemas/meta/view.schema.json'
import { completionsOf } from './expression'
import { functions } from './functions'
import { pathAt, rangeOf } from './jsonPlaces'
import en from './locale/en.json'
import zh from './locale/zh-CN.json'
import { membersAt, schemaAt, valuesAt } from './schemaHelp'

it('offers every function of the language, explained in both languages', () => {
  const documented = [...expressions.matchAll(/^\| `(\w+)\(/gm)].map((m) => m[1])
  expect(functions.map((f) => f.name)).toEqual(documented)
  expect(Object.keys(en.fn).sort()).toEqual([...documented].sort())
  expect(Object.keys(zh.fn).sort()).toEqual([...documented].sort())
})

const names = [
  { key: 'amount', title: '金额', type: 'currency' },
  { key: 'lines', title: '明细', type: 'table', columns: [{ key: 'qty', title: '数量', type: 'number' }] },
]
const offered = (doc: string) => {
  const at = doc.indexOf('|')
  const state = EditorState.create({ doc: doc.replace('|', '') })
  const r = completionsOf(names, () => '', '')(new CompletionContext(state, at, false))
  return r?.options.map((o) => String(o.apply && typeof o.apply === 'string' ? o.apply : o.label)) ?? []
}

describe('completion in expressions', () => {
  it('knows fields by key and by title, and functions', () => {
    expect(offered('am|')).toEqual(expect.arrayContaining(['amount', 'lines', 'round']))
    expect(offered('1 + 金|').filter((x) => x === 'amount')).toHaveLength(2)
  })
  it('offers columns behind a dot, and what is known of the user', () => {
    expect(offered('sum(lines, .|)')).toEqual(['qty'])
    expect(offered('user.|')).toContain('department')
  })
  it('stays quiet inside a text', () => expect(offered("a == 'am|")).toEqual([]))
})

const doc = '{"kind": "view", "sort": ["a", "-b"], "filter": {"and": [{"field": "x"}]}}'
const state = () => {
  const s = EditorState.create({ doc, extensions: [json()] })
  ensureSyntaxTree(s, doc.length)
  return s
}

describe('places in JSON', () => {
  it('go from a position to a path', () => {
    expect(pathAt(state(), doc.indexOf('"-b"') + 2).path).toEqual(['sort', '1'])
    expect(pathAt(state(), doc.indexOf('"x"') + 2).path).toEqual(['filter', 'and', '0', 'field'])
  })
  it('go from a pointer to the text', () => {
    const r = rangeOf(state(), '/filter/and/0/field')
    expect(doc.slice(r.from, r.to)).toBe('"field"')
    expect(doc.slice(rangeOf(state(), '/sort/1').from).startsWith('"-b"')).toBe(true)
    expect(doc.slice(rangeOf(state(), '/sort/1/none').from).startsWith('"-b"')).toBe(true)
  })
})

describe('what a schema allows', () => {
  it('follows references', () => {
    expect(schemaAt(meta, ['summaries', '0', 'fn'])?.enum).toContain('avg')
    expect(valuesAt(meta, ['type']).map((o) => o.json)).toContain('"kanban"')
    expect(membersAt(meta, [], new Set(['kind', 'key'])).map((o) => o.label)).toContain('groupBy')
    expect(membersAt(meta, [], new Set(['kind'])).map((o) => o.label)).not.toContain('kind')
  })
})
