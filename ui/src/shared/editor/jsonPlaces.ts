import { syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'

type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>['resolveInner']>

const unescape = (s: string) => s.replaceAll('~1', '/').replaceAll('~0', '~')

/** The path of keys and places that leads to where a position in a JSON text is. */
export function pathAt(state: EditorState, pos: number): { path: string[]; name?: SyntaxNode; value?: SyntaxNode } {
  let node: SyntaxNode | null = syntaxTree(state).resolveInner(pos, -1)
  const path: string[] = []
  let name: SyntaxNode | undefined
  let value: SyntaxNode | undefined
  if (node.name === 'PropertyName') name = node
  else if (['String', 'Number', 'True', 'False', 'Null'].includes(node.name)) value = node
  for (let child: SyntaxNode = node; (node = child.parent); child = node) {
    if (node.name === 'Property' && child.name !== 'PropertyName') path.unshift(keyOf(state, node))
    else if (node.name === 'Array') {
      let i = 0
      for (let s = child.prevSibling; s; s = s.prevSibling) if (!/^[[\],⚠]/.test(s.name)) i++
      path.unshift(String(i))
    }
  }
  return { path, name, value }
}

export function keyOf(state: EditorState, property: SyntaxNode): string {
  const n = property.getChild('PropertyName')
  if (!n) return ''
  try {
    return JSON.parse(state.sliceDoc(n.from, n.to)) as string
  } catch {
    return ''
  }
}

/** Where a JSON Pointer is in the text; the nearest there is. */
export function rangeOf(state: EditorState, pointer: string): { from: number; to: number } {
  let here: SyntaxNode | null = syntaxTree(state).topNode.firstChild
  let found: { from: number; to: number } = here ?? { from: 0, to: 0 }
  for (const part of pointer.split('/').slice(1).map(unescape)) {
    let next: SyntaxNode | null = null
    if (here?.name === 'Object') {
      const p = here.getChildren('Property').find((x) => keyOf(state, x) === part)
      if (!p) break
      found = p.getChild('PropertyName') ?? p
      next = p.lastChild
    } else if (here?.name === 'Array') {
      const items: SyntaxNode[] = []
      for (let c = here.firstChild; c; c = c.nextSibling) if (!/^[[\],⚠]/.test(c.name)) items.push(c)
      next = items[Number(part)] ?? null
      if (next) found = next
    }
    if (!next) break
    here = next
  }
  return { from: found.from, to: Math.min(found.to, found.from + 200) }
}
