package formula

import (
	"github.com/expr-lang/expr/ast"

	"formwork/schemas/problem"
)

// choice checks if, ifs and switch: conditions or cases in turn with results, whose common type is the call's.
func (c *checker) choice(x *node, n *ast.CallNode) *node {
	args := n.Arguments
	for _, a := range args {
		x.args = append(x.args, c.value(a))
	}
	from, otherwise := 0, len(args)%2 == 1
	if x.fn.Name == "switch" {
		from, otherwise = 1, len(args)%2 == 0
	}
	var results []*node
	last := len(args)
	if otherwise {
		last--
	}
	for i := from; i < last; i += 2 {
		if x.fn.Name != "switch" {
			x.args[i] = c.need(x.args[i], Of(Bool))
		} else if k := c.align(x.args[0], x.args[i]); i == from {
			x.by = k
		} else if k != x.by {
			x.by = kAny
		}
		results = append(results, x.args[i+1])
	}
	if last-from < 2 {
		c.problem("wrong-arguments", n, problem.P{"name": x.fn.Name, "got": len(args)})
	}
	if otherwise {
		results = append(results, x.args[last])
	}
	return x.setType(c.common(results...))
}
