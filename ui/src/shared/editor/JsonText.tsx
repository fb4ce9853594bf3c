import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionContext,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { json, jsonParseLinter } from '@codemirror/lang-json'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language'
import { lintGutter, linter, type Diagnostic } from '@codemirror/lint'
import { Compartment, EditorState } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { keyOf, pathAt, rangeOf } from './jsonPlaces'
import { membersAt, valuesAt, type MetaSchema, type Offer } from './schemaHelp'
import { theme } from './theme'
import s from './editor.module.css'

export type Complaint = { pointer: string; message: string; warning?: boolean }

type Props = {
  value: string
  onChange: (v: string) => void
  label: string
  schema?: MetaSchema
  complaints?: readonly Complaint[]
  /** Shown first: the place of a problem. */
  reveal?: string
  readOnly?: boolean
}

/** Where JSON is typed: completion from a schema, what is wrong where it is wrong. */
export default function JsonText({ value, onChange, label, schema, complaints, reveal, readOnly }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const shown = useRef({ value, label, readOnly })
  const change = useRef(onChange)
  const lints = useRef(new Compartment())
  const offers = useRef(new Compartment())
  useEffect(() => {
    change.current = onChange
  }, [onChange])

  useEffect(() => {
    if (!host.current) return
    const v = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: shown.current.value,
        extensions: [
          theme,
          json(),
          lineNumbers(),
          foldGutter(),
          history(),
          bracketMatching(),
          closeBrackets(),
          indentOnInput(),
          lintGutter(),
          EditorState.readOnly.of(shown.current.readOnly ?? false),
          EditorView.contentAttributes.of({ 'aria-label': shown.current.label, spellcheck: 'false', tabindex: '0' }),
          lints.current.of([]),
          offers.current.of([]),
          keymap.of([
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...foldKeymap,
            ...historyKeymap,
            ...defaultKeymap,
            indentWithTab,
          ]),
          EditorView.updateListener.of((u) => {
            if (!u.docChanged) return
            shown.current.value = u.state.doc.toString()
            change.current(shown.current.value)
          }),
        ],
      }),
    })
    view.current = v
    return () => v.destroy()
  }, [])

  useEffect(() => {
    view.current?.dispatch({
      effects: offers.current.reconfigure(
        autocompletion({ override: schema ? [completions(schema)] : [], icons: false }),
      ),
    })
  }, [schema])

  useEffect(() => {
    view.current?.dispatch({
      effects: lints.current.reconfigure([
        linter(jsonParseLinter()),
        linter((v) =>
          (complaints ?? []).map((c): Diagnostic => ({
            ...rangeOf(v.state, c.pointer),
            severity: c.warning ? 'warning' : 'error',
            message: c.message,
          })),
        ),
      ]),
    })
  }, [complaints])

  useEffect(() => {
    const v = view.current
    if (!v || shown.current.value === value) return
    shown.current.value = value
    v.dispatch({ changes: { from: 0, to: v.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    const v = view.current
    if (!v || reveal === undefined) return
    const at = rangeOf(v.state, reveal)
    v.dispatch({
      selection: { anchor: at.from, head: at.to },
      effects: EditorView.scrollIntoView(at.from, { y: 'center' }),
    })
  }, [reveal])

  return <div ref={host} className={s.full} />
}

function completions(schema: MetaSchema) {
  const option = (o: Offer) => ({ label: o.label, detail: o.detail, info: o.info || undefined, apply: o.json })
  return (c: CompletionContext) => {
    const { path, name, value } = pathAt(c.state, c.pos)
    if (value) return { from: value.from, to: value.to, options: valuesAt(schema, path).map(option), filter: false }
    const word = name ?? c.matchBefore(/"?[\w-]*/)
    if (!c.explicit && !name) return null
    const had = new Set<string>()
    const parent = name?.parent?.parent
    if (parent) for (const p of parent.getChildren('Property')) had.add(keyOf(c.state, p))
    const typed = name ? c.state.sliceDoc(name.from + 1, c.pos) : ''
    const list = membersAt(schema, path, had).filter((o) => o.label.toLowerCase().startsWith(typed.toLowerCase()))
    const end = name?.parent?.getChild('Property') ? undefined : name?.to
    return list.length > 0
      ? { from: word?.from ?? c.pos, ...(end ? { to: end } : {}), options: list.map(option), filter: false }
      : null
  }
}
