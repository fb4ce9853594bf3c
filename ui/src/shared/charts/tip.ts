type Row = { color?: string; title: string; text: string }

/** A tooltip's content. It is made of nodes, so that no title is ever read as markup. */
export function tip(title: string, rows: Row[], hint?: string): HTMLElement {
  const box = document.createElement('div')
  box.className = 'chart-tip'
  const add = (parent: HTMLElement, tag: string, text: string, className = '') => {
    const el = document.createElement(tag)
    el.textContent = text
    if (className) el.className = className
    parent.append(el)
    return el
  }
  add(box, 'strong', title)
  for (const r of rows) {
    const line = add(box, 'div', '')
    const name = add(line, 'span', r.title)
    if (r.color) {
      const dot = document.createElement('i')
      dot.style.background = r.color
      name.prepend(dot)
    }
    add(line, 'b', r.text, 'num')
  }
  if (hint) add(box, 'small', hint)
  return box
}
