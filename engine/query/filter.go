package query

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// MaxDepth is how deep a filter may nest, MaxLeaves how many tests it may hold, MaxValues how many values one test.
const (
	MaxDepth  = 32
	MaxLeaves = 200
	MaxValues = 1000
)

// Op is an operator of the wire form.
type Op string

// Ops are the operators of the wire form.
var Ops = []Op{"eq", "ne", "in", "nin", "gt", "gte", "lt", "lte", "between", "contains", "startsWith", "empty", "notEmpty", "hasAny", "hasAll", "under", "within"}

// Filter is the wire form of a filter, as callers send it: {"and": [...]}, {"or": [...]}, {"not": {...}} or a leaf
// {"field", "op", "value"}.
type Filter struct {
	And, Or []Filter
	Not     *Filter
	Field   string
	Op      Op
	Value   any
	// Pointer is where it stood in what the caller sent.
	Pointer string
}

// None says whether there is no filter at all.
func (f Filter) None() bool {
	return f.Field == "" && f.Op == "" && f.Not == nil && len(f.And) == 0 && len(f.Or) == 0
}

// ParseFilter reads the wire form from a decoded JSON value (see value.Decode). nil is no filter. Pointers of problems
// and of the filter start with pointer.
func ParseFilter(v any, pointer string) (Filter, problem.List) {
	p := filterParser{}
	f := p.parse(v, pointer, 0)
	return f, p.problems
}

// ParseFilterJSON is ParseFilter for JSON text out of a definition.
func ParseFilterJSON(raw []byte, pointer string) (Filter, problem.List) {
	if len(raw) == 0 {
		return Filter{}, nil
	}
	v, err := value.Decode(raw)
	if err != nil {
		return Filter{}, problem.List{problem.New("malformed", pointer, problem.P{"error": err.Error()})}
	}
	return ParseFilter(v, pointer)
}

type filterParser struct {
	problems problem.List
	leaves   int
}

func (p *filterParser) fail(code, pointer string, params problem.P) Filter {
	p.problems = append(p.problems, problem.New(code, pointer, params))
	return Filter{}
}

func (p *filterParser) parse(v any, at string, depth int) Filter {
	if v == nil {
		return Filter{}
	}
	m, ok := v.(map[string]any)
	if !ok {
		return p.fail("filter-shape", at, nil)
	}
	if len(m) == 0 {
		return Filter{}
	}
	if depth >= MaxDepth {
		return p.fail("filter-too-deep", at, problem.P{"max": MaxDepth})
	}
	for _, join := range []string{"and", "or"} {
		list, ok := m[join]
		if !ok {
			continue
		}
		items, ok := list.([]any)
		if !ok || len(m) != 1 {
			return p.fail("filter-shape", at, nil)
		}
		out := make([]Filter, 0, len(items))
		for i, x := range items {
			f := p.parse(x, fmt.Sprintf("%s/%s/%d", at, join, i), depth+1)
			if !f.None() || join == "or" {
				out = append(out, f)
			}
		}
		if join == "and" {
			return Filter{And: out, Pointer: at}
		}
		if len(out) == 0 {
			return p.fail("filter-shape", at, nil)
		}
		return Filter{Or: out, Pointer: at}
	}
	if not, ok := m["not"]; ok {
		if len(m) != 1 {
			return p.fail("filter-shape", at, nil)
		}
		f := p.parse(not, at+"/not", depth+1)
		return Filter{Not: &f, Pointer: at}
	}
	if p.leaves++; p.leaves > MaxLeaves {
		if p.leaves == MaxLeaves+1 { // said once, however many follow
			p.fail("filter-too-large", at, problem.P{"max": MaxLeaves})
		}
		return Filter{}
	}
	f := Filter{Pointer: at, Value: m["value"]}
	f.Field, _ = m["field"].(string)
	op, _ := m["op"].(string)
	f.Op = Op(op)
	for k := range m {
		if k != "field" && k != "op" && k != "value" {
			return p.fail("filter-shape", at+problem.Pointer(k), nil)
		}
	}
	if f.Field == "" {
		return p.fail("filter-shape", at, nil)
	}
	if !slices.Contains(Ops, f.Op) {
		return p.fail("unknown-operator", at+"/op", problem.P{"op": op})
	}
	return f
}

// Fields calls fn with every field that the filter names.
func (f Filter) Fields(fn func(field, pointer string)) {
	if f.Field != "" {
		fn(f.Field, f.Pointer+"/field")
	}
	for _, k := range f.And {
		k.Fields(fn)
	}
	for _, k := range f.Or {
		k.Fields(fn)
	}
	if f.Not != nil {
		f.Not.Fields(fn)
	}
}

// ParseSort reads sort terms: "field" ascending, "-field" descending. A field may stand once.
func ParseSort(terms []string, cols Columns, pointer string) ([]Order, problem.List) {
	var out []Order
	var problems problem.List
	if len(terms) > 5 {
		return nil, problem.List{problem.New("too-many-sorts", pointer, problem.P{"max": 5})}
	}
	for i, t := range terms {
		at := fmt.Sprintf("%s/%d", pointer, i)
		name, desc := strings.CutPrefix(t, "-")
		c, ok := cols[name]
		switch {
		case !ok:
			problems = append(problems, Unknown(name, at, cols))
		case !c.Sortable():
			problems = append(problems, problem.New("not-sortable", at, problem.P{"field": name}))
		case slices.ContainsFunc(out, func(o Order) bool { return o.Column == name }):
			problems = append(problems, problem.New("repeated", at, problem.P{"field": name}))
		default:
			out = append(out, Order{Column: name, Desc: desc})
		}
	}
	return out, problems
}

// StringsOf reads a list of strings out of a decoded JSON value.
func StringsOf(v any, pointer string) ([]string, problem.List) {
	if v == nil {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, problem.List{problem.New("type", pointer, problem.P{"expected": "array"})}
	}
	out := make([]string, len(list))
	for i, x := range list {
		if out[i], ok = x.(string); !ok {
			return nil, problem.List{problem.New("type", fmt.Sprintf("%s/%d", pointer, i), problem.P{"expected": "string"})}
		}
	}
	return out, nil
}

// FilterJSON writes the filter back as wire JSON.
func (f Filter) FilterJSON() json.RawMessage { return value.AppendJSON(nil, f.wire()) }

func (f Filter) wire() any {
	list := func(kids []Filter) []any {
		out := make([]any, len(kids))
		for i, k := range kids {
			out[i] = k.wire()
		}
		return out
	}
	switch {
	case f.None():
		return map[string]any{}
	case f.And != nil:
		return map[string]any{"and": list(f.And)}
	case f.Or != nil:
		return map[string]any{"or": list(f.Or)}
	case f.Not != nil:
		return map[string]any{"not": f.Not.wire()}
	}
	m := map[string]any{"field": f.Field, "op": string(f.Op)}
	if f.Value != nil {
		m["value"] = f.Value
	}
	return m
}
