package validate

import (
	"strings"

	"formwork/schemas/problem"
)

// MaxWeight is how many schemas a schema may amount to once every reference is followed.
const MaxWeight = 20_000

// limits refuses what could make validation expensive: references that leave the schema, recurse, or multiply.
func limits(doc any) problem.List {
	l := limiter{doc: doc, weights: map[string]int{}}
	l.weigh("", doc)
	if len(l.problems) == 0 && l.weights[""] > MaxWeight {
		return problem.List{problem.New("schema-too-complex", "", problem.P{"limit": MaxWeight})}
	}
	return l.problems
}

type limiter struct {
	doc      any
	weights  map[string]int // by pointer; 0 while a schema is being weighed
	problems problem.List
}

func (l *limiter) weigh(at string, schema any) int {
	m, ok := schema.(map[string]any)
	if !ok {
		return 1
	}
	if w, seen := l.weights[at]; seen {
		if w == 0 {
			l.refuse("recursive-ref", at, nil)
		}
		return w
	}
	l.weights[at] = 0
	sum := 1
	for _, k := range []string{"$dynamicRef", "$recursiveRef", "$dynamicAnchor", "$anchor", "$vocabulary"} {
		if _, ok := m[k]; ok {
			l.refuse("unsupported-keyword", at+problem.Pointer(k), problem.P{"keyword": k})
		}
	}
	if _, ok := m["$id"]; ok && at != "" {
		l.refuse("unsupported-keyword", at+"/$id", problem.P{"keyword": "$id"})
	}
	if ref, ok := m["$ref"].(string); ok {
		if target, ok := l.resolve(ref); !ok {
			l.refuse("wrong-ref", at+"/$ref", problem.P{"ref": ref})
		} else {
			sum += l.weigh(ref[1:], target)
		}
	}
	children(m, func(where string, child any) { sum = min(sum+l.weigh(at+where, child), MaxWeight+1) })
	l.weights[at] = sum
	return sum
}

// resolve follows a reference within the schema: "#/$defs/name", and nothing that would need decoding or loading.
func (l *limiter) resolve(ref string) (any, bool) {
	name, ok := strings.CutPrefix(ref, "#/$defs/")
	root, _ := l.doc.(map[string]any)
	defs, _ := root["$defs"].(map[string]any)
	target, have := defs[name]
	return target, ok && have && !strings.ContainsAny(name, "/~%")
}

func (l *limiter) refuse(code, at string, params problem.P) {
	if len(l.problems) < 100 {
		l.problems = append(l.problems, problem.New(code, at, params))
	}
}
