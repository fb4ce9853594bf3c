package personal

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Limits of a view.
const (
	MaxTitle = 80 // characters
	maxList  = 200
	minWidth = 40
	maxWidth = 2000
)

// ViewTypes are the ways to show records; the first is the default.
var ViewTypes = []string{"table", "kanban", "calendar", "gallery", "list"}

var summaryFns = []string{"count", "sum", "avg", "min", "max", "distinct"}

// View is a saved way to look at a form's records.
type View struct {
	ID     string `json:"id"`
	Rev    int64  `json:"rev"`
	Form   string `json:"form"` // app.form
	Owner  string `json:"owner"`
	Mine   bool   `json:"mine"`
	Shared bool   `json:"shared"`
	// Editable says that the caller may change it.
	Editable  bool                 `json:"editable"`
	UpdatedAt string               `json:"updatedAt"`
	Title     string               `json:"title"`
	Type      string               `json:"type"`
	Fields    []string             `json:"fields,omitempty"`
	Widths    map[string]float64   `json:"widths,omitempty"` // pixels, by field
	Filter    map[string]any       `json:"filter,omitempty"` // the wire form of engine/query
	Sort      []string             `json:"sort,omitempty"`
	GroupBy   string               `json:"groupBy,omitempty"`
	Summaries []definition.Summary `json:"summaries,omitempty"`
	// Problems say what of it no longer works: its filter, for this caller.
	Problems problem.List `json:"problems,omitempty"`
}

// Members are those that ParseView reads.
var Members = []string{"title", "type", "fields", "widths", "filter", "sort", "groupBy", "summaries", "shared"}

// ParseView lays the members of a request over a view; null clears one. Names are not looked at: that is check.
func ParseView(v *View, m map[string]any) problem.List {
	var ps problem.List
	wrong := func(key, expected string) {
		ps = append(ps, problem.New("type", problem.Pointer(key), problem.P{"expected": expected}))
	}
	for key, raw := range m {
		var p problem.List
		ok, expected := true, ""
		switch key {
		case "title":
			v.Title, ok = textOr(raw)
			v.Title, expected = strings.TrimSpace(v.Title), "string"
		case "type":
			v.Type, ok = textOr(raw)
			expected = "string"
		case "groupBy":
			v.GroupBy, ok = textOr(raw)
			expected = "string"
		case "fields":
			v.Fields, p = query.StringsOf(raw, "/fields")
		case "sort":
			v.Sort, p = query.StringsOf(raw, "/sort")
		case "filter":
			v.Filter, ok = raw.(map[string]any)
			ok, expected = ok || raw == nil, "object"
		case "widths":
			v.Widths, p = widths(raw)
		case "summaries":
			v.Summaries, p = summaries(raw)
		case "shared":
			v.Shared, ok = raw.(bool)
			expected = "boolean"
		default:
			params := problem.P{"member": key}
			if near := value.Nearest(key, Members); near != "" {
				params["suggestion"] = near
			}
			p = problem.List{problem.New("unknown-member", problem.Pointer(key), params)}
		}
		if !ok {
			wrong(key, expected)
		}
		ps = append(ps, p...)
	}
	return ps
}

func textOr(raw any) (string, bool) {
	s, ok := raw.(string)
	return s, ok || raw == nil
}

func widths(raw any) (map[string]float64, problem.List) {
	m, ok := raw.(map[string]any)
	if !ok && raw != nil {
		return nil, problem.List{problem.New("type", "/widths", problem.P{"expected": "object"})}
	}
	var out map[string]float64
	var ps problem.List
	for k, v := range m {
		w, ok := v.(float64)
		if !ok || w < minWidth || w > maxWidth {
			ps = append(ps, problem.New("out-of-range", "/widths"+problem.Pointer(k), problem.P{"min": minWidth, "max": maxWidth, "actual": v}))
			continue
		}
		if out == nil {
			out = map[string]float64{}
		}
		out[k] = w
	}
	return out, ps
}

func summaries(raw any) ([]definition.Summary, problem.List) {
	list, ok := raw.([]any)
	if !ok && raw != nil {
		return nil, problem.List{problem.New("type", "/summaries", problem.P{"expected": "array"})}
	}
	var out []definition.Summary
	for i, x := range list {
		m, _ := x.(map[string]any)
		field, ok1 := m["field"].(string)
		fn, ok2 := m["fn"].(string)
		if !ok1 || !ok2 || len(m) != 2 {
			return nil, problem.List{problem.New("type", fmt.Sprintf("/summaries/%d", i), problem.P{"expected": "{field, fn}"})}
		}
		out = append(out, definition.Summary{Field: field, Fn: fn})
	}
	return out, nil
}

// check holds a view against the form, as far as a decision opens it. The filter is checked by whoever can run it.
func (v *View) check(f *catalog.Form, d *access.Decision) problem.List {
	var ps problem.List
	fail := func(code, pointer string, params problem.P) { ps = append(ps, problem.New(code, pointer, params)) }
	if v.Title == "" {
		fail("required", "/title", nil)
	}
	if n := utf8.RuneCountInString(v.Title); n > MaxTitle {
		fail("max-length", "/title", problem.P{"limit": MaxTitle, "actual": n})
	}
	if v.Type == "" {
		v.Type = ViewTypes[0]
	}
	if !slices.Contains(ViewTypes, v.Type) {
		fail("wrong-value", "/type", problem.P{"value": v.Type})
	}
	if len(v.Fields) > maxList {
		fail("max-items", "/fields", problem.P{"limit": maxList, "actual": len(v.Fields)})
	}
	known := func(key, pointer string) {
		if !shows(f, d, key) {
			ps = append(ps, query.Unknown(key, pointer, d.Columns(f.Columns)))
		}
	}
	for i, k := range v.Fields {
		known(k, fmt.Sprintf("/fields/%d", i))
	}
	for k := range v.Widths {
		known(k, "/widths"+problem.Pointer(k))
	}
	if v.GroupBy != "" {
		known(v.GroupBy, "/groupBy")
	}
	for i, s := range v.Summaries {
		known(s.Field, fmt.Sprintf("/summaries/%d/field", i))
		if !slices.Contains(summaryFns, s.Fn) {
			fail("wrong-value", fmt.Sprintf("/summaries/%d/fn", i), problem.P{"value": s.Fn})
		}
	}
	return ps
}

// shows says whether a caller can see a field or an envelope column.
func shows(f *catalog.Form, d *access.Decision, key string) bool {
	if _, ok := f.ByKey[key]; ok {
		return d.Field(key) != definition.Hidden
	}
	_, ok := f.Columns[key]
	return ok
}

// narrow leaves out of a view what is gone, or hidden from who asks.
func (v *View) narrow(f *catalog.Form, d *access.Decision) {
	gone := func(key string) bool { return !shows(f, d, key) }
	v.Fields = slices.DeleteFunc(v.Fields, gone)
	v.Sort = slices.DeleteFunc(v.Sort, func(k string) bool { return gone(strings.TrimPrefix(k, "-")) })
	v.Summaries = slices.DeleteFunc(v.Summaries, func(s definition.Summary) bool { return gone(s.Field) })
	for k := range v.Widths {
		if gone(k) {
			delete(v.Widths, k)
		}
	}
	if v.GroupBy != "" && gone(v.GroupBy) {
		v.GroupBy = ""
	}
}

// body is what a view holds as it is stored.
func (v *View) body() map[string]any {
	t := map[string]any{"title": v.Title, "type": v.Type}
	list := func(key string, items []string) {
		if len(items) > 0 {
			t[key] = anys(items)
		}
	}
	list("fields", v.Fields)
	list("sort", v.Sort)
	if len(v.Widths) > 0 {
		m := map[string]any{}
		for k, w := range v.Widths {
			m[k] = w
		}
		t["widths"] = m
	}
	if len(v.Filter) > 0 {
		t["filter"] = v.Filter
	}
	if v.GroupBy != "" {
		t["groupBy"] = v.GroupBy
	}
	if len(v.Summaries) > 0 {
		items := make([]any, len(v.Summaries))
		for i, s := range v.Summaries {
			items[i] = map[string]any{"field": s.Field, "fn": s.Fn}
		}
		t["summaries"] = items
	}
	return t
}

func anys(items []string) []any {
	out := make([]any, len(items))
	for i, s := range items {
		out[i] = s
	}
	return out
}
