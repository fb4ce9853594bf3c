import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags as t } from '@lezer/highlight'

const look = EditorView.theme({
  '&': { fontSize: '13px', backgroundColor: 'var(--surface)', color: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': {
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK SC", monospace',
    lineHeight: '20px',
    padding: '6px 0',
    caretColor: 'var(--text)',
  },
  '.cm-line': { padding: '0 8px' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--text-3)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--primary-tint)',
  },
  '.cm-placeholder': { color: 'var(--text-3)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    color: 'var(--text)',
    border: '1px solid var(--border)',
    borderRadius: 'var(--r-control)',
    boxShadow: 'var(--shadow-pop)',
  },
  '.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', lineHeight: '20px', fontFamily: 'var(--font)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--primary-tint)',
    color: 'var(--primary-text)',
  },
  '.cm-completionDetail': { color: 'var(--text-3)', fontStyle: 'normal', marginLeft: '8px' },
  '.cm-completionInfo': { padding: '6px 8px', maxWidth: '280px', lineHeight: '18px', fontSize: '12px' },
  '.cm-tooltip-lint': { fontSize: '12px', lineHeight: '18px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--danger)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--warning)' },
  '.cm-field': { backgroundColor: 'var(--blue-tint)', color: 'var(--blue)', borderRadius: '4px', padding: '1px 2px' },
})

const colours = HighlightStyle.define([
  { tag: t.string, color: 'var(--green)' },
  { tag: [t.number, t.bool, t.null], color: 'var(--orange)' },
  { tag: t.function(t.variableName), color: 'var(--purple)' },
  { tag: [t.keyword, t.operatorKeyword], color: 'var(--purple)' },
  { tag: t.propertyName, color: 'var(--blue)' },
  { tag: t.comment, color: 'var(--text-3)' },
])

/** The editors in the colours of the product, light and dark. */
export const theme = [look, syntaxHighlighting(colours)]
