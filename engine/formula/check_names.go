package formula

import (
	"slices"
	"sort"

	"github.com/expr-lang/expr/ast"

	"formwork/schemas/problem"
)

func (c *checker) name(n *ast.IdentifierNode) *node {
	for i := len(c.locals) - 1; i >= 0; i-- {
		if l := c.locals[i]; l.name == n.Value {
			x := c.make(opLocal, n, l.typ)
			x.text, x.slot, x.path = l.name, l.slot, l.path
			return x
		}
	}
	t, ok := c.scope[n.Value]
	if !ok {
		c.problem("unknown-name", n, problem.P{"name": n.Value, "suggestion": c.suggestName(n.Value)})
		return c.bad(n)
	}
	if slices.Contains(c.opts.VolatileNames, n.Value) {
		c.useVolatile(n, n.Value)
	}
	x := c.make(opName, n, t)
	x.text, x.path = n.Value, []string{n.Value}
	return x
}

func (c *checker) useVolatile(at ast.Node, name string) {
	c.volatile = true
	if !c.opts.Volatile {
		c.problem("volatile", at, problem.P{"name": name})
	}
}

// suggestName looks at fields of the row first: who forgets the dot means them.
func (c *checker) suggestName(name string) string {
	if len(c.rows) > 0 {
		fields := c.rows[len(c.rows)-1].typ.Fields
		if _, ok := fields[name]; ok {
			return "." + name
		}
	}
	names := make([]string, 0, len(c.scope)+len(c.locals))
	for k := range c.scope {
		names = append(names, k)
	}
	for _, l := range c.locals {
		names = append(names, l.name)
	}
	sort.Strings(names)
	if s := nearest(name, names); s != "" {
		return s
	}
	switch name {
	case "null", "NULL", "None", "undefined":
		return "nil"
	}
	return ""
}

func (c *checker) pointer(n *ast.PointerNode) *node {
	if len(c.rows) == 0 || n.Name != "" || c.rows[len(c.rows)-1].hint {
		c.problem("not-allowed", n, problem.P{"name": "#" + n.Name})
		return c.bad(n)
	}
	r := c.rows[len(c.rows)-1]
	x := c.make(opRow, n, r.typ)
	x.path = r.path
	return x
}

func (c *checker) member(n *ast.MemberNode) *node {
	of := c.check(n.Node)
	if of.bad {
		return of
	}
	if key, ok := n.Property.(*ast.StringNode); ok {
		return c.field(of, key)
	}
	at := c.need(c.value(n.Property), Of(Number))
	if of.kind != kList && of.kind != kAny && of.kind != kEmpty {
		c.problem("type-mismatch", n, problem.P{"want": "list", "got": of.typ.String()})
		return c.bad(n)
	}
	x := c.make(opIndex, n, of.typ.elem())
	x.a, x.b, x.path = of, at, of.path
	return x
}

func (c *checker) field(of *node, key *ast.StringNode) *node {
	t := Of(Any)
	switch {
	case of.kind == kObject && of.typ.Fields != nil:
		var ok bool
		if t, ok = of.typ.Fields[key.Value]; !ok {
			c.problem("unknown-name", key, problem.P{"name": key.Value, "suggestion": nearest(key.Value, of.typ.fieldNames())})
			return c.bad(key)
		}
	case of.kind == kObject, of.kind == kAny, of.kind == kEmpty:
	default:
		c.problem("type-mismatch", key, problem.P{"name": key.Value, "want": "object", "got": of.typ.String()})
		return c.bad(key)
	}
	x := c.make(opField, key, t)
	x.a, x.text = of, key.Value
	if of.path != nil {
		x.path = append(slices.Clone(of.path), key.Value)
	}
	return x
}
