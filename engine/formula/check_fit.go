package formula

import (
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// common is the type of a value that is one of these; a date among datetimes becomes one.
func (c *checker) common(nodes ...*node) Type {
	t := Of(Empty)
	for _, n := range nodes {
		if n.kind == kInstant && t.Kind == DateKind {
			t = n.typ
			continue
		}
		if t.Kind == DateTime && n.kind == kDate {
			continue
		}
		u, ok := unify(t, n.typ)
		if !ok && !n.bad {
			c.problemAt("type-mismatch", n.line, n.col, problem.P{"want": t.String(), "got": n.typ.String()})
			return Of(Any)
		}
		t = u
	}
	if t.Kind == DateTime {
		for _, n := range nodes {
			c.toInstant(n)
		}
	}
	if t.Kind == Empty && len(nodes) == 0 {
		return Of(Any)
	}
	return t
}

// need checks that a value fits a type, converting what converts without doubt: a literal text that is a date, a date
// to the instant at which it begins.
func (c *checker) need(n *node, want Type) *node {
	k := want.Kind.code()
	switch {
	case n.bad, n.kind == k, n.kind == kAny, n.kind == kEmpty, k == kAny:
		if n.kind == kList && k == kList && want.Elem != nil {
			if _, ok := unify(n.typ.elem(), *want.Elem); !ok {
				break
			}
		}
		return n
	case n.kind == kDate && k == kInstant:
		c.toInstant(n)
		return n
	case n.literal && k == kDate && c.toDate(n):
		return n
	case n.literal && k == kInstant && c.toDate(n):
		c.toInstant(n)
		return n
	}
	c.problemAt("type-mismatch", n.line, n.col, problem.P{"want": want.String(), "got": n.typ.String()})
	n.bad = true
	return n
}

// toDate makes a date of a literal text, in place.
func (c *checker) toDate(n *node) bool {
	if n.op != opText {
		return false
	}
	if _, err := value.ParseDate(n.text); err != nil {
		return false
	}
	n.op, n.literal = opDate, false
	n.setDate()
	n.setType(Of(DateKind))
	return true
}

// setDate keeps the parsed day beside its text.
func (n *node) setDate() bool {
	d, err := value.ParseDate(n.text)
	n.num = float64(d)
	return err == nil
}

// toInstant wraps a date in a cast, in place.
func (c *checker) toInstant(n *node) {
	if n.kind != kDate {
		return
	}
	inner := *n
	*n = node{op: opCast, a: &inner, line: n.line, col: n.col, path: n.path, bad: n.bad}
	n.setType(Of(DateTime))
}
