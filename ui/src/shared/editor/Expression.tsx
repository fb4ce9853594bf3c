import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { lintGutter, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState } from '@codemirror/state'
import { EditorView, keymap, placeholder as hint } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { completionsOf, expressionLanguage, fieldMarks, type Name } from './expression'
import { theme } from './theme'
import s from './editor.module.css'

export type Mark = { line: number; column: number; message: string; warning?: boolean }

type Props = {
  value: string
  onChange: (v: string) => void
  names: readonly Name[]
  label: string
  marks?: readonly Mark[]
  placeholder?: string
  /** Gets how to put text where the caret is. */
  inserter?: (insert: (text: string) => void) => void
  invalid?: boolean
}

/** Where an expression is typed: colours, completion with titles, mistakes where they are. */
export default function Expression({ value, onChange, names, label, marks, placeholder, inserter, invalid }: Props) {
  const { t, i18n } = useTranslation('shared/editor')
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const change = useRef(onChange)
  const shown = useRef({ value, label, placeholder })
  const known = useRef(new Compartment())
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
          expressionLanguage,
          history(),
          closeBrackets(),
          lintGutter(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': shown.current.label, spellcheck: 'false', tabindex: '0' }),
          hint(shown.current.placeholder ?? ''),
          known.current.of([]),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.updateListener.of((u) => {
            if (!u.docChanged) return
            const text = u.state.doc.toString()
            shown.current.value = text
            change.current(text)
          }),
        ],
      }),
    })
    view.current = v
    inserter?.((text) => {
      const { from, to } = v.state.selection.main
      v.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length } })
      v.focus()
    })
    return () => v.destroy()
    // eslint-disable-next-line react-hooks/exhaustive-deps -- one editor for as long as it is shown
  }, [])

  useEffect(() => {
    view.current?.dispatch({
      effects: known.current.reconfigure([
        autocompletion({ override: [completionsOf(names, (fn) => t(`fn.${fn}`), t('user'))], icons: false }),
        fieldMarks(names),
      ]),
    })
  }, [names, t, i18n.language])

  useEffect(() => {
    const v = view.current
    if (!v || v.state.doc.toString() === value) return
    shown.current.value = value
    v.dispatch({ changes: { from: 0, to: v.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    const v = view.current
    if (!v) return
    const { doc } = v.state
    v.dispatch(
      setDiagnostics(
        v.state,
        (marks ?? []).map((m) => {
          const line = doc.line(Math.min(Math.max(m.line, 1), doc.lines))
          const from = Math.min(line.from + Math.max(m.column - 1, 0), line.to)
          const word = /^[\w.]+|^\S/.exec(doc.sliceString(from, line.to))?.[0].length ?? 0
          return {
            from,
            to: Math.max(from + word, from),
            severity: m.warning ? 'warning' : 'error',
            message: m.message,
          }
        }),
      ),
    )
  }, [marks])

  return <div ref={host} className={invalid ? `${s.box} ${s.invalid}` : s.box} />
}
