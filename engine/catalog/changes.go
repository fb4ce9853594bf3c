package catalog

import (
	"maps"
	"slices"
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// DefinitionChange is what differs in one definition.
type DefinitionChange struct {
	Kind   definition.Kind `json:"kind"`
	Key    string          `json:"key"`
	Title  definition.Text `json:"title,omitempty"`
	Change string          `json:"change"` // added, removed, changed
	// Details say what, in the order of the pointers; none for what is added or removed as a whole.
	Details []Detail `json:"details,omitempty"`
}

// Detail is one difference.
type Detail struct {
	Op string `json:"op"` // added, removed, changed, moved
	// What differs: field, option, stage, transition, rule, section, card, measure, ..., or setting.
	What string `json:"what"`
	// Field is the field that it belongs to, Key its own name, Title what people call it.
	Field string          `json:"field,omitempty"`
	Key   string          `json:"key,omitempty"`
	Title definition.Text `json:"title,omitempty"`
	// Pointer is the place: in the old definition for what is removed, else in the new one.
	Pointer string `json:"pointer"`
	// From and To are the values where they are short.
	From any `json:"from,omitempty"`
	To   any `json:"to,omitempty"`
}

// maxDetails is how many differences of one definition are told.
const maxDetails = 200

// Changes compares the definitions of an app.
func Changes(old, next Sources) []DefinitionChange {
	names := map[string]bool{}
	for n := range old {
		names[n] = true
	}
	for n := range next {
		names[n] = true
	}
	var out []DefinitionChange
	for _, n := range slices.Sorted(maps.Keys(names)) {
		was, had := old[n]
		is, has := next[n]
		kind, key := KindKey(n)
		c := DefinitionChange{Kind: kind, Key: key}
		switch {
		case !had:
			c.Change, c.Title = "added", titleIn(is)
		case !has:
			c.Change, c.Title = "removed", titleIn(was)
		default:
			a, errA := value.Decode([]byte(was))
			b, errB := value.Decode([]byte(is))
			if errA != nil || errB != nil || value.Equal(a, b) {
				continue
			}
			d := differ{}
			d.compare(a, b, nil)
			c.Change, c.Title, c.Details = "changed", titleIn(is), d.out
		}
		out = append(out, c)
	}
	return out
}

func titleIn(source string) definition.Text {
	h, err := definition.Peek([]byte(source))
	if err != nil {
		return nil
	}
	return h.Title
}

type differ struct {
	out []Detail
	key string // of the item of a list that is compared
}

// whole are members that are compared as one: nobody thinks in their parts.
var whole = []string{"title", "description", "help", "placeholder", "section", "refuse", "unit", "confirm", "filter", "when", "guard", "visible", "default", "having", "where", "titles", "format"}

// keyed are the members by which the items of a list are told apart.
var keyed = []string{"key", "value", "as", "field", "form"}

func (d *differ) add(x Detail) {
	if x.Key == "" {
		x.Key = d.key
	}
	if len(d.out) < maxDetails {
		d.out = append(d.out, x)
	}
}

// compare walks two trees; at is where they stand.
func (d *differ) compare(a, b any, at []any) {
	if value.Equal(a, b) {
		return
	}
	switch a := a.(type) {
	case map[string]any:
		if b, ok := b.(map[string]any); ok && !isWhole(at) {
			d.members(a, b, at)
			return
		}
	case []any:
		if b, ok := b.([]any); ok {
			if name := keyOf(a, b); name != "" {
				d.items(a, b, name, at)
				return
			}
		}
	}
	op := "changed"
	if a == nil {
		op = "added"
	} else if b == nil {
		op = "removed"
	}
	d.add(describe(op, a, b, at))
}

func isWhole(at []any) bool {
	if len(at) == 0 {
		return false
	}
	name, ok := at[len(at)-1].(string)
	inProperties := len(at) >= 2 && at[len(at)-2] == "properties"
	return ok && !inProperties && slices.Contains(whole, name)
}

func (d *differ) members(a, b map[string]any, at []any) {
	names := map[string]bool{}
	for k := range a {
		names[k] = true
	}
	for k := range b {
		names[k] = true
	}
	for _, k := range slices.Sorted(maps.Keys(names)) {
		d.compare(a[k], b[k], append(slices.Clone(at), k))
	}
}

// keyOf is the member that tells the items of both lists apart; "" when there is none.
func keyOf(lists ...[]any) string {
	for _, name := range keyed {
		ok := true
		for _, list := range lists {
			seen := map[string]bool{}
			for _, x := range list {
				m, _ := x.(map[string]any)
				k, is := m[name].(string)
				ok = ok && is && !seen[k]
				seen[k] = true
			}
		}
		if ok {
			return name
		}
	}
	return ""
}

func (d *differ) items(a, b []any, name string, at []any) {
	key := func(x any) string { k, _ := x.(map[string]any)[name].(string); return k }
	place := func(list []any, k string) int { return slices.IndexFunc(list, func(x any) bool { return key(x) == k }) }
	var kept []string
	for i, x := range a {
		if j := place(b, key(x)); j < 0 {
			d.add(describe("removed", x, nil, append(slices.Clone(at), i)))
		} else {
			kept = append(kept, key(x))
		}
	}
	var order []string
	for j, x := range b {
		i := place(a, key(x))
		if i < 0 {
			d.add(describe("added", nil, x, append(slices.Clone(at), j)))
			continue
		}
		order = append(order, key(x))
		outer := d.key
		d.key = key(x)
		d.compare(a[i], x, append(slices.Clone(at), j))
		d.key = outer
	}
	if !slices.Equal(kept, order) {
		d.add(Detail{Op: "moved", What: strings.TrimSuffix(part(append(slices.Clone(at), 0)), "s"), Pointer: problem.Pointer(at...)})
	}
}

// parts name the items of the lists of definitions.
var parts = map[string]string{
	"options": "option", "states": "stage", "transitions": "transition", "rules": "rule", "layout": "section", "cards": "card", "measures": "measure",
	"groupBy": "group", "menu": "menu", "forms": "right", "fields": "field", "unique": "unique", "indexes": "index", "steps": "step", "summaries": "summary",
	"required": "required", "sort": "sort",
}

// part is what stands at a place.
func part(at []any) string {
	last := len(at) - 1
	if last >= 1 && at[last-1] == "properties" {
		if last >= 3 && at[last-2] == "items" {
			return "column"
		}
		return "field"
	}
	if _, item := at[last].(int); item && last >= 1 {
		if list, ok := at[last-1].(string); ok && parts[list] != "" {
			return parts[list]
		}
	}
	if name, ok := at[last].(string); ok {
		switch name {
		case "title", "type", "required", "layout", "expr", "when", "guard", "visible", "filter", "sort", "fields":
			return name
		}
	}
	return "setting"
}

// maxShown is how long a value may be, as JSON, to be told.
const maxShown = 500

func describe(op string, from, to any, at []any) Detail {
	x := Detail{Op: op, What: part(at), Pointer: problem.Pointer(at...)}
	for i := 0; i+1 < len(at); i++ {
		if name, ok := at[i+1].(string); ok && at[i] == "properties" && x.Field == "" {
			x.Field = name
		}
	}
	subject := to
	if op == "removed" {
		subject = from
	}
	if m, ok := subject.(map[string]any); ok && op != "changed" {
		for _, k := range keyed {
			if s, ok := m[k].(string); ok {
				x.Key = s
				break
			}
		}
		x.Title = titleOf(m)
		if x.What == "field" && x.Field != "" {
			x.Key = x.Field
		}
		return x
	}
	x.From, x.To = told(from), told(to)
	return x
}

// titleOf is what people call a part of a definition.
func titleOf(m map[string]any) definition.Text {
	if settings, ok := m["x-field"].(map[string]any); ok {
		m = settings
	}
	for _, k := range []string{"title", "section"} {
		switch t := m[k].(type) {
		case string:
			return definition.Text{"": t}
		case map[string]any:
			out := definition.Text{}
			for lang, s := range t {
				out[lang], _ = s.(string)
			}
			return out
		}
	}
	return nil
}

func told(v any) any {
	if v == nil || len(value.AppendJSON(nil, v)) > maxShown {
		return nil
	}
	return v
}
