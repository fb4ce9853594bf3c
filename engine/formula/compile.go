package formula

import (
	"context"
	"sync"

	"formwork/schemas/problem"
)

// Scope is the names that an expression may use and their types.
type Scope map[string]Type

// Options say what an expression is for.
type Options struct {
	// Want is the type of the result; the zero Type and any accept everything.
	Want Type
	// Volatile allows functions and names that change without the record changing. Stored formulas, metric filters and
	// roll-ups leave it false.
	Volatile bool
	// VolatileNames are the names of the scope that count as volatile ("user").
	VolatileNames []string
	// Scale rounds a number result to this many decimals; nil leaves it alone.
	Scale *int
}

// Dep is the path of a field that an expression reads: ["lines", "qty"].
type Dep []string

// Program is a checked expression. It is immutable and safe for concurrent use.
type Program struct {
	src      string
	root     *node
	typ      Type
	deps     []Dep
	volatile bool
	scale    *int
	slots    int
	machines sync.Pool // of *machine: evaluation allocates nothing but its result
}

// Compile parses and checks src. Either the program or problems, never both. Every problem has params line and column
// (from 1, columns in runes) and snippet; name, suggestion, want and got where they apply.
func Compile(src string, scope Scope, opts Options) (*Program, problem.List) {
	s := newSource(src)
	tree, ok := parse(s)
	if !ok {
		return nil, s.problems
	}
	c := &checker{src: s, scope: scope, opts: opts, shift: len(before)}
	if !c.measure(tree) {
		return nil, s.problems
	}
	root := c.value(tree)
	if k := opts.Want.Kind; k != "" && k != Any {
		root = c.need(root, opts.Want)
	}
	if len(s.problems) > 0 {
		return nil, s.problems
	}
	return &Program{src: src, root: root, typ: root.typ, deps: c.deps, volatile: c.volatile, scale: opts.Scale, slots: c.slots}, nil
}

// Type is the type of the result.
func (p *Program) Type() Type { return p.typ }

// Deps are the fields that the program reads, in the order of their first use. A list whose rows' fields are read is
// named through them; ["lines"] alone stands for its length or whole rows. The caller must not change them.
func (p *Program) Deps() []Dep { return p.deps }

// Volatile says whether the result can change without the record changing.
func (p *Program) Volatile() bool { return p.volatile }

// Source is the text that was compiled.
func (p *Program) Source() string { return p.src }

// Constant evaluates a program whose value a filter or a default needs, and gives a JSON-domain value. A formula error
// is an error here: a filter must not silently compare with empty.
func (p *Program) Constant(ctx context.Context, env Env) (any, error) {
	v, errs, err := p.Eval(ctx, env)
	if err != nil {
		return nil, err
	}
	if len(errs) > 0 {
		e := errs[0]
		return nil, problem.Fail(problem.Invalid, "formula-error", "", problem.P{"reason": e.Code, "line": e.Line, "column": e.Column})
	}
	return Plain(v), nil
}
