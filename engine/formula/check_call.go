package formula

import (
	"strings"

	"github.com/expr-lang/expr/ast"

	"formwork/schemas/problem"
)

func (c *checker) call(n *ast.CallNode) *node {
	id, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		c.problem("not-allowed", n, problem.P{"name": "()"})
		return c.bad(n)
	}
	f, ok := lookup(id.Value)
	if !ok {
		c.problem("unknown-function", n, problem.P{"name": id.Value, "suggestion": nearest(id.Value, functionNames())})
		for _, a := range n.Arguments { // their own mistakes are shown too, but .field has no row here
			if !usesRow(a) {
				c.value(a)
			}
		}
		return c.bad(n)
	}
	if f.Volatile {
		c.useVolatile(n, f.Name)
	}
	if least, most := f.arity(); len(n.Arguments) < least || most >= 0 && len(n.Arguments) > most {
		c.problem("wrong-arguments", n, problem.P{"name": f.Name, "min": least, "max": most, "got": len(n.Arguments)})
		return c.bad(n)
	}
	x := c.make(opCall, n, Of(Any))
	x.fn = f
	switch f.shape {
	case choice:
		return c.choice(x, n)
	case aggregate:
		return c.aggregate(x, n)
	}
	return c.plain(x, n)
}

// plain checks arguments one by one against the table.
func (c *checker) plain(x *node, n *ast.CallNode) *node {
	f := x.fn
	var path []string // of the list whose rows the function looks at
	named := false    // a row argument has named what is read of it
	for i, a := range n.Arguments {
		p := f.param(i)
		switch {
		case strings.HasPrefix(p.Type, "each"):
			x.args = append(x.args, c.each(a, x.args[0], path, strings.TrimPrefix(p.Type, "each:")))
			named = true
		case i == 0 && p.Type == "list":
			arg := c.check(a)
			path, arg.path = arg.path, nil
			x.args = append(x.args, c.argument(x, p, arg))
		default:
			x.args = append(x.args, c.argument(x, p, c.value(a)))
		}
	}
	x.setType(c.result(x))
	switch {
	case path != nil && (f.Result == "first" || f.Result == "elem"): // handed on: read by whoever takes it
		x.path = path
	case !named:
		c.read(&node{path: path})
	}
	return x
}

// argument checks one value against a parameter's type.
func (c *checker) argument(x *node, p Param, a *node) *node {
	switch p.Type {
	case "any":
		return a
	case "printable":
		if !printable(a.kind) && !a.bad {
			c.problemAt("type-mismatch", a.line, a.col, problem.P{"name": x.fn.Name, "want": "text", "got": a.typ.String()})
		}
		return a
	case "time": // a date or a datetime
		if a.kind == kDate || a.kind == kInstant || a.kind == kAny || a.kind == kEmpty {
			return a
		}
		if a.literal && c.toDate(a) {
			return a
		}
		return c.need(a, Of(DateKind))
	case "unit":
		a = c.need(a, Of(Text))
		if a.op == opText && !validUnit(x.fn, a.text) {
			c.problemAt("wrong-arguments", a.line, a.col, problem.P{"name": x.fn.Name, "got": a.text, "want": unitNames(x.fn),
				"suggestion": nearest(a.text, strings.Split(unitNames(x.fn), ", "))})
		}
		return a
	case "pattern":
		a = c.need(a, Of(Text))
		if a.op == opText && !validPattern(a.text, x.args[0].kind) {
			c.problemAt("wrong-arguments", a.line, a.col, problem.P{"name": x.fn.Name, "got": a.text})
		}
		return a
	}
	return c.need(a, Of(Kind(p.Type)))
}

// each checks a row argument: an expression over every element of list.
func (c *checker) each(n ast.Node, list *node, path []string, want string) *node {
	c.rows = append(c.rows, row{typ: list.typ.elem(), path: path})
	body := c.value(n)
	used := c.rows[len(c.rows)-1].used
	c.rows = c.rows[:len(c.rows)-1]
	if !used && len(path) > 0 {
		c.read(&node{path: path})
	}
	switch want {
	case "number", "bool":
		body = c.need(body, Of(Kind(want)))
	case "order":
		if !ordered(body.kind) && !body.bad {
			c.problemAt("type-mismatch", body.line, body.col, problem.P{"want": "number, text or date", "got": body.typ.String()})
		}
	}
	x := &node{op: opEach, a: body, line: body.line, col: body.col}
	return x.setType(body.typ)
}

// aggregate checks sum, avg, min, max and count: over a list, over an expression of a list's rows, or over values. A
// list with a single value that does not look at the rows is refused: sum(lines, qty) forgot the dot.
func (c *checker) aggregate(x *node, n *ast.CallNode) *node {
	want := x.fn.param(0).Type
	first := c.check(n.Arguments[0])
	rest := n.Arguments[1:]
	listed := first.kind == kList || first.kind == kAny || first.kind == kEmpty
	if len(rest) == 1 && listed && usesRow(rest[0]) {
		path := first.path
		first.path = nil
		each := want
		if x.fn.Name == "count" {
			each = "bool"
		}
		x.args = []*node{first, c.each(rest[0], first, path, each)}
		return c.aggregateType(x, x.args[1].typ)
	}
	c.read(first)
	args := []*node{first}
	for _, a := range rest {
		args = append(args, c.besideList(a, first))
	}
	if len(args) == 2 && first.kind == kList && args[1].kind != kList && args[1].kind != kAny {
		c.problemAt("wrong-arguments", args[1].line, args[1].col, problem.P{"name": x.fn.Name, "want": "row expression"})
		args[1].bad = true
	}
	if len(args) == 2 && args[1].bad {
		return c.aggregateType(x, Of(Any))
	}
	t := Of(Empty)
	for _, a := range args {
		u, ok := unify(t, c.addend(x, a, want))
		if !ok && want == "order" && !a.bad {
			c.problemAt("type-mismatch", a.line, a.col, problem.P{"name": x.fn.Name, "want": t.String(), "got": a.typ.String()})
		}
		t = u
	}
	return c.aggregateType(x, t)
}

// besideList checks a value beside a list whose fields are only suggested: sum(lines, qty) wants .qty.
func (c *checker) besideList(a ast.Node, list *node) *node {
	if list.kind != kList {
		return c.value(a)
	}
	c.rows = append(c.rows, row{typ: list.typ.elem(), hint: true})
	x := c.value(a)
	c.rows = c.rows[:len(c.rows)-1]
	return x
}

// addend checks a value or a list of values and gives the type of what is aggregated.
func (c *checker) addend(x *node, a *node, want string) Type {
	x.args = append(x.args, a)
	t := a.typ
	if a.kind == kList {
		t = a.typ.elem()
	}
	k := t.Kind.code()
	ok := k == kAny || k == kEmpty || k == kInvalid
	switch want {
	case "number":
		ok = ok || k == kNumber
	case "order":
		ok = ok || ordered(k)
	default:
		ok = true
	}
	if !ok && !a.bad {
		c.problemAt("type-mismatch", a.line, a.col, problem.P{"name": x.fn.Name, "want": want, "got": a.typ.String()})
	}
	return t
}

func (c *checker) aggregateType(x *node, t Type) *node {
	if x.fn.Result == "common" {
		return x.setType(t)
	}
	return x.setType(Of(Number))
}

// result is the type of a call by the table's rule.
func (c *checker) result(x *node) Type {
	switch r := x.fn.Result; r {
	case "first":
		return x.args[0].typ
	case "elem":
		return x.args[0].typ.elem()
	case "list<each>":
		return ListOf(x.args[1].typ)
	case "list<text>":
		return ListOf(Of(Text))
	case "common":
		return c.common(x.args...)
	default:
		return Of(Kind(r))
	}
}

// usesRow: the expression mentions its own .field or #, not only those of functions inside it.
func usesRow(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.PointerNode:
		return true
	case *ast.CallNode:
		id, ok := n.Callee.(*ast.IdentifierNode)
		if f, known := lookupNode(id, ok); known && f.rows() && len(n.Arguments) > 0 {
			return usesRow(n.Arguments[0])
		}
	}
	for _, child := range children(n) {
		if usesRow(child) {
			return true
		}
	}
	return false
}

func lookupNode(id *ast.IdentifierNode, ok bool) (*Func, bool) {
	if !ok {
		return nil, false
	}
	return lookup(id.Value)
}
