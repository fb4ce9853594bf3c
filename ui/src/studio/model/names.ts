/** A piece of an expression's text. `name` is an identifier that stands for itself: no member, no function. */
export type Token = { kind: 'name' | 'member' | 'call' | 'text' | 'number' | 'op'; text: string; at: number }

const pattern =
  /'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_][A-Za-z0-9_]*|\*\*|\?\?|==|!=|<=|>=|&&|\|\||\.\.|[^\s]/g

/** Cuts an expression into pieces. Never fails: what it does not know is an `op`. */
export function tokens(text: string): Token[] {
  const out: Token[] = []
  for (const m of text.matchAll(pattern)) {
    const s = m[0]
    const before = out.at(-1)
    if (/^['"]/.test(s)) out.push({ kind: 'text', text: s, at: m.index })
    else if (/^\.?\d/.test(s)) out.push({ kind: 'number', text: s, at: m.index })
    else if (/^[A-Za-z_]/.test(s)) {
      const member = before?.kind === 'op' && before.text === '.' && before.at + 1 === m.index
      const call = /^\s*\(/.test(text.slice(m.index + s.length))
      out.push({ kind: member ? 'member' : call ? 'call' : 'name', text: s, at: m.index })
    } else out.push({ kind: 'op', text: s, at: m.index })
  }
  return out
}

/** The expression with a name replaced wherever it stands for itself. */
export function renameIn(text: string, from: string, to: string): string {
  let out = ''
  let end = 0
  for (const t of tokens(text)) {
    if (t.kind !== 'name' || t.text !== from) continue
    out += text.slice(end, t.at) + to
    end = t.at + t.text.length
  }
  return out + text.slice(end)
}

/** The names that an expression reads. */
export const namesIn = (text: string): Set<string> =>
  new Set(
    tokens(text)
      .filter((t) => t.kind === 'name')
      .map((t) => t.text),
  )
