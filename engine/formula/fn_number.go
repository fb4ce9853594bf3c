package formula

import (
	"math"
	"strings"

	"formwork/schemas/value"
)

var numberFuncs = []Func{
	{Name: "round", Group: "number", Params: params("number:number", "digits:number?"), Result: "number", run: rounding(value.Round),
		Doc:     Doc{"Rounds half away from zero, on the decimal text; negative digits round to tens, hundreds ..", "四舍五入到指定小数位（按十进制文本，远离零）；负数位表示十位、百位……"},
		Example: "round(1.005, 2)", Gives: "1.01"},
	{Name: "roundUp", Group: "number", Params: params("number:number", "digits:number?"), Result: "number", run: rounding(roundUp),
		Doc:     Doc{"Rounds away from zero.", "向远离零的方向舍入。"},
		Example: "roundUp(3.141, 2)", Gives: "3.15"},
	{Name: "roundDown", Aliases: []string{"trunc"}, Group: "number", Params: params("number:number", "digits:number?"), Result: "number", run: rounding(roundDown),
		Doc:     Doc{"Cuts decimals off, towards zero.", "向零方向截断。"},
		Example: "roundDown(-3.149, 2)", Gives: "-3.14"},
	{Name: "ceil", Aliases: []string{"ceiling"}, Group: "number", Params: params("number:number", "step:number?"), Result: "number", run: stepping(math.Ceil),
		Doc:     Doc{"The next multiple of the step (1) upwards.", "向上取到步长（默认 1）的倍数。"},
		Example: "ceil(22.25, 0.5)", Gives: "22.5"},
	{Name: "floor", Group: "number", Params: params("number:number", "step:number?"), Result: "number", run: stepping(math.Floor),
		Doc:     Doc{"The next multiple of the step (1) downwards.", "向下取到步长（默认 1）的倍数。"},
		Example: "floor(22.25, 0.5)", Gives: "22"},
	{Name: "int", Group: "number", Params: params("number:number"), Result: "number",
		run:     func(m *machine, n *node) val { return m.finite(math.Floor(m.argNumber(n, 0, 0)), n) },
		Doc:     Doc{"The next whole number downwards: int(-1.5) is -2.", "向下取整：int(-1.5) 为 -2。"},
		Example: "int(-1.5)", Gives: "-2"},
	{Name: "abs", Group: "number", Params: params("number:number"), Result: "number",
		run:     func(m *machine, n *node) val { return number(math.Abs(m.argNumber(n, 0, 0))) },
		Doc:     Doc{"The number without its sign.", "绝对值。"},
		Example: "abs(-5)", Gives: "5"},
	{Name: "sign", Group: "number", Params: params("number:number"), Result: "number",
		run:     func(m *machine, n *node) val { return number(float64(order(m.argNumber(n, 0, 0), 0))) },
		Doc:     Doc{"1, 0 or -1.", "正数为 1，零为 0，负数为 -1。"},
		Example: "sign(-5)", Gives: "-1"},
	{Name: "mod", Group: "number", Params: params("number:number", "divisor:number"), Result: "number", run: runMod,
		Doc:     Doc{"The remainder, with the sign of the divisor.", "求余，符号与除数相同。"},
		Example: "mod(-3, 2)", Gives: "1"},
	{Name: "power", Aliases: []string{"pow"}, Group: "number", Params: params("number:number", "exponent:number"), Result: "number",
		run:     func(m *machine, n *node) val { return m.power(m.argNumber(n, 0, 0), m.argNumber(n, 1, 0), n) },
		Doc:     Doc{"The number to a power.", "乘幂。"},
		Example: "power(2, 10)", Gives: "1024"},
	{Name: "sqrt", Group: "number", Params: params("number:number"), Result: "number", run: runSqrt,
		Doc:     Doc{"The square root; a formula error below 0.", "平方根；负数记为公式错误。"},
		Example: "sqrt(16)", Gives: "4"},
	{Name: "clamp", Group: "number", Params: params("number:number", "least:number", "most:number"), Result: "number", run: runClamp,
		Doc:     Doc{"The number, but at least the second and at most the third.", "把数值限制在下限与上限之间。"},
		Example: "clamp(120, 0, 100)", Gives: "100"},
	{Name: "safeDiv", Group: "number", Params: params("number:number", "divisor:number", "otherwise:number?"), Result: "number", run: runSafeDiv,
		Doc:     Doc{"The quotient, or the third value (empty) when the divisor is 0, without a formula error.", "求商；除数为 0 时取第三个值（默认为空），不记错误。"},
		Example: "safeDiv(1, 0, 0)", Gives: "0"},
}

// rounding is a function of a number and its digits (0).
func rounding(round func(f float64, digits int) float64) func(*machine, *node) val {
	return func(m *machine, n *node) val {
		f := m.argNumber(n, 0, 0)
		digits := int(math.Trunc(math.Max(-400, math.Min(400, m.argNumber(n, 1, 0)))))
		return m.finite(round(f, digits), n)
	}
}

// roundDown cuts the decimal text.
func roundDown(f float64, digits int) float64 {
	r := value.Round(f, digits)
	if math.Abs(r) <= math.Abs(f) {
		return r
	}
	return value.Round(r-math.Copysign(math.Pow10(-digits), f), digits)
}

func roundUp(f float64, digits int) float64 {
	r := value.Round(f, digits)
	if math.Abs(r) >= math.Abs(f) {
		return r
	}
	return value.Round(r+math.Copysign(math.Pow10(-digits), f), digits)
}

// stepping rounds to multiples; quotient and product are rounded to 15 digits, or 22.3/0.1 would be 222.99999999999997.
func stepping(round func(float64) float64) func(*machine, *node) val {
	return func(m *machine, n *node) val {
		f, step := m.argNumber(n, 0, 0), m.argNumber(n, 1, 1)
		if step == 0 || f == 0 {
			return number(0)
		}
		if f > 0 && step < 0 {
			m.note("domain", n)
			return nothing
		}
		return m.finite(digits15(round(digits15(f/step))*step)+0, n)
	}
}

func runMod(m *machine, n *node) val {
	a, b := m.argNumber(n, 0, 0), m.argNumber(n, 1, 0)
	if b == 0 {
		m.note("div0", n)
		return nothing
	}
	r := math.Mod(a, b)
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return m.finite(r+0, n)
}

func runSqrt(m *machine, n *node) val {
	f := m.argNumber(n, 0, 0)
	if f < 0 {
		m.note("domain", n)
		return nothing
	}
	return number(math.Sqrt(f))
}

func runClamp(m *machine, n *node) val {
	f, least, most := m.argNumber(n, 0, 0), m.argNumber(n, 1, 0), m.argNumber(n, 2, 0)
	return number(math.Min(math.Max(f, least), math.Max(least, most)))
}

func runSafeDiv(m *machine, n *node) val {
	a, b := m.argNumber(n, 0, 0), m.argNumber(n, 1, 0)
	if b == 0 {
		return m.arg(n, 2)
	}
	return m.finite(a/b, n)
}

// parseNumber reads what people type: spaces around, thousands commas, a percent sign.
func parseNumber(s string) (float64, bool) {
	s = strings.ReplaceAll(strings.TrimSpace(s), ",", "")
	s, percent := strings.CutSuffix(s, "%")
	f, ok := decimal(s)
	if percent {
		f = digits15(f / 100)
	}
	return f, ok
}
