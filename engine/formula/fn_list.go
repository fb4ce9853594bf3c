package formula

import (
	"math/bits"
	"sort"
)

var listFuncs = []Func{
	{Name: "sum", Group: "list", Params: params("values:number*"), Result: "number", shape: aggregate, run: runSum,
		Doc:     Doc{"The sum of values, of a list, or of an expression over its rows; empties are skipped.", "求和：多个值、列表，或对每一行计算的表达式；空值忽略。"},
		Example: "sum([1, 2, 3], # * 2)", Gives: "12"},
	{Name: "avg", Aliases: []string{"average"}, Group: "list", Params: params("values:number*"), Result: "number", shape: aggregate, run: runAvg,
		Doc:     Doc{"The mean of what is not empty; empty when there is nothing.", "非空值的平均数；没有值时为空。"},
		Example: "avg(1, 2, nil)", Gives: "1.5"},
	{Name: "min", Group: "list", Params: params("values:order*"), Result: "common", shape: aggregate, run: extreme(-1),
		Doc:     Doc{"The least number, text or date; empties are skipped.", "最小的数、文本或日期；空值忽略。"},
		Example: "min(3, 1, 2)", Gives: "1"},
	{Name: "max", Group: "list", Params: params("values:order*"), Result: "common", shape: aggregate, run: extreme(1),
		Doc:     Doc{"The greatest number, text or date; empties are skipped.", "最大的数、文本或日期；空值忽略。"},
		Example: "max([3, 1, 2])", Gives: "3"},
	{Name: "count", Aliases: []string{"countIf", "countA"}, Group: "list", Params: params("values:any*"), Result: "number", shape: aggregate, run: runCount,
		Doc:     Doc{"How many values are not empty, or for how many rows the condition holds.", "非空值的个数，或满足条件的行数。"},
		Example: "count([1, 5, 9], # > 2)", Gives: "2"},
	{Name: "any", Group: "list", Params: params("list:list", "condition:each:bool"), Result: "bool",
		run:     func(m *machine, n *node) val { return boolean(m.find(n, true)) },
		Doc:     Doc{"True when the condition holds for a row.", "任一行满足条件时为真。"},
		Example: "any([1, 5], # > 4)", Gives: "true"},
	{Name: "all", Group: "list", Params: params("list:list", "condition:each:bool"), Result: "bool",
		run:     func(m *machine, n *node) val { return boolean(!m.find(n, false)) },
		Doc:     Doc{"True when the condition holds for every row, also when there is none.", "所有行都满足条件时为真；没有行时也为真。"},
		Example: "all([1, 5], # > 4)", Gives: "false"},
	{Name: "filter", Group: "list", Params: params("list:list", "condition:each:bool"), Result: "first", run: runFilter,
		Doc:     Doc{"The rows for which the condition holds.", "满足条件的行。"},
		Example: "filter([1, 5, 9], # > 2)", Gives: "[5,9]"},
	{Name: "map", Group: "list", Params: params("list:list", "value:each"), Result: "list<each>", run: runMap,
		Doc:     Doc{"An expression's value for every row.", "对每一行计算表达式得到的列表。"},
		Example: "map([1, 2], # * 10)", Gives: "[10,20]"},
	{Name: "sort", Group: "list", Params: params("list:list", "by:each:order?"), Result: "first", run: runSort,
		Doc:     Doc{"The list in ascending order, by an expression over its rows if given; equals keep their order, empties come first.", "升序排列，可按对每一行计算的表达式；相等者保持原序，空值在前。"},
		Example: "sort([3, 1, 2], 0 - #)", Gives: "[3,2,1]"},
	{Name: "unique", Group: "list", Params: params("list:list"), Result: "first", run: runUnique,
		Doc:     Doc{"The list without repetitions.", "去除重复值。"},
		Example: "unique([1, 2, 1])", Gives: "[1,2]"},
	{Name: "first", Group: "list", Params: params("list:list"), Result: "elem", run: pick(true),
		Doc:     Doc{"The first element, empty when there is none.", "第一个元素；没有则为空。"},
		Example: "first([7, 8])", Gives: "7"},
	{Name: "last", Group: "list", Params: params("list:list"), Result: "elem", run: pick(false),
		Doc:     Doc{"The last element, empty when there is none.", "最后一个元素；没有则为空。"},
		Example: "last([7, 8])", Gives: "8"},
}

// over calls visit with the value of every row, until it says false.
func (m *machine) over(n *node, visit func(v val, at *node) bool) {
	if len(n.args) == 2 && n.args[1].op == opEach {
		l := m.argList(n, 0)
		outer := m.row
		for _, e := range l {
			m.row = e
			if v := m.eval(n.args[1].a); m.err != nil || !visit(v, n.args[1].a) {
				break
			}
		}
		m.row = outer
		return
	}
	for i, a := range n.args {
		v := m.arg(n, i)
		if v.k != kList {
			if m.err != nil || !visit(v, a) {
				return
			}
			continue
		}
		elem := a.typ.elem().Kind.code()
		for _, e := range m.asList(v, a) {
			if !m.tick() || !visit(m.from(e, elem, a), a) {
				return
			}
		}
	}
}

func runSum(m *machine, n *node) val {
	if m.trace == nil && len(n.args) == 2 && n.args[1].op == opEach { // the common case without boxing anything
		l := m.argList(n, 0)
		outer, total := m.row, 0.0
		for _, e := range l {
			m.row = e
			total += m.num(n.args[1].a)
			if m.err != nil {
				break
			}
		}
		m.row = outer
		return m.finite(total, n)
	}
	total := 0.0
	m.over(n, func(v val, at *node) bool {
		total += m.asNumber(v, at)
		return true
	})
	return m.finite(total, n)
}

func runAvg(m *machine, n *node) val {
	total, count := 0.0, 0.0
	m.over(n, func(v val, at *node) bool {
		if !v.empty() {
			total += m.asNumber(v, at)
			count++
		}
		return true
	})
	if count == 0 {
		return nothing
	}
	return m.finite(total/count, n)
}

func extreme(sign int) func(*machine, *node) val {
	return func(m *machine, n *node) val {
		best := nothing
		m.over(n, func(v val, at *node) bool {
			if !v.empty() && (best.k == kEmpty || m.compare(v, best, at)*sign > 0) {
				best = v
			}
			return true
		})
		return best
	}
}

func runCount(m *machine, n *node) val {
	count := 0.0
	condition := len(n.args) == 2 && n.args[1].op == opEach
	m.over(n, func(v val, at *node) bool {
		if condition && m.asBool(v, at) || !condition && !v.empty() {
			count++
		}
		return true
	})
	return number(count)
}

// find says whether the condition has this value for a row.
func (m *machine) find(n *node, want bool) bool {
	found := false
	m.over(n, func(v val, at *node) bool {
		found = m.asBool(v, at) == want
		return !found
	})
	return found
}

func runFilter(m *machine, n *node) val {
	l := m.argList(n, 0)
	if len(n.args) < 2 || !m.spend(len(l)) {
		return nothing
	}
	out := make([]any, 0, len(l))
	outer := m.row
	for _, e := range l {
		m.row = e
		if m.asBool(m.eval(n.args[1]), n.args[1]) {
			out = append(out, e)
		}
		if m.err != nil {
			break
		}
	}
	m.row = outer
	return list(out)
}

func runMap(m *machine, n *node) val {
	var out []any
	m.over(n, func(v val, _ *node) bool {
		out = append(out, v.box())
		return true
	})
	return list(out)
}

func runSort(m *machine, n *node) val {
	l := m.argList(n, 0)
	if !m.spend(2*len(l)*bits.Len(uint(len(l))) + len(l)) {
		return nothing
	}
	keys := make([]val, 0, len(l))
	outer := m.row
	for _, e := range l {
		m.row = e
		if len(n.args) > 1 {
			keys = append(keys, m.eval(n.args[1]))
		} else {
			keys = append(keys, m.from(e, n.args[0].typ.elem().Kind.code(), n))
		}
		if m.err != nil {
			return nothing
		}
	}
	m.row = outer
	at := make([]int, len(l))
	for i := range at {
		at[i] = i
	}
	sort.SliceStable(at, func(i, j int) bool { return m.err == nil && m.compare(keys[at[i]], keys[at[j]], n) < 0 })
	out := make([]any, len(l))
	for i, k := range at {
		out[i] = l[k]
	}
	return list(out)
}

// runUnique compares every element with those kept. Scalars of one kind could be found by a map, but equality is our
// own (15 digits), and the budget bounds the work.
func runUnique(m *machine, n *node) val {
	l := m.argList(n, 0)
	elem := kAny
	if len(n.args) > 0 {
		elem = n.args[0].typ.elem().Kind.code()
	}
	var kept []any
	for _, e := range l {
		if m.indexOf(kept, m.from(e, elem, n), elem, n) < 0 {
			kept = append(kept, e)
		}
		if !m.tick() {
			return nothing
		}
	}
	return list(kept)
}

func pick(front bool) func(*machine, *node) val {
	return func(m *machine, n *node) val {
		l := m.argList(n, 0)
		if len(l) == 0 {
			return nothing
		}
		e := l[len(l)-1]
		if front {
			e = l[0]
		}
		return m.from(e, n.kind, n)
	}
}
