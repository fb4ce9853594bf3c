package query

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strings"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Limits of an aggregate.
const (
	MaxGroupBy  = 4
	MaxMeasures = 20
	MaxRows     = 10000
)

// Ask is the wire form of an aggregate.
type Ask struct {
	Filter   Filter
	Search   string // words, as in a query
	GroupBy  []GroupBy
	Measures []Figure
	Having   Filter
	Sort     []string
	Limit    int
}

// GroupBy is one key of the wire form. Field may be a path through a relation, a user or a department field
// ("account.sector", "owner.department"); Unit buckets dates; Level picks the ancestor at a depth of the department
// tree, 1 below the root. As names it in the rows.
type GroupBy struct {
	Field   string
	Unit    value.Unit
	Level   int
	As      string
	Pointer string
}

// Figure is one measure of the wire form: a function over a field (Fn avg is sum over count), or a ratio of two other
// figures by their As.
type Figure struct {
	Fn      Fn
	Field   string
	Filter  Filter
	As      string
	Ratio   [2]string
	Percent bool
	Scale   int
	Pointer string
}

// Avg is derived: stores give sum and count.
const Avg Fn = "avg"

// ParseAsk reads the wire form from a decoded JSON object. Unknown members are problems.
func ParseAsk(m map[string]any, pointer string) (Ask, problem.List) {
	var a Ask
	var ps problem.List
	fail := func(code, at string, params problem.P) { ps = append(ps, problem.New(code, pointer+at, params)) }
	for k := range m {
		if !slices.Contains([]string{"filter", "search", "groupBy", "measures", "having", "sort", "limit"}, k) {
			fail("unknown-member", problem.Pointer(k), problem.P{"member": k})
		}
	}
	var p problem.List
	a.Filter, p = ParseFilter(m["filter"], pointer+"/filter")
	ps = append(ps, p...)
	if v, ok := m["search"]; ok && v != nil {
		if a.Search, ok = v.(string); !ok {
			fail("wrong-value", "/search", problem.P{"value": v})
		}
	}
	a.Having, p = ParseFilter(m["having"], pointer+"/having")
	ps = append(ps, p...)
	a.Sort, p = StringsOf(m["sort"], pointer+"/sort")
	ps = append(ps, p...)
	if v, ok := m["limit"]; ok && v != nil {
		f, ok := v.(float64)
		if !ok || f < 1 || f > MaxRows || f != float64(int(f)) {
			fail("wrong-limit", "/limit", problem.P{"max": MaxRows})
		}
		a.Limit = int(f)
	}
	names := map[string]bool{}
	name := func(as, at string) {
		if names[as] {
			fail("repeated", at, problem.P{"field": as})
		}
		names[as] = true
	}
	groups, ok := m["groupBy"].([]any)
	if m["groupBy"] != nil && !ok {
		fail("type", "/groupBy", problem.P{"expected": "array"})
	}
	if len(groups) > MaxGroupBy {
		fail("too-many-groups", "/groupBy", problem.P{"max": MaxGroupBy})
		groups = nil
	}
	for i, x := range groups {
		at := fmt.Sprintf("/groupBy/%d", i)
		if s, ok := x.(string); ok {
			x = map[string]any{"field": s}
		}
		g, p := parseGroup(x, pointer+at)
		ps = append(ps, p...)
		name(g.As, at)
		a.GroupBy = append(a.GroupBy, g)
	}
	list, ok := m["measures"].([]any)
	if !ok && m["measures"] != nil {
		fail("type", "/measures", problem.P{"expected": "array"})
	}
	if len(list) > MaxMeasures {
		fail("too-many-measures", "/measures", problem.P{"max": MaxMeasures})
		list = nil
	}
	if len(list) == 0 && len(ps) == 0 {
		list = []any{map[string]any{"fn": "count"}}
	}
	for i, x := range list {
		at := fmt.Sprintf("/measures/%d", i)
		f, p := parseFigure(x, pointer+at)
		ps = append(ps, p...)
		name(f.As, at)
		a.Measures = append(a.Measures, f)
	}
	for i, f := range a.Measures {
		for j, of := range f.Ratio {
			if of != "" && !slices.ContainsFunc(a.Measures, func(o Figure) bool { return o.As == of && o.Fn != "" }) {
				fail("unknown-measure", fmt.Sprintf("/measures/%d/ratio/%d", i, j), problem.P{"measure": of})
			}
		}
	}
	return a, ps
}

func parseGroup(x any, at string) (GroupBy, problem.List) {
	m, ok := x.(map[string]any)
	field, isText := m["field"].(string)
	if !ok || !isText || field == "" {
		return GroupBy{}, problem.List{problem.New("required", at+"/field", nil)}
	}
	g := GroupBy{Field: field, As: field, Pointer: at}
	var ps problem.List
	for k, v := range m {
		switch k {
		case "field":
		case "unit":
			s, _ := v.(string)
			if g.Unit = value.Unit(s); !g.Unit.Valid() {
				ps = append(ps, problem.New("unknown-unit", at+"/unit", problem.P{"unit": v}))
			}
		case "level":
			f, _ := v.(float64)
			if g.Level = int(f); f < 1 || f > 20 || f != float64(g.Level) {
				ps = append(ps, problem.New("wrong-level", at+"/level", nil))
			}
		case "as":
		default:
			ps = append(ps, problem.New("unknown-member", at+problem.Pointer(k), problem.P{"member": k}))
		}
	}
	switch {
	case g.Unit != "":
		g.As += ":" + string(g.Unit)
	case g.Level > 0:
		g.As += fmt.Sprintf(":%d", g.Level)
	}
	if as, ok := m["as"].(string); ok && as != "" {
		g.As = as
	}
	return g, ps
}

func parseFigure(x any, at string) (Figure, problem.List) {
	m, ok := x.(map[string]any)
	if !ok {
		return Figure{}, problem.List{problem.New("type", at, problem.P{"expected": "object"})}
	}
	f := Figure{Pointer: at, Scale: -1}
	var ps problem.List
	for k, v := range m {
		bad := false
		switch k {
		case "fn":
			s, _ := v.(string)
			f.Fn = Fn(s)
			bad = !slices.Contains([]Fn{Count, Sum, Avg, Min, Max, Distinct}, f.Fn)
		case "field":
			f.Field, ok = v.(string)
			bad = !ok
		case "filter":
			var p problem.List
			f.Filter, p = ParseFilter(v, at+"/filter")
			ps = append(ps, p...)
		case "as":
			f.As, ok = v.(string)
			bad = !ok
		case "percent":
			f.Percent, ok = v.(bool)
			bad = !ok
		case "scale":
			n, ok := v.(float64)
			f.Scale = int(n)
			bad = !ok || n < 0 || n > value.MaxScale || n != float64(f.Scale)
		case "ratio":
			list, p := StringsOf(v, at+"/ratio")
			ps = append(ps, p...)
			if bad = len(list) != 2; !bad {
				f.Ratio = [2]string{list[0], list[1]}
			}
		default:
			ps = append(ps, problem.New("unknown-member", at+problem.Pointer(k), problem.P{"member": k}))
		}
		if bad {
			ps = append(ps, problem.New("wrong-value", at+problem.Pointer(k), problem.P{"value": v}))
		}
	}
	switch {
	case (f.Fn == "") == (f.Ratio[0] == ""):
		ps = append(ps, problem.New("required", at+"/fn", nil))
	case f.Fn != "" && f.Fn != Count && f.Field == "":
		ps = append(ps, problem.New("required", at+"/field", nil))
	}
	if f.As == "" {
		f.As = string(f.Fn)
		if f.Field != "" {
			f.As += ":" + f.Field
		}
		if f.Ratio[0] != "" {
			f.As = f.Ratio[0] + "/" + f.Ratio[1]
		}
	}
	return f, ps
}

// Result is one row of an answered Ask: the group keys as callers see them, then the figures.
type Result map[string]any

// Finish applies having, sort and limit to rows whose figures are final. Sort terms and having name `as`.
func Finish(a Ask, rows []Result, pointer string) ([]Result, problem.List) {
	cols := Columns{}
	for _, g := range a.GroupBy {
		cols[g.As] = resultColumn(g.As, rows, Column{Kind: Text, Order: true, Match: true})
	}
	for _, f := range a.Measures {
		otherwise := Column{Kind: Number}
		if a.Having.comparesText(f.As) { // with a date, which no row has
			otherwise.Kind = Date
		}
		cols[f.As] = resultColumn(f.As, rows, otherwise)
	}
	w, ps := Resolve(a.Having, cols, Env{})
	order, p := ParseSort(a.Sort, cols, pointer+"/sort")
	if ps = append(ps, p...); ps.Blocks() {
		return nil, ps
	}
	if !w.All() {
		rows = slices.DeleteFunc(rows, func(r Result) bool { return !Eval(w, cols, plainNumbers(r)) })
	}
	for _, g := range a.GroupBy { // ties in the order of the keys
		order = append(order, Order{Column: g.As})
	}
	sort.SliceStable(rows, func(i, j int) bool {
		for _, o := range order {
			if c := compareResult(rows[i][o.Column], rows[j][o.Column]); c != 0 {
				return (c < 0) != o.Desc
			}
		}
		return false
	})
	if a.Limit > 0 && len(rows) > a.Limit {
		rows = rows[:a.Limit]
	}
	return rows, nil
}

// resultColumn is a key or a figure as `having` sees it. Its kind follows from the answers: a measure may be a date, a key
// a number. otherwise is what it is where no row has a value.
func resultColumn(as string, rows []Result, otherwise Column) Column {
	c := otherwise
	found := false
	for _, r := range rows {
		v := r[as]
		if v == nil {
			continue
		}
		one := Column{Kind: Number}
		switch v := v.(type) {
		case value.Decimal:
			one.Scale = decimals(v.String())
		case float64:
			one.Scale = decimals(value.Text(v))
		case bool:
			one.Kind = Bool
		case string:
			one = Column{Kind: Text, Order: true, Match: true}
			if _, err := value.ParseDate(v); err == nil {
				one = Column{Kind: Date}
			} else if _, err := value.ParseInstant(v); err == nil {
				one = Column{Kind: Instant}
			}
		}
		switch {
		case !found:
			c, found = one, true
		case one.Kind != c.Kind: // text of which some happens to look like a date
			c = Column{Kind: Text, Order: true, Match: true}
		case one.Scale > c.Scale:
			c.Scale = one.Scale // as few as do: the more decimals, the smaller the largest number
		}
	}
	c.Key, c.Path = as, []string{as}
	return c
}

// comparesText says whether a leaf holds the field against a text.
func (f Filter) comparesText(field string) bool {
	if f.Field == field {
		_, text := f.Value.(string)
		return text
	}
	some := func(f Filter) bool { return f.comparesText(field) }
	return slices.ContainsFunc(f.And, some) || slices.ContainsFunc(f.Or, some) || f.Not != nil && some(*f.Not)
}

// decimals counts those of a plain decimal text, up to the most that a column keeps.
func decimals(s string) int {
	_, fraction, _ := strings.Cut(s, ".")
	return min(len(fraction), value.MaxScale)
}

func plainNumbers(r Result) map[string]any {
	out := make(map[string]any, len(r))
	for k, v := range r {
		switch v := v.(type) {
		case value.Decimal:
			out[k] = v.Float()
		case int64:
			out[k] = float64(v)
		default:
			out[k] = v
		}
	}
	return out
}

func compareResult(a, b any) int {
	if x, ok := number(a); ok {
		if y, ok := number(b); ok {
			return x.Cmp(y)
		}
	}
	if x, ok := a.(string); ok {
		if y, ok := b.(string); ok {
			return Compare(value.SortKey(x), value.SortKey(y))
		}
	}
	switch {
	case a == nil && b != nil:
		return -1
	case a != nil && b == nil:
		return 1
	}
	if x, ok := a.(bool); ok {
		if y, ok := b.(bool); ok {
			return Compare(x, y)
		}
	}
	return 0
}

func number(v any) (value.Decimal, bool) {
	switch v := v.(type) {
	case value.Decimal:
		return v, true
	case int64:
		return value.NewDecimal(v, 0), true
	case float64:
		n, err := value.Scaled(v, 6)
		return value.NewDecimal(n, 6), err == nil
	}
	return value.Decimal{}, false
}

// Derived computes a figure that stores do not: sum over count at scale, nil when there is nothing.
func Derived(sum *big.Int, sumScale int, count int64, scale int) any {
	q, ok := value.Decimal{Unscaled: sum, Scale: sumScale}.Quo(value.NewDecimal(count, 0), scale)
	if !ok {
		return nil
	}
	return q
}

// RatioOf divides two finished figures, times hundred for percent; nil when the divisor is nil or zero.
func RatioOf(a, b any, percent bool, scale int) any {
	x, okx := number(a)
	y, oky := number(b)
	if !okx || !oky {
		return nil
	}
	if percent {
		x = value.Decimal{Unscaled: new(big.Int).Mul(x.Unscaled, big.NewInt(100)), Scale: x.Scale}
	}
	q, ok := x.Quo(y, scale)
	if !ok {
		return nil
	}
	return q
}
