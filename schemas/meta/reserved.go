package meta

import (
	"slices"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

var (
	// envelope are the members that every record has beside its data.
	envelope = []string{"id", "rev", "crev", "form", "version", "createdAt", "createdBy", "updatedAt", "updatedBy", "deletedAt", "data"}
	// words are the keywords and word operators of the expression language. Functions are told from fields by their (.
	words = []string{"and", "or", "not", "in", "contains", "startsWith", "endsWith", "matches", "let", "true", "false",
		"nil", "null", "if", "else"}
)

// Reserved says whether no field may have that key.
func Reserved(key string) bool {
	return slices.Contains(envelope, key) || slices.Contains(words, key)
}

// reserved finds fields that could not be told from the envelope or from a word of the expression language, and columns
// that could not be told from such a word.
func reserved(form *definition.Form) problem.List {
	var out problem.List
	for i := range form.Fields {
		f := &form.Fields[i]
		at := problem.Pointer("schema", "properties", f.Key)
		if Reserved(f.Key) {
			out = append(out, problem.New("reserved-name", at, problem.P{"name": f.Key}))
		}
		for j := range f.Fields {
			if key := f.Fields[j].Key; slices.Contains(words, key) {
				out = append(out, problem.New("reserved-name", at+problem.Pointer("items", "properties", key), problem.P{"name": key}))
			}
		}
	}
	return out
}
