package meta

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// MaxSize is how large a definition may be, in bytes.
const MaxSize = 1 << 20

// Check holds one definition against the meta-schema of its kind, refuses reserved names, and makes sure that
// definition.Decode accepts it. Pointers are relative to the definition. The head is filled as far as it can be read.
func Check(source []byte) (definition.Head, problem.List) {
	if len(source) > MaxSize {
		return definition.Head{}, refuse("definition-too-large", "", problem.P{"limit": MaxSize, "actual": len(source)})
	}
	tree, err := value.Decode(source)
	if err != nil {
		return definition.Head{}, malformed(source, err)
	}
	head, problems := headOf(tree)
	if len(problems) > 0 {
		return head, problems
	}
	if problems = compiled()[head.Kind].Validate(tree); len(problems) > 0 {
		return head, problems
	}
	d, err := definition.Decode(source)
	if err != nil {
		return head, undecodable(err)
	}
	if form, ok := d.(*definition.Form); ok {
		problems = reserved(form)
	}
	if full, err := definition.Peek(source); err == nil {
		head = full
	}
	return head, problems
}

// headOf reads kind and key without trusting the rest.
func headOf(tree any) (definition.Head, problem.List) {
	m, ok := tree.(map[string]any)
	if !ok {
		return definition.Head{}, refuse("type", "", problem.P{"expected": "object"})
	}
	var h definition.Head
	h.Key, _ = m["key"].(string)
	name, have := m["kind"].(string)
	if !have {
		return h, refuse("required", "/kind", nil)
	}
	h.Kind = definition.Kind(name)
	if _, known := sources()[name]; known {
		return h, nil
	}
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	params := problem.P{"allowed": names}
	if len(name) <= 100 {
		params["kind"] = name
	}
	if near := value.Nearest(name, names); near != "" {
		params["suggestion"] = near
	}
	return h, refuse("unknown-kind", "/kind", params)
}

// malformed says where the text stops being JSON, by line and column (1-based, in bytes).
func malformed(source []byte, err error) problem.List {
	var s *value.SyntaxError
	if !errors.As(err, &s) {
		return refuse("malformed", "", nil)
	}
	code := "malformed"
	if errors.Is(err, value.ErrDepth) {
		code = "too-deep"
	}
	before := source[:min(max(int(s.Offset), 0), len(source))]
	return refuse(code, s.Pointer, problem.P{
		"offset": s.Offset,
		"line":   bytes.Count(before, []byte{'\n'}) + 1,
		"column": len(before) - bytes.LastIndexByte(before, '\n'),
	})
}

// undecodable covers what the meta-schema accepts and Go does not: a whole number written as 1.0.
func undecodable(err error) problem.List {
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) && t.Field != "" {
		return refuse("type", "/"+strings.ReplaceAll(t.Field, ".", "/"), problem.P{"expected": "integer", "actual": t.Value})
	}
	return refuse("malformed", "", problem.P{"reason": err.Error()})
}

func refuse(code, pointer string, params problem.P) problem.List {
	return problem.List{problem.New(code, pointer, params)}
}
