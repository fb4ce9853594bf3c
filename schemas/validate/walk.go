package validate

import (
	"formwork/schemas/problem"
	"slices"
)

// Where schemas stand inside a schema: as the member itself, in a list, or by name in an object.
var (
	single = []string{"not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames",
		"unevaluatedItems", "unevaluatedProperties", "contentSchema"}
	listed = []string{"allOf", "anyOf", "oneOf", "prefixItems"}
	named  = []string{"properties", "patternProperties", "dependentSchemas", "$defs"}
)

// children calls fn for each schema that stands directly in a schema, in the order of its keywords and names.
func children(schema map[string]any, fn func(at string, child any)) {
	for _, k := range single {
		if c, ok := schema[k]; ok {
			fn(problem.Pointer(k), c)
		}
	}
	for _, k := range listed {
		list, _ := schema[k].([]any)
		for i, c := range list {
			fn(problem.Pointer(k, i), c)
		}
	}
	for _, k := range named {
		object, _ := schema[k].(map[string]any)
		for _, name := range sorted(object) {
			fn(problem.Pointer(k, name), object[name])
		}
	}
}

func sorted(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
