package formula

import "slices"

// Texts are the text constants of the program, each once.
func (p *Program) Texts() []string {
	var out []string
	var walk func(n *node)
	walk = func(n *node) {
		if n == nil {
			return
		}
		if n.op == opText && !slices.Contains(out, n.text) {
			out = append(out, n.text)
		}
		walk(n.a)
		walk(n.b)
		walk(n.c)
		for _, a := range n.args {
			walk(a)
		}
	}
	walk(p.root)
	return out
}
