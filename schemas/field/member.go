package field

import (
	"slices"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// A hostile object has many unknown members; finding out what each was meant to be costs time.
const (
	mostProblems    = 100
	mostSuggestions = 10
)

// UnknownMembers lists the members of an object that are none of the known ones, in byte order, each as unknown-field
// with the name it probably meant. The list ends after a hundred.
func UnknownMembers(object map[string]any, known []string) problem.List {
	var names []string
	for name := range object {
		if !slices.Contains(known, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out problem.List
	for i, name := range names[:min(len(names), mostProblems)] {
		params := problem.P{"field": shown(name)}
		if i < mostSuggestions {
			if near := value.Nearest(name, known); near != "" {
				params["suggestion"] = near
			}
		}
		out = append(out, problem.New("unknown-field", problem.Pointer(name), params))
	}
	return out
}
