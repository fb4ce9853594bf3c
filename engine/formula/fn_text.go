package formula

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"formwork/schemas/value"
)

var textFuncs = []Func{
	{Name: "len", Group: "text", Params: params("text:any"), Result: "number", run: runLen,
		Doc:     Doc{"How many characters a text has, or elements a list.", "文本的字符数，或列表的元素个数。"},
		Example: "len('中文')", Gives: "2"},
	{Name: "left", Group: "text", Params: params("text:text", "count:number?"), Result: "text",
		run:     func(m *machine, n *node) val { return m.slice(n, m.argText(n, 0), 0, m.argNumber(n, 1, 1)) },
		Doc:     Doc{"The first characters (1).", "取开头若干字符（默认 1 个）。"},
		Example: "left('中文名称', 2)", Gives: `"中文"`},
	{Name: "right", Group: "text", Params: params("text:text", "count:number?"), Result: "text", run: runRight,
		Doc:     Doc{"The last characters (1).", "取末尾若干字符（默认 1 个）。"},
		Example: "right('abc', 2)", Gives: `"bc"`},
	{Name: "mid", Group: "text", Params: params("text:text", "start:number", "count:number"), Result: "text",
		run: func(m *machine, n *node) val {
			return m.slice(n, m.argText(n, 0), m.argNumber(n, 1, 1)-1, m.argNumber(n, 2, 0))
		},
		Doc:     Doc{"Characters from a position, counted from 1.", "从指定位置（从 1 起）取若干字符。"},
		Example: "mid('abcdef', 2, 3)", Gives: `"bcd"`},
	{Name: "upper", Group: "text", Params: params("text:text"), Result: "text", run: mapping(unicode.ToUpper),
		Doc:     Doc{"The text in capitals.", "转为大写。"},
		Example: "upper('abc')", Gives: `"ABC"`},
	{Name: "lower", Group: "text", Params: params("text:text"), Result: "text", run: mapping(unicode.ToLower),
		Doc:     Doc{"The text in small letters.", "转为小写。"},
		Example: "lower('ABC')", Gives: `"abc"`},
	{Name: "trim", Group: "text", Params: params("text:text"), Result: "text",
		run:     func(m *machine, n *node) val { return m.built(strings.Join(strings.Fields(m.argText(n, 0)), " ")) },
		Doc:     Doc{"The text without space around it and with single spaces inside.", "去掉首尾空白，内部连续空白合并为一个空格。"},
		Example: "trim('  a   b ')", Gives: `"a b"`},
	{Name: "concat", Aliases: []string{"concatenate"}, Group: "text", Params: params("value:printable*"), Result: "text", run: runConcat,
		Doc:     Doc{"The texts of all values, one after the other.", "把各值的文本依次连接。"},
		Example: "concat('No. ', 7)", Gives: `"No. 7"`},
	{Name: "join", Group: "text", Params: params("list:list", "separator:text?", "value:each?"), Result: "text", run: runJoin,
		Doc:     Doc{"The texts of a list's elements that are not empty, with a separator (,) between them.", "把列表中非空元素的文本用分隔符（默认逗号）连接。"},
		Example: "join(['a', 'b'], '、')", Gives: `"a、b"`},
	{Name: "split", Group: "text", Params: params("text:text", "separator:text"), Result: "list<text>", run: runSplit,
		Doc:     Doc{"The parts of a text between separators.", "按分隔符拆分文本。"},
		Example: "split('a,b', ',')", Gives: `["a","b"]`},
	{Name: "replace", Aliases: []string{"substitute"}, Group: "text", Params: params("text:text", "old:text", "new:text", "which:number?"), Result: "text", run: runReplace,
		Doc:     Doc{"The text with every occurrence of old replaced, or only the one that is given (1 is the first).", "把文本中的旧内容全部替换为新内容；也可只替换第几处（从 1 起）。"},
		Example: "replace('a-b-c', '-', '/')", Gives: `"a/b/c"`},
	{Name: "find", Group: "text", Params: params("part:text", "text:text", "start:number?"), Result: "number", run: runFind,
		Doc:     Doc{"Where a part begins in a text, from 1; 0 when it is not there.", "子文本首次出现的位置（从 1 起）；没有则为 0。"},
		Example: "find('c', 'abc')", Gives: "3"},
	{Name: "contains", Group: "text", Params: params("text:text", "part:text"), Result: "bool", run: folded(strings.Contains),
		Doc:     Doc{"True when the text contains the part, whatever case and width.", "文本是否包含子文本（忽略大小写和全半角）。"},
		Example: "contains('ABC', 'b')", Gives: "true"},
	{Name: "startsWith", Group: "text", Params: params("text:text", "part:text"), Result: "bool", run: folded(strings.HasPrefix),
		Doc:     Doc{"True when the text begins with the part, whatever case and width.", "文本是否以子文本开头（忽略大小写和全半角）。"},
		Example: "startsWith('ABC', 'ab')", Gives: "true"},
	{Name: "endsWith", Group: "text", Params: params("text:text", "part:text"), Result: "bool", run: folded(strings.HasSuffix),
		Doc:     Doc{"True when the text ends with the part, whatever case and width.", "文本是否以子文本结尾（忽略大小写和全半角）。"},
		Example: "endsWith('ABC', 'bc')", Gives: "true"},
	{Name: "text", Group: "text", Params: params("value:printable", "pattern:pattern?"), Result: "text", run: runText,
		Doc:     Doc{"The value as text; patterns: 0, 0.00, #,##0.00, 0.0% for numbers, yyyy-MM-dd HH:mm:ss for dates.", "转为文本；数字格式如 0、0.00、#,##0.00、0.0%，日期格式如 yyyy-MM-dd HH:mm:ss。"},
		Example: "text(1234.5, '#,##0.00')", Gives: `"1,234.50"`},
	{Name: "number", Aliases: []string{"value"}, Group: "text", Params: params("value:printable"), Result: "number", run: runNumber,
		Doc:     Doc{"The number that a text shows: commas and % are understood.", "把文本转为数字，可含千分位逗号和百分号。"},
		Example: "number('1,234.5')", Gives: "1234.5"},
}

func runLen(m *machine, n *node) val {
	v := m.arg(n, 0)
	if v.k == kList {
		return number(float64(len(m.asList(v, n))))
	}
	s := m.asText(v, n)
	m.spend(len(s) / 64)
	return number(float64(utf8.RuneCountInString(s)))
}

// slice is count characters from a position counted from 0; a position before the text is a formula error, what lies
// behind its end is nothing.
func (m *machine) slice(n *node, s string, from, count float64) val {
	from, count = math.Trunc(from), math.Trunc(count)
	if from < 0 || count < 0 {
		m.note("domain", n)
		return nothing
	}
	if from >= float64(len(s)) {
		return text("")
	}
	start := byteAt(s, int(from))
	if count >= float64(len(s)) {
		return text(s[start:])
	}
	return text(s[start : start+byteAt(s[start:], int(count))])
}

// byteAt is the byte offset of the character at an index, the length of s when it has fewer.
func byteAt(s string, index int) int {
	for i := range s {
		if index == 0 {
			return i
		}
		index--
	}
	return len(s)
}

func runRight(m *machine, n *node) val {
	s, count := m.argText(n, 0), m.argNumber(n, 1, 1)
	if count < 0 {
		return m.slice(n, s, 0, count)
	}
	length := float64(utf8.RuneCountInString(s))
	return m.slice(n, s, math.Max(0, length-math.Trunc(count)), length)
}

// mapping changes single code points, so that Go and TypeScript agree ('ß' stays 'ß').
func mapping(change func(rune) rune) func(*machine, *node) val {
	return func(m *machine, n *node) val { return m.built(strings.Map(change, m.argText(n, 0))) }
}

func runConcat(m *machine, n *node) val {
	var b strings.Builder
	for i := range n.args {
		b.WriteString(m.argText(n, i))
		if b.Len() > maxText || m.err != nil {
			break
		}
	}
	return m.built(b.String())
}

func runJoin(m *machine, n *node) val {
	l := m.argList(n, 0)
	separator := ","
	if len(n.args) > 1 {
		separator = m.argText(n, 1)
	}
	var b strings.Builder
	outer := m.row
	for _, e := range l {
		var v val
		if len(n.args) > 2 {
			m.row = e
			v = m.eval(n.args[2])
		} else {
			v = m.from(e, n.args[0].typ.elem().Kind.code(), n)
		}
		if !m.tick() || b.Len() > maxText {
			break
		}
		if v.empty() {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(separator)
		}
		b.WriteString(m.asText(v, n))
	}
	m.row = outer
	return m.built(b.String())
}

func runSplit(m *machine, n *node) val {
	s, separator := m.argText(n, 0), m.argText(n, 1)
	if s == "" {
		return list(nil)
	}
	if separator == "" {
		return list([]any{s})
	}
	if !m.spend(strings.Count(s, separator)) {
		return nothing
	}
	parts := strings.Split(s, separator)
	if len(parts) > maxList {
		m.left = -1
		m.spend(0)
		return nothing
	}
	out := make([]any, len(parts))
	for i, p := range parts {
		out[i] = p
	}
	return list(out)
}

func runReplace(m *machine, n *node) val {
	s, old, by := m.argText(n, 0), m.argText(n, 1), m.argText(n, 2)
	if old == "" {
		return text(s)
	}
	if len(n.args) > 3 {
		return m.replaceOne(n, s, old, by, math.Trunc(m.argNumber(n, 3, 1)))
	}
	if grown := len(s) + strings.Count(s, old)*(len(by)-len(old)); grown > maxText || m.err != nil {
		m.left = -1
		m.spend(0)
		return nothing
	}
	return m.built(strings.ReplaceAll(s, old, by))
}

func (m *machine) replaceOne(n *node, s, old, by string, which float64) val {
	if which < 1 {
		m.note("domain", n)
		return nothing
	}
	for at := 0; ; {
		i := strings.Index(s[at:], old)
		if i < 0 {
			return text(s)
		}
		at += i
		if which--; which == 0 {
			return m.built(s[:at] + by + s[at+len(old):])
		}
		at += len(old)
	}
}

func runFind(m *machine, n *node) val {
	part, s := m.argText(n, 0), m.argText(n, 1)
	skip := math.Trunc(m.argNumber(n, 2, 1)) - 1
	if skip < 0 {
		m.note("domain", n)
		return nothing
	}
	if skip > float64(len(s)) {
		return number(0)
	}
	start := byteAt(s, int(skip))
	i := strings.Index(s[start:], part)
	if i < 0 {
		return number(0)
	}
	return number(float64(utf8.RuneCountInString(s[:start+i]) + 1))
}

// folded tests two texts as the filters of the same names do. Folding is slow: it is charged like building.
func folded(test func(s, part string) bool) func(*machine, *node) val {
	return func(m *machine, n *node) val {
		s, part := m.argText(n, 0), m.argText(n, 1)
		if !m.spend((len(s) + len(part)) / 16) {
			return nothing
		}
		return boolean(test(value.Fold(s), value.Fold(part)))
	}
}

func runText(m *machine, n *node) val {
	v := m.arg(n, 0)
	if len(n.args) < 2 {
		return m.built(m.asText(v, n))
	}
	pattern := m.argText(n, 1)
	s, ok := m.format(v, pattern)
	if !ok {
		m.note("value", n)
		s = m.asText(v, n)
	}
	return m.built(s)
}

func runNumber(m *machine, n *node) val {
	v := m.arg(n, 0)
	switch v.k {
	case kNumber, kEmpty:
		return v
	case kBool:
		return number(v.n)
	case kText:
		if strings.TrimSpace(v.s) == "" {
			return nothing
		}
		if f, ok := parseNumber(v.s); ok && len(v.s) <= 400 {
			return m.finite(f, n)
		}
	}
	m.note("value", n)
	return nothing
}

var decimalText = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

// decimal is strconv.ParseFloat without hexadecimal, underscores, Inf and NaN.
func decimal(s string) (float64, bool) {
	if len(s) > 400 || !decimalText.MatchString(s) {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
