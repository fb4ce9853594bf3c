package field

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Longest texts, in runes. A schema's maxLength may narrow them.
const (
	MaxText     = 1_000
	MaxLongText = 100_000
)

var textOperators = []string{"contains", "eq", "ne", "startsWith", "in", "nin", "empty", "notEmpty"}

// text is one line.
var text = checked(Type{
	Key:       "text",
	Settings:  []string{"unique", "search"},
	Expr:      "text",
	Storage:   searched,
	Schema:    func(*definition.Field) map[string]any { return map[string]any{"type": "string", "maxLength": MaxText} },
	Coerce:    func(_ *definition.Field, v any, _ Env) (any, problem.List) { return coerceLine(v, MaxText) },
	Operators: textOperators,
}, fine)

// longtext is kept exactly as written; it does not sort.
var longtext = checked(Type{
	Key:      "longtext",
	Settings: []string{"search"},
	Expr:     "text",
	Storage: func(f *definition.Field) Storage {
		return Storage{Kind: "text", Match: true, Search: f.Search}
	},
	Schema: func(*definition.Field) map[string]any {
		return map[string]any{"type": "string", "maxLength": MaxLongText}
	},
	Coerce: func(_ *definition.Field, v any, _ Env) (any, problem.List) {
		s, ok, p := plain(v)
		if !ok || s == "" {
			return nil, p
		}
		if strings.IndexByte(s, 0) >= 0 {
			return nil, bad("control-character", problem.P{"character": "U+0000"})
		}
		return fits(s, MaxLongText)
	},
	Operators: []string{"contains", "empty", "notEmpty"},
}, fine)

// coerceLine reads a line of text: white space around it is trimmed, control characters but tab and line ends are
// refused, everything else stays as it is.
func coerceLine(v any, most int) (any, problem.List) {
	s, ok, p := plain(v)
	if !ok {
		return nil, p
	}
	if s = strings.TrimSpace(s); s == "" {
		return nil, nil
	}
	for _, r := range s {
		if r != '\t' && r != '\n' && r != '\r' && unicode.IsControl(r) {
			return nil, bad("control-character", problem.P{"character": codePoint(r)})
		}
	}
	return fits(s, most)
}

// plain takes text, and numbers as their decimal text; ok is false for empty (without problem) and for anything else.
func plain(v any) (s string, ok bool, p problem.List) {
	if value.IsEmpty(v) {
		return "", false, nil
	}
	switch v := v.(type) {
	case string:
		if !utf8.ValidString(v) {
			return "", false, bad("invalid-utf8", nil)
		}
		return v, true, nil
	case float64:
		return value.Text(v), true, nil
	}
	return "", false, wrongType("text", v)
}

func fits(s string, most int) (any, problem.List) {
	if len(s) > most {
		if n := utf8.RuneCountInString(s); n > most {
			return nil, bad("max-length", problem.P{"limit": most, "actual": n})
		}
	}
	return s, nil
}

func codePoint(r rune) string {
	const hex = "0123456789ABCDEF"
	return "U+00" + string([]byte{hex[r>>4&15], hex[r&15]})
}
