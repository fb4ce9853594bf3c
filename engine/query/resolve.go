package query

import (
	"math"
	"time"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Env is what resolving needs to know about the caller.
type Env struct {
	Now  time.Time
	Zone *time.Location // nil: UTC
	// Expr computes a value written as {"expr": "..."}; the result is in wire form (dates as text). nil: refused.
	Expr func(source, pointer string) (any, problem.List)
	// Special resolves leaves that need more than columns: paths through relations, `under`. ok is false when the leaf is
	// not special. nil: nothing is.
	Special func(f Filter) (w Where, problems problem.List, ok bool)
}

func (e Env) zone() *time.Location {
	if e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}

// Today is the current calendar day in the caller's zone.
func (e Env) Today() int64 { return value.DayIn(e.Now.UnixMilli(), e.zone()) }

// Resolve checks a wire filter against the columns a caller may ask of and turns it into what stores run. A column that
// is not in cols is unknown: whoever calls leaves out what the caller may not read.
func Resolve(f Filter, cols Columns, env Env) (Where, problem.List) {
	switch {
	case f.None():
		return Where{}, nil
	case f.And != nil || f.Or != nil:
		kids := f.And
		if f.Or != nil {
			kids = f.Or
		}
		out := make([]Where, len(kids))
		var problems problem.List
		for i, k := range kids {
			w, p := Resolve(k, cols, env)
			out[i] = w
			problems = append(problems, p...)
		}
		if f.Or != nil {
			return Or(out...), problems
		}
		return And(out...), problems
	case f.Not != nil:
		w, p := Resolve(*f.Not, cols, env)
		return Not(w), p
	}
	if m, ok := f.Value.(map[string]any); ok {
		if src, ok := m["expr"].(string); ok && len(m) == 1 {
			if env.Expr == nil {
				return None(), problem.List{problem.New("not-allowed", f.Pointer+"/value", nil)}
			}
			v, p := env.Expr(src, f.Pointer+"/value/expr")
			if p.Blocks() {
				return None(), p
			}
			f.Value = v
		}
	}
	if env.Special != nil {
		if w, p, ok := env.Special(f); ok {
			return w, p
		}
	}
	c, ok := cols[f.Field]
	if !ok {
		return None(), problem.List{Unknown(f.Field, f.Pointer+"/field", cols)}
	}
	return resolveLeaf(f, c, env)
}

// Unknown is the problem of a field that cannot be asked for, with the nearest that can.
func Unknown(field, pointer string, cols Columns) problem.Problem {
	params := problem.P{"field": field}
	names := make([]string, 0, len(cols))
	for k := range cols {
		names = append(names, k)
	}
	if s := value.Nearest(field, names); s != "" {
		params["suggestion"] = s
	}
	return problem.New("unknown-field", pointer, params)
}

func tooMany(f Filter, n int) problem.Problem {
	return problem.New("too-many-values", f.Pointer+"/value", problem.P{"field": f.Field, "op": string(f.Op), "max": MaxValues, "count": n})
}

// ResolveID is Resolve for a leaf on the documents' own id, which takes eq, ne, in and nin with at most MaxValues ids.
func ResolveID(f Filter) (Where, problem.List) {
	list := []any{f.Value}
	switch f.Op {
	case "eq", "ne":
	case "in", "nin":
		var ok bool
		if list, ok = f.Value.([]any); !ok {
			return None(), problem.List{problem.New("wrong-list", f.Pointer+"/value", problem.P{"field": f.Field, "op": string(f.Op)})}
		}
		if len(list) > MaxValues {
			return None(), problem.List{tooMany(f, len(list))}
		}
	default:
		return None(), problem.List{problem.New("operator-not-allowed", f.Pointer+"/op", problem.P{"field": f.Field, "op": string(f.Op)})}
	}
	ids := make([]string, len(list))
	for i, v := range list {
		id, ok := v.(string)
		if !ok || id == "" {
			return None(), problem.List{problem.New("wrong-value", f.Pointer+"/value", problem.P{"field": f.Field, "op": string(f.Op), "value": v})}
		}
		ids[i] = id
	}
	w := IDs(ids...)
	if f.Op == "ne" || f.Op == "nin" {
		w = Not(w)
	}
	return w, nil
}

func resolveLeaf(f Filter, c Column, env Env) (Where, problem.List) {
	refuse := func(code string, params problem.P) (Where, problem.List) {
		if params == nil {
			params = problem.P{}
		}
		params["field"], params["op"] = f.Field, string(f.Op)
		return None(), problem.List{problem.New(code, f.Pointer+"/value", params)}
	}
	leaf := func(l Leaf) Where { l.Column = c.Key; return Where{Leaf: &l} }
	notFor := func() (Where, problem.List) {
		return None(), problem.List{problem.New("operator-not-allowed", f.Pointer+"/op", problem.P{"field": f.Field, "op": string(f.Op)})}
	}
	switch f.Op {
	case "empty":
		return leaf(Leaf{Test: Empty}), nil
	case "notEmpty":
		return leaf(Leaf{Test: Empty, Not: true}), nil
	case "eq", "ne":
		if c.Array {
			return notFor()
		}
		var w Where
		if value.IsEmpty(f.Value) {
			w = leaf(Leaf{Test: Empty})
		} else {
			r, ok := c.equal(f.Value, env)
			if !ok {
				return refuse("wrong-value", problem.P{"value": f.Value})
			}
			w = r
		}
		if f.Op == "ne" {
			w = Not(w)
		}
		return w, nil
	case "in", "nin":
		if c.Array {
			return notFor()
		}
		list, ok := f.Value.([]any)
		if !ok {
			return refuse("wrong-list", nil)
		}
		if len(list) > MaxValues {
			return None(), problem.List{tooMany(f, len(list))}
		}
		var parts []Where
		merged := Leaf{Test: In}
		for _, v := range list {
			if value.IsEmpty(v) {
				parts = append(parts, leaf(Leaf{Test: Empty}))
				continue
			}
			r, ok := c.equal(v, env)
			switch {
			case !ok:
				return refuse("wrong-value", problem.P{"value": v})
			case r.Leaf != nil && r.Leaf.Test == In:
				merged.Values = append(merged.Values, r.Leaf.Values...)
			case !r.Never:
				parts = append(parts, r)
			}
		}
		if len(merged.Values) > 0 {
			parts = append(parts, leaf(merged))
		}
		w := Or(parts...)
		if f.Op == "nin" {
			w = Not(w)
		}
		return w, nil
	case "gt", "gte", "lt", "lte":
		if !c.Ranges() {
			return notFor()
		}
		lo, hi, exact, ok := c.span(f.Value, env)
		if !ok {
			return refuse("wrong-value", problem.P{"value": f.Value})
		}
		switch f.Op {
		case "gt":
			return leaf(Leaf{Test: Range, Min: hi + 1}), nil
		case "gte":
			if !exact {
				lo++ // the first that the column can hold above the value
			}
			return leaf(Leaf{Test: Range, Min: lo}), nil
		case "lt":
			if !exact {
				lo++
			}
			return leaf(Leaf{Test: Range, Max: lo - 1}), nil
		}
		return leaf(Leaf{Test: Range, Max: hi}), nil
	case "between":
		list, ok := f.Value.([]any)
		if !c.Ranges() {
			return notFor()
		}
		if !ok || len(list) != 2 {
			return refuse("wrong-pair", nil)
		}
		from, a := resolveLeaf(Filter{Field: f.Field, Op: "gte", Value: list[0], Pointer: f.Pointer}, c, env)
		to, b := resolveLeaf(Filter{Field: f.Field, Op: "lte", Value: list[1], Pointer: f.Pointer}, c, env)
		if len(a)+len(b) > 0 {
			return None(), append(a, b...)
		}
		return leaf(Leaf{Test: Range, Min: from.Leaf.Min, Max: to.Leaf.Max}), nil
	case "within":
		if c.Kind != Date && c.Kind != Instant || c.Array {
			return notFor()
		}
		from, to, ok := Period(f.Value, env)
		if !ok {
			return refuse("wrong-period", problem.P{"value": f.Value})
		}
		return leaf(c.days(from, to, env)), nil
	case "contains", "startsWith":
		if !c.Matches() {
			return notFor()
		}
		s, ok := f.Value.(string)
		if !ok {
			return refuse("wrong-value", problem.P{"value": f.Value})
		}
		if s = value.Fold(s); s == "" {
			return Where{}, nil
		}
		test := Contains
		if f.Op == "startsWith" {
			test = StartsWith
		}
		return leaf(Leaf{Test: test, Values: []any{s}}), nil
	case "hasAny", "hasAll":
		if !c.Array {
			return notFor()
		}
		list, ok := f.Value.([]any)
		if !ok {
			list = []any{f.Value}
		}
		l := Leaf{Test: HasAny}
		if f.Op == "hasAll" {
			l.Test = HasAll
		}
		for _, v := range list {
			s := c.Scalar(v)
			if s == nil {
				return refuse("wrong-value", problem.P{"value": v})
			}
			l.Values = append(l.Values, s)
		}
		if len(l.Values) == 0 {
			return refuse("wrong-list", nil)
		}
		if len(l.Values) > MaxValues {
			return None(), problem.List{tooMany(f, len(l.Values))}
		}
		return leaf(l), nil
	}
	return notFor()
}

// equal is "the column equals v"; a calendar day on an Instant column is that whole day in the caller's zone.
func (c Column) equal(v any, env Env) (Where, bool) {
	if c.Kind == Text || c.Kind == Bool {
		s := c.Scalar(v)
		if s == nil {
			return None(), false
		}
		return Is(c.Key, s), true
	}
	lo, hi, exact, ok := c.span(v, env)
	switch {
	case !ok:
		return None(), false
	case !exact:
		return None(), true
	case lo == hi:
		return Is(c.Key, lo), true
	}
	return Where{Leaf: &Leaf{Column: c.Key, Test: Range, Min: lo, Max: hi}}, true
}

// span is the range of scalars that v stands for. A number with more decimals than the column lies between two scalars:
// exact is false and lo = hi is the one below.
func (c Column) span(v any, env Env) (lo, hi int64, exact, ok bool) {
	switch c.Kind {
	case Number:
		f, isNumber := v.(float64)
		if !isNumber {
			return 0, 0, false, false
		}
		n, err := value.Scaled(f, c.Scale)
		if err != nil { // beyond what any record can hold
			n = math.MaxInt64 / 2
			if f < 0 {
				n = -n
			}
			return n, n, false, true
		}
		switch back := value.Unscaled(n, c.Scale); {
		case back == f:
			return n, n, true, true
		case back > f:
			n--
		}
		return n, n, false, true
	case Date:
		s, _ := v.(string)
		if n, err := value.ParseDate(s); err == nil {
			return n, n, true, true
		}
		if ms, err := value.ParseLocal(s, env.zone()); err == nil {
			n := value.DayIn(ms, env.zone())
			return n, n, true, true
		}
	case Instant:
		s, _ := v.(string)
		if n, err := value.ParseDate(s); err == nil {
			return value.StartOfDay(n, env.zone()), value.StartOfDay(n+1, env.zone()) - 1, true, true
		}
		if ms, err := value.ParseLocal(s, env.zone()); err == nil {
			return ms, ms, true, true
		}
	}
	return 0, 0, false, false
}

// days is the leaf for calendar days from..to (both included).
func (c Column) days(from, to int64, env Env) Leaf {
	if c.Kind == Date {
		return Leaf{Test: Range, Min: from, Max: to}
	}
	return Leaf{Test: Range, Min: value.StartOfDay(from, env.zone()), Max: value.StartOfDay(to+1, env.zone()) - 1}
}
