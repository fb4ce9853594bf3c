package formula

import (
	"github.com/expr-lang/expr/ast"

	"formwork/schemas/problem"
)

func (c *checker) unary(n *ast.UnaryNode) *node {
	a := c.value(n.Node)
	switch n.Operator {
	case "not", "!":
		x := c.make(opNot, n, Of(Bool))
		x.a = c.need(a, Of(Bool))
		return x
	case "-":
		if a.op == opNumber { // a negative literal is a literal
			a.num = -a.num
			a.line, a.col = c.at(n)
			return a
		}
		x := c.make(opNeg, n, Of(Number))
		x.a = c.need(a, Of(Number))
		return x
	}
	return c.need(a, Of(Number)) // unary plus
}

func (c *checker) binary(n *ast.BinaryNode) *node {
	switch n.Operator {
	case "and", "&&":
		return c.both(opAnd, n, Bool, Bool)
	case "or", "||":
		return c.both(opOr, n, Bool, Bool)
	case "+":
		return c.plus(n)
	case "-":
		return c.minus(n)
	case "*":
		return c.both(opMul, n, Number, Number)
	case "/":
		return c.both(opDiv, n, Number, Number)
	case "%":
		return c.both(opMod, n, Number, Number)
	case "**", "^":
		return c.both(opPow, n, Number, Number)
	case "==":
		return c.compare(opEq, n)
	case "!=":
		return c.compare(opNe, n)
	case "<":
		return c.compare(opLt, n)
	case "<=":
		return c.compare(opLe, n)
	case ">":
		return c.compare(opGt, n)
	case ">=":
		return c.compare(opGe, n)
	case "in":
		return c.in(n)
	case "??":
		x := c.make(opCoalesce, n, Of(Any))
		x.a, x.b = c.value(n.Left), c.value(n.Right)
		return x.setType(c.common(x.a, x.b))
	case "..":
		x := c.both(opRange, n, Number, Number)
		return x.setType(ListOf(Of(Number)))
	case "contains", "startsWith", "endsWith": // the functions of the same names
		f, _ := lookup(n.Operator)
		x := c.make(opCall, n, Of(Bool))
		x.fn = f
		x.args = []*node{c.need(c.value(n.Left), Of(Text)), c.need(c.value(n.Right), Of(Text))}
		return x
	}
	c.problem("not-allowed", n, problem.P{"name": n.Operator})
	return c.bad(n)
}

// both is an operator with fixed kinds, whose result is of the left one's.
func (c *checker) both(op op, n *ast.BinaryNode, left, right Kind) *node {
	x := c.make(op, n, Of(left))
	x.a = c.need(c.value(n.Left), Of(left))
	x.b = c.need(c.value(n.Right), Of(right))
	return x
}

func (c *checker) plus(n *ast.BinaryNode) *node {
	a, b := c.value(n.Left), c.value(n.Right)
	x := c.make(opAdd, n, Of(Number))
	x.a, x.b = a, b
	switch {
	case a.kind == kText || b.kind == kText:
		x.op = opConcat
		for _, side := range []*node{a, b} {
			if !printable(side.kind) && !side.bad {
				c.problemAt("type-mismatch", side.line, side.col, problem.P{"want": string(Text), "got": side.typ.String()})
			}
		}
		return x.setType(Of(Text))
	case a.kind == kDate || a.kind == kInstant:
		x.op, x.b = opShift, c.need(b, Of(Number))
		return x.setType(a.typ)
	case b.kind == kDate || b.kind == kInstant:
		x.op, x.a, x.b = opShift, b, c.need(a, Of(Number))
		return x.setType(b.typ)
	}
	x.a, x.b = c.need(a, Of(Number)), c.need(b, Of(Number))
	return x
}

func printable(k kind) bool { return k != kList && k != kObject }

func (c *checker) minus(n *ast.BinaryNode) *node {
	a, b := c.value(n.Left), c.value(n.Right)
	x := c.make(opSub, n, Of(Number))
	x.a, x.b = a, b
	dated := func(k kind) bool { return k == kDate || k == kInstant }
	switch {
	case dated(b.kind) || dated(a.kind) && b.literal: // what is taken away is a date: a span of days
		x.op = opSpan
		if a.kind == kInstant || b.kind == kInstant {
			x.a, x.b = c.need(a, Of(DateTime)), c.need(b, Of(DateTime))
		} else {
			x.a, x.b = c.need(a, Of(DateKind)), c.need(b, Of(DateKind))
		}
		return x
	case dated(a.kind):
		x.op, x.b = opShiftBack, c.need(b, Of(Number))
		return x.setType(a.typ)
	}
	x.a, x.b = c.need(a, Of(Number)), c.need(b, Of(Number))
	return x
}

func (c *checker) compare(op op, n *ast.BinaryNode) *node {
	x := c.make(op, n, Of(Bool))
	x.a, x.b = c.value(n.Left), c.value(n.Right)
	x.by = c.align(x.a, x.b)
	if op != opEq && op != opNe && !ordered(x.by) {
		c.problem("type-mismatch", n, problem.P{"want": "number, text or date", "got": x.a.typ.String()})
	}
	return x
}

func ordered(k kind) bool { return k != kList && k != kObject }

// align makes two values comparable and gives the kind they are compared as.
func (c *checker) align(a, b *node) kind {
	k := a.kind
	switch {
	case a.bad || b.bad:
		return kAny
	case a.kind == kAny || b.kind == kAny:
		// the known side decides, but only the run can tell: a date compares with a date text
		if k == kAny {
			k = b.kind
		}
		if k == kDate || k == kInstant {
			return k
		}
		return kAny
	case a.kind == kEmpty:
		return b.kind
	case b.kind == kEmpty || a.kind == b.kind:
		return k
	case a.kind == kInstant || b.kind == kInstant:
		k = kInstant
	case a.kind == kDate || b.kind == kDate:
		k = kDate
	}
	if x := c.need(a, Of(k.name())); !x.bad {
		c.need(b, Of(k.name()))
	}
	return k
}

func (c *checker) in(n *ast.BinaryNode) *node {
	x := c.make(opIn, n, Of(Bool))
	x.a, x.b = c.value(n.Left), c.value(n.Right)
	switch x.b.kind {
	case kList:
		x.by = c.alignElem(x.a, x.b)
	case kAny, kEmpty:
		x.by = kAny
	default:
		params := problem.P{"want": "list", "got": x.b.typ.String()}
		if x.b.kind == kText {
			params["suggestion"] = "contains"
		}
		c.problemAt("type-mismatch", x.b.line, x.b.col, params)
		x.by = kAny
	}
	return x
}

// alignElem compares a value with the elements of a list. Literal texts beside a date are dates.
func (c *checker) alignElem(a, list *node) kind {
	if list.op == opList && len(list.args) > 0 && (a.kind == kDate || a.kind == kInstant) {
		for _, e := range list.args {
			c.need(e, a.typ)
		}
		list.setType(ListOf(a.typ))
		return a.kind
	}
	probe := &node{line: list.line, col: list.col}
	probe.setType(list.typ.elem())
	k := c.align(a, probe)
	if probe.op == opCast { // dates in the list, a datetime beside them: nothing converts a whole list
		c.problemAt("type-mismatch", list.line, list.col, problem.P{"want": ListOf(a.typ).String(), "got": list.typ.String()})
	}
	return k
}
