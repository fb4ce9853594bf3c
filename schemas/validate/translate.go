package validate

import (
	"maps"
	"strings"

	"formwork/schemas/problem"
)

// translate copies a schema with its patterns rewritten for Go. Patterns that cannot be are problems.
func translate(schema any) (any, problem.List) {
	var t translator
	out := t.schema("", schema)
	return out, t.problems
}

type translator struct{ problems problem.List }

func (t *translator) schema(at string, schema any) any {
	m, ok := schema.(map[string]any)
	if !ok {
		return schema
	}
	m = maps.Clone(m)
	if p, ok := m["pattern"].(string); ok {
		m["pattern"] = t.pattern(at+"/pattern", p)
	}
	if list, ok := m["enum"].([]any); ok && len(list) == 0 { // the library takes it for no enum at all
		all, _ := m["allOf"].([]any)
		m["allOf"] = append(all[:len(all):len(all)], false)
	}
	for _, k := range single {
		if c, ok := m[k]; ok {
			m[k] = t.schema(at+problem.Pointer(k), c)
		}
	}
	for _, k := range listed {
		if list, ok := m[k].([]any); ok {
			out := make([]any, len(list))
			for i, c := range list {
				out[i] = t.schema(at+problem.Pointer(k, i), c)
			}
			m[k] = out
		}
	}
	for _, k := range named {
		if object, ok := m[k].(map[string]any); ok {
			m[k] = t.named(at, k, object)
		}
	}
	return m
}

func (t *translator) named(at, keyword string, object map[string]any) map[string]any {
	out := make(map[string]any, len(object))
	for _, name := range sorted(object) {
		here := at + problem.Pointer(keyword, name)
		child := t.schema(here, object[name])
		if keyword == "patternProperties" {
			name = t.pattern(here, name)
		}
		out[name] = child
	}
	return out
}

// pattern rewrites one pattern; one that cannot be is replaced by one that matches nothing special, as compiling stops.
func (t *translator) pattern(at, ecma string) string {
	re, err := Pattern(ecma)
	if err != nil {
		reason := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		t.problems = append(t.problems, problem.New("unsupported-pattern", at, problem.P{"pattern": ecma, "reason": reason}))
		return ""
	}
	return re.String()
}
