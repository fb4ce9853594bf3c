package formula

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"formwork/schemas/problem"
)

// checker turns expr's tree into nodes with types. After a problem it goes on with any, so that one text shows all its
// mistakes and none twice.
type checker struct {
	src      *source
	scope    Scope
	opts     Options
	shift    int
	deps     []Dep
	volatile bool
	slots    int
	locals   []local
	rows     []row
}

type local struct {
	name string
	slot int
	typ  Type
	path []string
}

// row is what .field and # stand for inside a function's row argument.
type row struct {
	typ  Type
	path []string
	used bool // a field of the row was read, so the list is named through it
	hint bool // only the source of suggestions: .field is not allowed here
}

// measure bounds depth and size before anything recursive looks at the tree. A chained comparison shares its middle
// operand, so the number of nodes can be far above the length of the text.
func (c *checker) measure(tree ast.Node) bool {
	count := 0
	var walk func(n ast.Node, depth int) bool
	walk = func(n ast.Node, depth int) bool {
		count++
		if depth > maxDepth {
			c.problem("too-deep", n, problem.P{"max": maxDepth})
			return false
		}
		if count > maxNodes {
			c.problem("too-long", n, problem.P{"max": maxNodes})
			return false
		}
		for _, child := range children(n) {
			if !walk(child, depth+1) {
				return false
			}
		}
		return true
	}
	return walk(tree, 1)
}

// children of the nodes that we know; others are refused without a look inside.
func children(n ast.Node) []ast.Node {
	switch n := n.(type) {
	case *ast.UnaryNode:
		return []ast.Node{n.Node}
	case *ast.BinaryNode:
		return []ast.Node{n.Left, n.Right}
	case *ast.ChainNode:
		return []ast.Node{n.Node}
	case *ast.MemberNode:
		return []ast.Node{n.Node, n.Property}
	case *ast.CallNode:
		return n.Arguments
	case *ast.ConditionalNode:
		return []ast.Node{n.Cond, n.Exp1, n.Exp2}
	case *ast.VariableDeclaratorNode:
		return []ast.Node{n.Value, n.Expr}
	case *ast.ArrayNode:
		return n.Nodes
	}
	return nil
}

func (c *checker) at(n ast.Node) (line, col int) { return c.src.place(n.Location().From - c.shift) }

// problem reports once per place and code.
func (c *checker) problem(code string, n ast.Node, params problem.P) {
	line, col := c.at(n)
	c.problemAt(code, line, col, params)
}

func (c *checker) problemAt(code string, line, col int, params problem.P) {
	for _, p := range c.src.problems {
		if p.Code == code && p.Params["line"] == line && p.Params["column"] == col {
			return
		}
	}
	c.src.reportAt(code, line, col, params)
}

func (c *checker) make(op op, at ast.Node, t Type) *node {
	n := &node{op: op}
	n.line, n.col = c.at(at)
	return n.setType(t)
}

func (c *checker) bad(at ast.Node) *node {
	n := c.make(opEmpty, at, Of(Any))
	n.bad = true
	return n
}

// value checks an expression whose value is used: fields that it names are read.
func (c *checker) value(n ast.Node) *node {
	x := c.check(n)
	c.read(x)
	return x
}

// read notes that the whole value is used.
func (c *checker) read(x *node) {
	if len(x.path) == 0 {
		return
	}
	path := x.path
	x.path = nil
	for i := range c.rows {
		r := &c.rows[i]
		if len(r.path) > 0 && len(path) > len(r.path) && slices.Equal(path[:len(r.path)], r.path) {
			r.used = true
		}
	}
	for _, d := range c.deps {
		if slices.Equal(d, path) {
			return
		}
	}
	c.deps = append(c.deps, path)
}

func (c *checker) check(n ast.Node) *node {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return c.number(n, float64(n.Value))
	case *ast.FloatNode:
		return c.number(n, n.Value)
	case *ast.StringNode:
		x := c.make(opText, n, Of(Text))
		x.text, x.literal = n.Value, true
		return x
	case *ast.BoolNode:
		x := c.make(opBool, n, Of(Bool))
		if n.Value {
			x.num = 1
		}
		return x
	case *ast.NilNode:
		return c.make(opEmpty, n, Of(Empty))
	case *ast.IdentifierNode:
		return c.name(n)
	case *ast.PointerNode:
		return c.pointer(n)
	case *ast.ChainNode: // a?.b is a.b: a member of empty is empty anyway
		return c.check(n.Node)
	case *ast.MemberNode:
		return c.member(n)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.VariableDeclaratorNode:
		return c.let(n)
	case *ast.ArrayNode:
		return c.list(n)
	case *ast.CallNode:
		return c.call(n)
	}
	c.problem("not-allowed", n, nil)
	return c.bad(n)
}

func (c *checker) number(at ast.Node, f float64) *node {
	x := c.make(opNumber, at, Of(Number))
	x.num = f
	return x
}

func (c *checker) conditional(n *ast.ConditionalNode) *node {
	cond := c.need(c.value(n.Cond), Of(Bool))
	x := c.make(opIf, n.Cond, Of(Any))
	x.a, x.b, x.c = cond, c.value(n.Exp1), c.value(n.Exp2)
	return x.setType(c.common(x.b, x.c))
}

func (c *checker) let(n *ast.VariableDeclaratorNode) *node {
	v := c.check(n.Value)
	l := local{name: n.Name, slot: c.slots, typ: v.typ, path: v.path}
	c.slots++
	c.locals = append(c.locals, l)
	body := c.check(n.Expr)
	c.locals = c.locals[:len(c.locals)-1]
	x := c.make(opLet, n, body.typ)
	x.text, x.slot, x.a, x.b, x.path = n.Name, l.slot, v, body, body.path
	return x
}

func (c *checker) list(n *ast.ArrayNode) *node {
	x := c.make(opList, n, Of(Any))
	for _, e := range n.Nodes {
		x.args = append(x.args, c.value(e))
	}
	return x.setType(ListOf(c.common(x.args...)))
}
