package formula

import (
	"strings"
)

func (m *machine) comparison(n *node) val {
	var c int
	switch {
	case n.by == kNumber && m.trace == nil:
		c = order(m.num(n.a), m.num(n.b))
	case n.op == opEq || n.op == opNe:
		a, b := m.eval(n.a), m.eval(n.b)
		return boolean(m.equalAs(n.by, a, b, n) == (n.op == opEq))
	default:
		a, b := m.eval(n.a), m.eval(n.b)
		c = m.compare(a, b, n)
	}
	switch n.op {
	case opEq:
		return boolean(c == 0)
	case opNe:
		return boolean(c != 0)
	case opLt:
		return boolean(c < 0)
	case opLe:
		return boolean(c <= 0)
	case opGt:
		return boolean(c > 0)
	}
	return boolean(c >= 0)
}

// equalAs is == where the checker knows the kinds: by any, a date beside a text is read from it.
func (m *machine) equalAs(by kind, a, b val, n *node) bool {
	if by == kDate || by == kInstant {
		a, b = m.timely(a, by, n), m.timely(b, by, n)
	}
	return m.equal(a, b, n)
}

func (m *machine) timely(v val, k kind, n *node) val {
	if v.k == kText {
		return m.from(v.s, k, n)
	}
	return v
}

// equal: empty equals the other side's zero (”, 0, false, no elements); values of different kinds are not equal.
func (m *machine) equal(a, b val, n *node) bool {
	if a.k == kEmpty || b.k == kEmpty {
		if a.k == kEmpty {
			a, b = b, a
		}
		return a.empty() || (a.k == kNumber || a.k == kBool) && a.n == 0
	}
	a, b = m.sameTime(a, b)
	if a.k != b.k {
		return false
	}
	switch a.k {
	case kText:
		m.spend(min(len(a.s), len(b.s)) / 64)
		return a.s == b.s
	case kList, kObject:
		return m.deepEqual(a.r, b.r, n, 0)
	case kNumber:
		return order(a.n, b.n) == 0
	}
	return a.n == b.n
}

// sameTime: a date beside a datetime is the instant at which it begins.
func (m *machine) sameTime(a, b val) (val, val) {
	if a.k == kDate && b.k == kInstant {
		a = m.asInstant(a, nil)
	} else if a.k == kInstant && b.k == kDate {
		b = m.asInstant(b, nil)
	}
	return a, b
}

func (m *machine) deepEqual(a, b any, n *node, depth int) bool {
	if depth > maxDepth || !m.tick() {
		return false
	}
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !m.deepEqual(x[i], y[i], n, depth+1) {
				return false
			}
		}
		return true
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for k := range x {
			e, ok := y[k]
			if !ok || !m.deepEqual(x[k], e, n, depth+1) {
				return false
			}
		}
		return true
	}
	switch b.(type) {
	case []any, map[string]any:
		return false
	}
	v, w := m.from(a, kAny, n), m.from(b, kAny, n)
	return v.k == w.k && m.equal(v, w, n)
}

// compare orders two values: empties are 0, ” or false beside a number, text or bool, and before every date. Values
// that have no order are equal with an error.
func (m *machine) compare(a, b val, n *node) int {
	if n.by == kDate || n.by == kInstant {
		a, b = m.timely(a, n.by, n), m.timely(b, n.by, n)
	}
	a, b = m.sameTime(a, b)
	if a.k == kEmpty && b.k == kEmpty {
		return 0
	}
	if a.k == kEmpty {
		a = zero(b)
	} else if b.k == kEmpty {
		b = zero(a)
	}
	if a.k != b.k {
		if a.k == kEmpty {
			return -1
		}
		if b.k == kEmpty {
			return 1
		}
		m.note("type", n)
		return 0
	}
	switch a.k {
	case kText:
		m.spend(min(len(a.s), len(b.s)) / 64)
		return strings.Compare(a.s, b.s)
	case kNumber:
		return order(a.n, b.n)
	case kBool, kDate, kInstant:
		switch {
		case a.n < b.n:
			return -1
		case a.n > b.n:
			return 1
		}
		return 0
	}
	m.note("type", n)
	return 0
}

// zero is what empty counts as beside v; dates have none.
func zero(v val) val {
	switch v.k {
	case kNumber, kText, kBool:
		return val{k: v.k}
	}
	return nothing
}
