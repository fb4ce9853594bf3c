package formula

var logicFuncs = []Func{
	{Name: "if", Group: "logic", Params: params("condition:bool", "then:any", "else:any?"), Result: "common", shape: choice, run: runIf,
		Doc:     Doc{"The second value when the condition holds, else the third (empty without one).", "条件成立时取第二个值，否则取第三个值（省略则为空）。"},
		Example: "if(3 > 2, 'yes', 'no')", Gives: `"yes"`},
	{Name: "ifs", Group: "logic", Params: params("condition:bool", "then:any", "more:any?*"), Result: "common", shape: choice, run: runIf,
		Doc:     Doc{"The value behind the first condition that holds; a last value alone is for none of them.", "取第一个成立的条件对应的值；末尾单独的值用于都不成立时。"},
		Example: "ifs(1 > 2, 'a', 3 > 2, 'b', 'c')", Gives: `"b"`},
	{Name: "switch", Group: "logic", Params: params("value:any", "case:any", "then:any", "more:any?*"), Result: "common", shape: choice, run: runSwitch,
		Doc:     Doc{"The value behind the first case equal to the first argument; a last value alone is for none of them.", "取与第一个参数相等的分支的值；末尾单独的值用于都不相等时。"},
		Example: "switch('B', 'A', 10, 'B', 20, 0)", Gives: "20"},
	{Name: "and", Group: "logic", Params: params("condition:bool*"), Result: "bool", run: runAnd,
		Doc:     Doc{"True when every condition holds.", "全部条件成立时为真。"},
		Example: "and(1 < 2, 2 < 3)", Gives: "true"},
	{Name: "or", Group: "logic", Params: params("condition:bool*"), Result: "bool", run: runOr,
		Doc:     Doc{"True when a condition holds.", "任一条件成立时为真。"},
		Example: "or(1 > 2, 2 < 3)", Gives: "true"},
	{Name: "not", Group: "logic", Params: params("condition:bool"), Result: "bool",
		run:     func(m *machine, n *node) val { return boolean(!m.argBool(n, 0)) },
		Doc:     Doc{"True when the condition does not hold.", "条件不成立时为真。"},
		Example: "not(1 > 2)", Gives: "true"},
	{Name: "isEmpty", Aliases: []string{"isBlank"}, Group: "logic", Params: params("value:any"), Result: "bool",
		run:     func(m *machine, n *node) val { return boolean(m.arg(n, 0).empty()) },
		Doc:     Doc{"True for an empty value, an empty text or a list without elements; 0 and false are not empty.", "值为空、空文本或空列表时为真；0 和 false 不算空。"},
		Example: "isEmpty('')", Gives: "true"},
	{Name: "coalesce", Group: "logic", Params: params("value:any*"), Result: "common", run: runCoalesce,
		Doc:     Doc{"The first value that is not empty.", "第一个非空的值。"},
		Example: "coalesce(nil, '', 'x')", Gives: `"x"`},
}

// runIf serves if and ifs: pairs of condition and value, then perhaps a value for none.
func runIf(m *machine, n *node) val {
	i := 0
	for ; i+1 < len(n.args); i += 2 {
		if m.argBool(n, i) {
			return m.fit(m.arg(n, i+1), n)
		}
	}
	return m.fit(m.arg(n, i), n)
}

func runSwitch(m *machine, n *node) val {
	v := m.arg(n, 0)
	i := 1
	for ; i+1 < len(n.args); i += 2 {
		if m.equalAs(n.by, v, m.arg(n, i), n) {
			return m.fit(m.arg(n, i+1), n)
		}
	}
	return m.fit(m.arg(n, i), n)
}

func runAnd(m *machine, n *node) val {
	for i := range n.args {
		if !m.argBool(n, i) {
			return boolean(false)
		}
	}
	return boolean(true)
}

func runOr(m *machine, n *node) val {
	for i := range n.args {
		if m.argBool(n, i) {
			return boolean(true)
		}
	}
	return boolean(false)
}

func runCoalesce(m *machine, n *node) val {
	for i := range n.args {
		if v := m.arg(n, i); !v.empty() {
			return m.fit(v, n)
		}
	}
	return nothing
}
