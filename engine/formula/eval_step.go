package formula

import (
	"math"

	"formwork/schemas/value"
)

// step runs one node. Every case stands any operands: a tree that came as JSON may lie about kinds.
func (m *machine) step(n *node) val {
	switch n.op {
	case opNumber:
		return number(n.num)
	case opText:
		return text(n.text)
	case opBool:
		return boolean(n.num != 0)
	case opDate:
		return date(int64(n.num))
	case opName:
		return m.from(m.lookup(n.text), n.kind, n)
	case opLocal:
		return m.locals[n.slot]
	case opRow:
		return m.from(m.row, n.kind, n)
	case opField:
		return m.field(n)
	case opIndex:
		return m.index(n)
	case opAdd, opSub, opMul:
		return m.finite(arithmetic(n.op, m.num(n.a), m.num(n.b)), n)
	case opNeg:
		return number(0 - m.num(n.a))
	case opDiv, opMod, opPow:
		return m.divide(n)
	case opEq, opNe, opLt, opLe, opGt, opGe:
		return m.comparison(n)
	case opNot:
		return boolean(!m.asBool(m.eval(n.a), n.a))
	case opAnd:
		return boolean(m.asBool(m.eval(n.a), n.a) && m.asBool(m.eval(n.b), n.b))
	case opOr:
		return boolean(m.asBool(m.eval(n.a), n.a) || m.asBool(m.eval(n.b), n.b))
	case opIf:
		if m.asBool(m.eval(n.a), n.a) {
			return m.fit(m.eval(n.b), n)
		}
		return m.fit(m.eval(n.c), n)
	case opCoalesce:
		if v := m.eval(n.a); !v.empty() {
			return m.fit(v, n)
		}
		return m.fit(m.eval(n.b), n)
	case opConcat:
		a := m.asText(m.eval(n.a), n.a)
		b := m.asText(m.eval(n.b), n.b)
		return m.built(a + b)
	case opShift:
		return m.shift(m.eval(n.a), m.num(n.b), n)
	case opShiftBack:
		return m.shift(m.eval(n.a), -m.num(n.b), n)
	case opSpan:
		return m.span(n)
	case opCall:
		return n.fn.run(m, n)
	case opLet:
		m.locals[n.slot] = m.eval(n.a)
		return m.eval(n.b)
	case opList:
		return m.list(n)
	case opRange:
		return m.rangeOf(n)
	case opIn:
		return m.in(n)
	case opCast:
		return m.asInstant(m.eval(n.a), n)
	case opEach:
		return m.eval(n.a)
	}
	return nothing
}

// fit makes a date of a chosen branch the instant that its sibling is. The checker casts what it can see.
func (m *machine) fit(v val, n *node) val {
	if n.kind == kInstant && v.k == kDate {
		return m.asInstant(v, n)
	}
	return v
}

func (m *machine) field(n *node) val {
	v := m.eval(n.a)
	if v.k == kEmpty {
		return nothing
	}
	o, ok := v.r.(map[string]any)
	if !ok {
		m.note("type", n)
		return nothing
	}
	return m.from(o[n.text], n.kind, n)
}

func (m *machine) index(n *node) val {
	l := m.asList(m.eval(n.a), n.a)
	i := math.Trunc(m.num(n.b))
	if i < 0 {
		i += float64(len(l))
	}
	if i < 0 || i >= float64(len(l)) {
		return nothing
	}
	return m.from(l[int(i)], n.kind, n)
}

func (m *machine) divide(n *node) val {
	a, b := m.num(n.a), m.num(n.b)
	if n.op == opPow {
		return m.power(a, b, n)
	}
	if b == 0 {
		m.note("div0", n)
		return nothing
	}
	if n.op == opMod {
		return m.finite(math.Mod(a, b), n)
	}
	return m.finite(a/b, n)
}

// power multiplies for whole exponents, so that Go and TypeScript agree on every bit; other results are rounded to 15
// digits for the same reason.
func (m *machine) power(a, b float64, n *node) val {
	if b != math.Trunc(b) || math.Abs(b) > 1<<20 {
		f := math.Pow(a, b)
		if math.IsNaN(f) {
			m.note("domain", n)
			return nothing
		}
		return m.finite(digits15(f), n)
	}
	if a == 0 && b < 0 {
		m.note("div0", n)
		return nothing
	}
	f := 1.0
	for e := int(math.Abs(b)); e > 0; e >>= 1 {
		if e&1 == 1 {
			f *= a
		}
		a *= a
	}
	if b < 0 {
		f = 1 / f
	}
	return m.finite(f, n)
}

func (m *machine) list(n *node) val {
	out := make([]any, 0, len(n.args))
	for _, a := range n.args {
		out = append(out, m.fit(m.eval(a), a).box())
	}
	return list(out)
}

func (m *machine) rangeOf(n *node) val {
	a, b := math.Trunc(m.num(n.a)), math.Trunc(m.num(n.b))
	if b < a || m.err != nil {
		return list(nil)
	}
	if b-a >= maxList || math.Abs(a) > 1<<53 {
		m.left = -1
	}
	if !m.spend(int(min(b-a, maxList)) + 1) {
		return nothing
	}
	out := make([]any, 0, int(b-a)+1)
	for f := a; f <= b; f++ {
		out = append(out, f)
	}
	return list(out)
}

func (m *machine) in(n *node) val {
	a := m.eval(n.a)
	l := m.asList(m.eval(n.b), n.b)
	return boolean(m.indexOf(l, a, n.b.typ.elem().Kind.code(), n) >= 0)
}

// indexOf is the first element equal to a, -1 when there is none. Unlike ==, an empty is only in a list that holds one.
func (m *machine) indexOf(l []any, a val, elem kind, n *node) int {
	for i := range l {
		if !m.tick() {
			break
		}
		e := m.from(l[i], elem, n)
		if e.empty() != a.empty() {
			continue
		}
		if m.equal(a, e, n) {
			return i
		}
	}
	return -1
}

// asInstant is the first instant of a date in the zone.
func (m *machine) asInstant(v val, at *node) val {
	switch v.k {
	case kDate:
		return instant(value.StartOfDay(int64(v.n), m.env.Zone))
	case kInstant, kEmpty:
		return v
	case kText: // any that turned out to be a text
		return m.from(v.s, kInstant, at)
	}
	m.note("type", at)
	return nothing
}
