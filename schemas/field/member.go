package field

import (
	"slices"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// UnknownMembers lists the members of an object that are none of the known ones, in byte order, each as unknown-field
// with the name it probably meant.
func UnknownMembers(object map[string]any, known []string) problem.List {
	var names []string
	for name := range object {
		if !slices.Contains(known, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out problem.List
	for _, name := range names {
		params := problem.P{"field": shown(name)}
		if near := value.Nearest(name, known); near != "" {
			params["suggestion"] = near
		}
		out = append(out, problem.New("unknown-field", problem.Pointer(name), params))
	}
	return out
}
