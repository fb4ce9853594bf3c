package validate

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// params are what a person needs to know beside the code: limit is what the keyword says, actual what was found.
func params(keyword string, limit, actual any) problem.P {
	switch keyword {
	case "type":
		return problem.P{"expected": limit, "actual": typeOf(actual)}
	case "enum":
		p := problem.P{"actual": brief(actual)}
		list, _ := limit.([]any)
		if len(list) <= 50 {
			p["allowed"] = list
			if near := nearestOf(actual, list); near != "" {
				p["suggestion"] = near
			}
		}
		return p
	case "const":
		return problem.P{"expected": brief(limit), "actual": brief(actual)}
	case "minLength", "maxLength":
		s, _ := actual.(string)
		return problem.P{"limit": limit, "actual": utf8.RuneCountInString(s)}
	case "minItems", "maxItems":
		list, _ := actual.([]any)
		return problem.P{"limit": limit, "actual": len(list)}
	case "minProperties", "maxProperties":
		object, _ := actual.(map[string]any)
		return problem.P{"limit": limit, "actual": len(object)}
	case "uniqueItems":
		list, _ := actual.([]any)
		i, j := repeated(list)
		return problem.P{"first": i, "second": j}
	case "not", "contains", "minContains":
		return nil
	case "pattern":
		return problem.P{"pattern": limit, "actual": brief(actual)}
	case "format":
		return problem.P{"format": limit, "actual": brief(actual)}
	}
	return problem.P{"limit": limit, "actual": brief(actual)}
}

func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "number"
}

func nearestOf(actual any, allowed []any) string {
	s, ok := actual.(string)
	if !ok {
		return ""
	}
	words := make([]string, 0, len(allowed))
	for _, a := range allowed {
		if w, ok := a.(string); ok {
			words = append(words, w)
		}
	}
	return value.Nearest(s, words)
}

// repeated gives the indexes of the first two equal items.
func repeated(list []any) (int, int) {
	for j := range list {
		for i := range j {
			if value.Equal(list[i], list[j]) {
				return i, j
			}
		}
	}
	return 0, 0
}

// brief keeps scalars, cuts long text and leaves out what is large.
func brief(v any) any {
	switch v := v.(type) {
	case string:
		return cut(v)
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return v
}

func cut(s string) string {
	const most = 100
	for i := range s {
		if i > most {
			return s[:i] + "…"
		}
	}
	return s
}

// pointerOf is where in the instance an error is; the library escapes it twice.
func pointerOf(v *jsonschema.ValidationError) string { return unescape(v.InstanceLocation) }

func unescape(s string) string {
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	return s
}

func split(pointer string) []string {
	if pointer == "" {
		return nil
	}
	return strings.Split(pointer[1:], "/")
}

var unescaper = strings.NewReplacer("~1", "/", "~0", "~")

// at follows the escaped parts of a pointer; nil when they lead nowhere.
func at(v any, parts []string) any {
	for _, p := range parts {
		switch x := v.(type) {
		case map[string]any:
			v = x[unescaper.Replace(p)]
		case []any:
			i, err := strconv.Atoi(p)
			if err != nil || i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// comparePointers orders pointers part by part, indexes by number.
func comparePointers(a, b string) int {
	x, y := split(a), split(b)
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] == y[i] {
			continue
		}
		m, err1 := strconv.Atoi(x[i])
		n, err2 := strconv.Atoi(y[i])
		switch {
		case err1 == nil && err2 == nil && m != n:
			return cmp.Compare(m, n)
		case (err1 == nil) != (err2 == nil): // indexes before names, so that the order is total
			if err1 == nil {
				return -1
			}
			return 1
		}
		return cmp.Compare(x[i], y[i])
	}
	return cmp.Compare(len(x), len(y))
}
