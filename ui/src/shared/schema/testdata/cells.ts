import type { FormEntry } from '../../api'
import { entry } from './sample'

/** A tree that reads one name, as the server compiles it. */
const name = (key: string) => ({ t: 'name', p: [1, 1], y: 'number', name: key })
const product = (a: unknown, b: unknown) => ({ t: 'mul', p: [1, 1], y: 'number', a, b })
const number = (v: number) => ({ t: 'number', p: [1, 1], y: 'number', v })
const program = (root: unknown, ...deps: string[]) => ({
  v: 1,
  src: '',
  type: 'number',
  scale: 2,
  deps: deps.map((d) => d.split('.')),
  root,
})

type Rows = { properties: { [key: string]: unknown } }

/**
 * The sample form whose lines compute: `amount` is n * each, `taxed` is 1.13 times that, and the form's `sum` adds up
 * `taxed`. The columns stand in an order in which they cannot be computed one after the other.
 */
export function entryWithCells(): FormEntry {
  const out = structuredClone(entry)
  const items = (out.schema.properties!.lines as { items: Rows }).items
  const formula = (title: string, expr: string) => ({
    type: 'number',
    'x-field': { type: 'formula', title, scale: 2, expr },
  })
  items.properties.taxed = formula('含税', 'amount * 1.13')
  items.properties.amount = formula('小计', 'n * each')
  const at = '/schema/properties/lines/items/properties'
  const cells = {
    [`${at}/taxed/x-field/expr`]: program(product(name('amount'), number(1.13)), 'amount'),
    [`${at}/amount/x-field/expr`]: program(product(name('n'), name('each')), 'n', 'each'),
    '/schema/properties/sum/x-field/expr': program(
      {
        t: 'call',
        p: [1, 1],
        y: 'number',
        fn: 'sum',
        args: [
          { t: 'name', p: [1, 5], y: 'list<object>', name: 'lines' },
          {
            t: 'each',
            p: [1, 6],
            y: 'number',
            a: { t: 'field', p: [1, 7], y: 'number', name: 'taxed', a: { t: 'row', p: [1, 7], y: 'object' } },
          },
        ],
      },
      'lines.taxed',
    ),
  }
  out.programs = { ...(out.programs as object), ...cells } as FormEntry['programs']
  const result = { type: 'number', scale: 2 }
  out.results = { ...out.results, 'lines.amount': result, 'lines.taxed': result } as FormEntry['results']
  return out
}
