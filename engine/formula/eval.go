package formula

import (
	"context"
	"errors"
	"math"
	"time"

	"formwork/schemas/value"
)

// Limits of an evaluation.
const (
	// DefaultBudget is the number of steps when Env.Budget is 0: one for every node evaluated and every element that a
	// function looks at, and one for every 64 bytes of text that is compared, searched or built.
	DefaultBudget = 100_000
	maxText       = 1 << 20
	maxList       = 100_000
	maxErrors     = 20
	maxTrace      = 10_000
)

// ErrBudget ends an evaluation that does too much: steps, a text over 1 MiB or a list over 100,000 elements.
var ErrBudget = errors.New("formula: budget")

// Env is what an expression is evaluated in. Values are JSON-domain (schemas/value) or Date and Instant; a name or field
// whose type is date or datetime is read from its text.
type Env struct {
	// Vars are the names of the scope. A name that is missing is empty.
	Vars map[string]any
	// Lookup, when set, is asked instead of Vars.
	Lookup func(name string) (any, bool)
	// Now is what now() and today() say. Zero makes them empty with an error: the clock is injected.
	Now time.Time
	// Zone is where calendar days begin; nil is UTC.
	Zone *time.Location
	// Budget of steps; 0 is DefaultBudget.
	Budget int
	// Trace, when set, records every node's value.
	Trace *Trace
}

// EvalError is something that could not be computed: its value is empty and evaluation went on. Codes: div0, overflow,
// domain (no such number), date (no such date), value (a text that is no number or date), type (a value that is not of
// its declared type), clock (no Now).
type EvalError struct {
	Code   string `json:"code"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Trace is the record of an evaluation, in the order in which values were found.
type Trace struct {
	Steps     []TraceStep
	Truncated bool // more than 10,000 steps
}

// TraceStep is one node's value. Op is the node's "t" in JSON, for calls the function's name.
type TraceStep struct {
	Line, Column int
	Op           string
	Value        any
}

// machine is one evaluation.
type machine struct {
	env    Env
	ctx    context.Context
	left   int
	err    error
	row    any
	locals []val
	errs   []EvalError
	trace  *Trace
}

// Eval runs the program. The result is nil, float64, string, bool, Date, Instant, []any or map[string]any. Errors in
// values come as a list; err is ErrBudget or the context's error, and then there is no result. Lists and objects may
// share memory with env's values.
func (p *Program) Eval(ctx context.Context, env Env) (any, []EvalError, error) {
	m, _ := p.machines.Get().(*machine)
	if m == nil {
		m = &machine{locals: make([]val, p.slots)}
	}
	m.env, m.ctx, m.left, m.trace, m.err, m.errs = env, ctx, env.Budget, env.Trace, nil, nil
	if m.left <= 0 {
		m.left = DefaultBudget
	}
	if m.env.Zone == nil {
		m.env.Zone = time.UTC
	}
	if err := ctx.Err(); err != nil {
		m.err = err
	}
	v := m.eval(p.root)
	if v.k == kNumber && p.scale != nil {
		v.n = value.Round(v.n, *p.scale)
	}
	var out any
	if v.k == kList {
		out = m.export(v, p.typ, p.root)
	} else {
		out = v.box()
	}
	errs, err := m.errs, m.err
	p.machines.Put(m) // it holds env until its next use or a collection, which is cheaper than clearing it
	if err != nil {
		return nil, nil, err
	}
	return out, errs, nil
}

// export boxes a result; the texts in a list of dates become dates.
func (m *machine) export(v val, t Type, at *node) any {
	l, ok := v.r.([]any)
	if !ok || v.k != kList {
		return v.box()
	}
	switch e := t.elem(); e.Kind {
	case DateKind, DateTime, List:
		if !m.spend(len(l)) {
			return nil
		}
		out := make([]any, len(l))
		for i := range l {
			out[i] = m.export(m.from(l[i], e.Kind.code(), at), e, at)
		}
		return out
	}
	return v.r
}

// note records an error in a value.
func (m *machine) note(code string, at *node) {
	if len(m.errs) < maxErrors && m.err == nil {
		m.errs = append(m.errs, EvalError{code, at.line, at.col})
	}
}

// spend takes steps from the budget; false ends the evaluation.
func (m *machine) spend(steps int) bool {
	m.left -= steps
	if m.left < 0 && m.err == nil {
		m.err = ErrBudget
	}
	return m.err == nil
}

// tick is spend(1) on the fast path; the context is looked at now and then.
func (m *machine) tick() bool {
	m.left--
	if m.left < 0 || m.err != nil {
		return m.spend(0)
	}
	if m.left&1023 == 0 {
		m.err = m.ctx.Err()
		return m.err == nil
	}
	return true
}

// finite refuses what is no number.
func (m *machine) finite(f float64, at *node) val {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		m.note("overflow", at)
		return nothing
	}
	return number(f)
}

// built bounds and charges a text.
func (m *machine) built(s string) val {
	if len(s) > maxText {
		m.left = -1
	}
	if !m.spend(len(s) / 64) {
		return nothing
	}
	return text(s)
}

func (m *machine) lookup(name string) any {
	if m.env.Lookup != nil {
		v, _ := m.env.Lookup(name)
		return v
	}
	return m.env.Vars[name]
}

// eval gives a node's value.
func (m *machine) eval(n *node) val {
	if !m.tick() {
		return nothing
	}
	v := m.step(n)
	if m.trace != nil && n.op != opEach {
		m.record(n, v)
	}
	return v
}

func (m *machine) record(n *node, v val) {
	if len(m.trace.Steps) >= maxTrace {
		m.trace.Truncated = true
		return
	}
	name := opNames[n.op]
	if n.fn != nil {
		name = n.fn.Name
	}
	m.trace.Steps = append(m.trace.Steps, TraceStep{n.line, n.col, name, v.box()})
}

// num is eval for an operand of arithmetic, where empty is 0: the fast path that the evaluator lives on.
func (m *machine) num(n *node) float64 {
	if m.trace == nil {
		switch n.op {
		case opNumber:
			m.tick()
			return n.num
		case opName:
			m.tick()
			if f, ok := m.lookup(n.text).(float64); ok && f-f == 0 {
				return f
			}
			return m.asNumber(m.from(m.lookup(n.text), n.kind, n), n)
		case opField:
			if n.a.op == opRow && m.left > 1 {
				o, _ := m.row.(map[string]any)
				if f, ok := o[n.text].(float64); ok && f-f == 0 {
					m.tick()
					m.tick()
					return f
				}
			}
		case opAdd, opSub, opMul:
			m.tick()
			f := arithmetic(n.op, m.num(n.a), m.num(n.b))
			if f-f != 0 {
				m.note("overflow", n)
				return 0
			}
			return f
		}
	}
	return m.asNumber(m.eval(n), n)
}

func arithmetic(op op, a, b float64) float64 {
	switch op {
	case opAdd:
		return a + b
	case opSub:
		return a - b
	}
	return a * b
}
