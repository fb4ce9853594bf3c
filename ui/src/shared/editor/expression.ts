import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { StreamLanguage } from '@codemirror/language'
import {
  Decoration,
  MatchDecorator,
  ViewPlugin,
  type DecorationSet,
  type EditorView,
  type ViewUpdate,
} from '@codemirror/view'
import { functions } from './functions'

/** A name that an expression may use. */
export type Name = { key: string; title: string; type: string; columns?: Name[] }

const words = new Set(['and', 'or', 'not', 'in', 'let', 'contains', 'startsWith', 'endsWith'])
const atoms = new Set(['true', 'false', 'nil'])

/** Colours of the one language of expressions. */
export const expressionLanguage = StreamLanguage.define<null>({
  name: 'expression',
  startState: () => null,
  token(stream) {
    if (stream.eatSpace()) return null
    if (stream.match(/^'(?:\\.|[^'\\])*'?/) || stream.match(/^"(?:\\.|[^"\\])*"?/)) return 'string'
    if (stream.match(/^\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?/)) return 'number'
    if (stream.match(/^\.[A-Za-z_]\w*/)) return 'propertyName'
    const m = stream.match(/^[A-Za-z_]\w*/) as RegExpMatchArray | null
    if (m) {
      if (/^\s*\(/.test(stream.string.slice(stream.pos)) && !words.has(m[0])) return 'variableName.function'
      return words.has(m[0]) ? 'keyword' : atoms.has(m[0]) ? 'atom' : 'variableName'
    }
    stream.next()
    return 'operator'
  },
})

/** Offers fields by key and title, functions by name, columns behind a dot. */
export function completionsOf(names: readonly Name[], help: (fn: string) => string, user: string) {
  const field = (n: Name): Completion => ({
    label: n.key,
    displayLabel: n.title,
    detail: n.key,
    type: 'variable',
    boost: 2,
  })
  const fields = names.map(field)
  // people look for a field by its title too
  const titles = names
    .filter((n) => n.title !== n.key)
    .map((n): Completion => ({ ...field(n), label: n.title, apply: n.key }))
  const columns = names.flatMap((n) => (n.columns ?? []).map(field))
  const members: Completion[] = ['id', 'name', 'login', 'department'].map((m) => ({
    label: m,
    detail: user,
    type: 'property',
  }))
  const calls = functions.map((f): Completion => ({
    label: f.name,
    detail: `(${f.args})`,
    type: 'function',
    info: help(f.name),
    apply: (view: EditorView, _c: Completion, from: number, to: number) => {
      const insert = `${f.name}()`
      view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length - (f.args ? 1 : 0) } })
    },
  }))
  return (c: CompletionContext): CompletionResult | null => {
    const dot = c.matchBefore(/(\w*)\.\w*/)
    if (dot) {
      const from = dot.from + dot.text.indexOf('.') + 1
      return { from, options: dot.text.startsWith('user.') ? members : columns, validFor: /^\w*$/ }
    }
    const word = c.matchBefore(/[\p{L}_][\p{L}\p{N}_]*/u)
    if (!word && !c.explicit) return null
    const inText = /^[^']*'(?:[^']*'[^']*')*[^']*$/.test(c.state.sliceDoc(0, c.pos)) && !c.explicit
    if (inText) return null
    return {
      from: word?.from ?? c.pos,
      options: [...fields, ...titles, ...calls, { label: 'user', type: 'variable', detail: user }],
      validFor: /^[\p{L}\p{N}_]*$/u,
    }
  }
}

/** Marks the names of fields so that they read as fields. */
export function fieldMarks(names: readonly Name[]) {
  const titles = new Map(names.map((n) => [n.key, n.title]))
  const finder = new MatchDecorator({
    regexp: /'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?|\.?[A-Za-z_]\w*/g,
    decoration: (m) => {
      const title = titles.get(m[0])
      return title === undefined ? null : Decoration.mark({ class: 'cm-field', attributes: { title } })
    },
  })
  return ViewPlugin.fromClass(
    class {
      marks: DecorationSet
      constructor(view: EditorView) {
        this.marks = finder.createDeco(view)
      }
      update(u: ViewUpdate) {
        this.marks = finder.updateDeco(u, this.marks)
      }
    },
    { decorations: (p) => p.marks },
  )
}
