package formula

import (
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"
)

// Limits of a text. They are checked before the parser sees it: nested brackets by the megabyte end the process.
const (
	MaxBytes = 8 << 10
	maxDepth = 200
	maxNodes = 5000
)

// The text is parsed inside a predicate, because only there does the parser know .field and #; where they make sense
// is the checker's business. The newline ends a comment in the last line.
const (
	before = "::all(0,{"
	after  = "\n})"
)

// parse reads the text into expr's tree. Every function name counts as unknown to expr, so that all calls look alike.
// Locations in the tree are shifted by the length of `before`.
func parse(src *source) (tree ast.Node, ok bool) {
	text, ok := scan(src)
	if !ok {
		return nil, false
	}
	defer func() { // somebody else's parser on hostile text: a panic there is a refusal here
		if r := recover(); r != nil {
			src.report("syntax", 0, nil)
			tree, ok = nil, false
		}
	}()
	names := conf.FunctionsTable{}
	for _, f := range builtin.Builtins {
		names[f.Name] = nil
	}
	t, err := parser.ParseWithConfig(before+text+after, &conf.Config{Functions: names, DisableIfOperator: true, MaxNodes: 4 * maxNodes})
	if err != nil {
		src.parserError(err, len(before))
		return nil, false
	}
	call, isCall := t.Node.(*ast.BuiltinNode)
	if isCall && len(call.Arguments) == 2 {
		if p, isPredicate := call.Arguments[1].(*ast.PredicateNode); isPredicate && p.Node != nil {
			return p.Node, true
		}
	}
	src.report("syntax", 0, nil)
	return nil, false
}

// scan refuses what must not reach the parser and gives the text to parse: `and(`, `or(`, `contains(` .. where a value
// is expected are functions, and are written in capitals because the parser only knows them as operators.
func scan(src *source) (string, bool) {
	if len(src.text) > MaxBytes {
		src.report("too-long", 0, map[string]any{"max": MaxBytes})
		return "", false
	}
	if !utf8.ValidString(src.text) {
		src.report("syntax", 0, nil)
		return "", false
	}
	if strings.TrimSpace(src.text) == "" {
		src.report("syntax", 0, map[string]any{"detail": "empty"})
		return "", false
	}
	tokens, err := lexer.Lex(file.NewSource(src.text))
	if err != nil {
		src.parserError(err, 0)
		return "", false
	}
	runes := []rune(src.text)
	var open []string
	prefix := 0
	for i, t := range tokens {
		value := i > 0 && endsValue(tokens[i-1])
		switch {
		case t.Kind == lexer.Bracket && strings.Contains("([", t.Value):
			open = append(open, t.Value)
			prefix = 0
		case t.Kind == lexer.Bracket && strings.Contains(")]", t.Value):
			if len(open) == 0 || open[len(open)-1]+t.Value != "()" && open[len(open)-1]+t.Value != "[]" {
				src.report("syntax", t.From, map[string]any{"detail": "unexpected " + t.Value})
				return "", false
			}
			open = open[:len(open)-1]
			prefix = 0
		case t.Kind == lexer.Bracket || t.Is(lexer.Operator, "|") || t.Is(lexer.Operator, "::") || t.Kind == lexer.Bytes:
			src.report("not-allowed", t.From, map[string]any{"name": t.Value})
			return "", false
		case t.Is(lexer.Operator, "=") && !(i > 1 && tokens[i-2].Is(lexer.Operator, "let")):
			src.report("syntax", t.From, map[string]any{"name": "=", "suggestion": "=="})
			return "", false
		case t.Is(lexer.Operator, ">") && i > 0 && tokens[i-1].Is(lexer.Operator, "<"):
			src.report("syntax", tokens[i-1].From, map[string]any{"name": "<>", "suggestion": "!="})
			return "", false
		case t.Kind == lexer.Operator && !value:
			prefix++
			if wordFunction(tokens, i) {
				copy(runes[t.From:t.To], []rune(strings.ToUpper(t.Value)))
			}
		case t.Kind != lexer.Operator:
			prefix = 0
		}
		if len(open)+prefix > maxDepth {
			src.report("too-deep", t.From, map[string]any{"max": maxDepth})
			return "", false
		}
	}
	if len(open) > 0 {
		src.report("syntax", len(runes), map[string]any{"detail": "missing ) or ]"})
		return "", false
	}
	return string(runes), true
}

// wordFunction: the operator word at i, where a value is expected, is the name of a function.
func wordFunction(tokens []lexer.Token, i int) bool {
	if i+1 >= len(tokens) || !tokens[i+1].Is(lexer.Bracket, "(") {
		return false
	}
	switch tokens[i].Value {
	case "and", "or":
		return true
	case "contains", "startsWith", "endsWith": // but `x not contains (y)` is the operator
		return !(i > 1 && tokens[i-1].Is(lexer.Operator, "not") && endsValue(tokens[i-2]))
	}
	return false
}

// endsValue: after this token an operator is infix.
func endsValue(t lexer.Token) bool {
	switch t.Kind {
	case lexer.Identifier, lexer.Number, lexer.String:
		return true
	case lexer.Bracket:
		return t.Value == ")" || t.Value == "]"
	case lexer.Operator:
		return t.Value == "#"
	}
	return false
}
