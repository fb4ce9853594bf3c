package record

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"strings"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// maxGroups is how many groups a store may give before paths merge them; maxBuckets how many calendar units.
const (
	maxGroups  = 50000
	maxBuckets = 5000
)

// Answer is an aggregate's rows, and the names of the ids in them: labels[as][id].
type Answer struct {
	Rows   []query.Result
	Labels map[string]map[string]string
}

// Aggregate computes figures per group over the records that the caller may read. Groups by a path ("account.sector",
// "owner.department" at a level) are grouped by the relation in the store and merged here.
func (r *Records) Aggregate(ctx context.Context, c Caller, form string, ask query.Ask) (Answer, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return Answer{}, err
	}
	if !d.Can(definition.Read) {
		return Answer{}, access.Forbid(definition.Read, form)
	}
	var out Answer
	err = r.Store.View(ctx, func(rd store.Reader) error {
		g := &aggregation{session: s, rd: rd, f: f, d: d, cols: d.Columns(f.Columns), ask: ask}
		out, err = g.run()
		return err
	})
	if errors.Is(err, query.ErrGroups) {
		err = problem.Fail(problem.Invalid, "too-many-groups", "/groupBy", problem.P{"max": query.MaxRows})
	}
	return out, err
}

type aggregation struct {
	*session
	rd    store.Reader
	f     *catalog.Form
	d     *access.Decision
	cols  query.Columns
	ask   query.Ask
	where query.Where
	keys  []key
	store []query.Measure
	plans []plan
}

// key is how one group key is asked for and read back.
type key struct {
	by     query.GroupBy
	column query.Column
	group  query.Group
	// starts are the first days of the buckets.
	starts []int64
	// path maps scalars of the column to what callers see; nil for the scalar itself.
	path func(ids []string) (map[string]any, error)
	name func(id string) string
}

// plan is how one figure is made of the store's measures: their places.
type plan struct {
	figure         query.Figure
	value, count   int
	column         query.Column
	distinctAmong  int // place of the extra group key, -1 for none
	ratioOf, ratio int
}

func (g *aggregation) run() (Answer, error) {
	var ps, p problem.List
	g.where, p = query.Resolve(g.ask.Filter, g.cols, g.env(g.f, g.rd))
	ps = append(ps, p...)
	g.where = query.And(g.d.Rows(definition.Read), g.where)
	for _, by := range g.ask.GroupBy {
		k, p := g.key(by)
		ps = append(ps, p...)
		g.keys = append(g.keys, k)
	}
	for _, fig := range g.ask.Measures {
		ps = append(ps, g.plan(fig)...)
	}
	if err := problem.Refuse(ps); err != nil {
		return Answer{}, err
	}
	if err := g.buckets(); err != nil {
		return Answer{}, err
	}
	rows, err := g.rows(g.store, nil)
	if err != nil {
		return Answer{}, err
	}
	results, err := g.finish(rows)
	if err != nil {
		return Answer{}, err
	}
	results, p = query.Finish(g.ask, results, "")
	if err := problem.Refuse(p); err != nil {
		return Answer{}, err
	}
	if len(results) > query.MaxRows {
		return Answer{}, query.ErrGroups
	}
	return Answer{Rows: results, Labels: g.labels(results)}, nil
}

// key checks a group key and decides how it is asked for.
func (g *aggregation) key(by query.GroupBy) (key, problem.List) {
	k := key{by: by}
	head, rest, path := strings.Cut(by.Field, ".")
	col, ok := g.cols[head]
	if !ok {
		return k, problem.List{query.Unknown(by.Field, by.Pointer+"/field", g.cols)}
	}
	k.column, k.group = col, query.Group{Column: col.Key}
	x := g.f.ByKey[head]
	switch {
	case col.Array:
		return k, problem.List{problem.New("not-groupable", by.Pointer+"/field", problem.P{"field": by.Field})}
	case by.Unit != "" && (path || col.Kind != query.Date && col.Kind != query.Instant):
		return k, problem.List{problem.New("unit-needs-date", by.Pointer+"/unit", problem.P{"field": by.Field})}
	case col.Kind == query.Instant && by.Unit == "" && !path:
		return k, problem.List{problem.New("needs-unit", by.Pointer+"/field", problem.P{"field": by.Field})}
	}
	kind := ""
	if isPersonColumn(head) {
		kind = "user"
	} else if x != nil {
		kind = x.As.Key
	}
	if !path {
		k.name = g.namer(kind, x)
		if by.Level > 0 {
			if kind != "department" {
				return k, problem.List{problem.New("wrong-level", by.Pointer+"/level", nil)}
			}
			k.path = g.perID(func(id string) any { return orNil(g.people.AtLevel(id, by.Level)) })
		}
		return k, nil
	}
	switch {
	case kind == "user" || kind == "department":
		return k, g.peoplePath(&k, kind, rest)
	case x != nil && x.Relation != nil:
		return k, g.relationPath(&k, x.Relation, rest)
	}
	return k, problem.List{query.Unknown(by.Field, by.Pointer+"/field", g.cols)}
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (g *aggregation) perID(fn func(id string) any) func(ids []string) (map[string]any, error) {
	return func(ids []string) (map[string]any, error) {
		out := make(map[string]any, len(ids))
		for _, id := range ids {
			out[id] = fn(id)
		}
		return out, nil
	}
}

// peoplePath groups by a property of a user or department.
func (g *aggregation) peoplePath(k *key, kind, rest string) problem.List {
	property := func(id, key string) any {
		m, _ := g.people.Person(id)
		if kind == "department" {
			m, _ = g.people.Unit(id)
		}
		v, _ := m[key].(string)
		return orNil(v)
	}
	switch {
	case kind == "user" && (rest == "department" || strings.HasPrefix(rest, "department.")):
		k.name = g.namer("department", nil)
		level := k.by.Level
		k.path = g.perID(func(id string) any {
			unit, _ := property(id, "department").(string)
			if level > 0 {
				unit = g.people.AtLevel(unit, level)
			}
			return orNil(unit)
		})
		if rest != "department" {
			return problem.List{query.Unknown(k.by.Field, k.by.Pointer+"/field", g.cols)}
		}
	case k.by.Level > 0:
		return problem.List{problem.New("wrong-level", k.by.Pointer+"/level", nil)}
	case rest == "name", kind == "user" && rest == "login", kind == "department" && (rest == "parent" || rest == "leader"):
		if rest == "leader" {
			k.name = g.namer("user", nil)
		}
		if rest == "parent" {
			k.name = g.namer("department", nil)
		}
		k.path = g.perID(func(id string) any { return property(id, rest) })
	default:
		return problem.List{query.Unknown(k.by.Field, k.by.Pointer+"/field", g.cols)}
	}
	return nil
}

// relationPath groups by a field of the related records that the caller may read; others count as empty.
func (g *aggregation) relationPath(k *key, to *catalog.Form, field string) problem.List {
	d := g.decide(to)
	if !d.Can(definition.Read) { // not even which fields it has
		return problem.List{query.Unknown(k.by.Field, k.by.Pointer+"/field", query.Columns{})}
	}
	if k.by.Level > 0 {
		return problem.List{problem.New("wrong-level", k.by.Pointer+"/level", nil)}
	}
	col, ok := d.Columns(to.Columns)[field]
	if !ok || col.Array || col.Kind == query.Instant {
		return problem.List{query.Unknown(field, k.by.Pointer+"/field", d.Columns(to.Columns))}
	}
	switch y := to.ByKey[field]; {
	case y != nil:
		k.name = g.namer(y.As.Key, y)
	case isPersonColumn(field):
		k.name = g.namer("user", nil)
	}
	k.path = func(ids []string) (map[string]any, error) {
		out := map[string]any{}
		docs, err := g.rd.GetMany(g.ctx, to.Collection.Name, ids)
		for _, doc := range docs {
			if d.Covers(definition.Read, to.Columns, doc.Tree()) {
				out[doc.ID] = col.Value(col.Of(doc.Tree()))
			}
		}
		return out, err
	}
	return nil
}

// plan checks a figure and lists the store's measures that it needs.
func (g *aggregation) plan(fig query.Figure) problem.List {
	p := plan{figure: fig, distinctAmong: -1}
	if fig.Fn == "" {
		for i, o := range g.ask.Measures {
			if o.As == fig.Ratio[0] {
				p.ratioOf = i
			}
			if o.As == fig.Ratio[1] {
				p.ratio = i
			}
		}
		g.plans = append(g.plans, p)
		return nil
	}
	where, ps := query.Resolve(fig.Filter, g.cols, g.env(g.f, g.rd))
	if fig.Field != "" {
		col, ok := g.cols[fig.Field]
		switch {
		case !ok:
			ps = append(ps, query.Unknown(fig.Field, fig.Pointer+"/field", g.cols))
		case (fig.Fn == query.Sum || fig.Fn == query.Avg) && !col.Sums(),
			(fig.Fn == query.Min || fig.Fn == query.Max) && !col.Ranges(),
			fig.Fn == query.Distinct && col.Array:
			ps = append(ps, problem.New("fn-not-allowed", fig.Pointer+"/fn", problem.P{"fn": string(fig.Fn), "field": fig.Field}))
		}
		p.column = col
	}
	add := func(fn query.Fn, column string) int {
		g.store = append(g.store, query.Measure{Fn: fn, Column: column, Where: where})
		return len(g.store) - 1
	}
	if fig.Fn == query.Avg {
		p.value, p.count = add(query.Sum, fig.Field), add(query.Count, fig.Field)
	} else {
		p.value = add(fig.Fn, fig.Field)
	}
	g.plans = append(g.plans, p)
	return ps
}

// buckets turns calendar units into bounds, from the first to the last date there is.
func (g *aggregation) buckets() error {
	for i := range g.keys {
		k := &g.keys[i]
		if k.by.Unit == "" {
			continue
		}
		rows, err := g.rd.Aggregate(g.ctx, g.f.Collection.Name, query.Aggregate{Where: g.where, Measures: []query.Measure{
			{Fn: query.Min, Column: k.column.Key}, {Fn: query.Max, Column: k.column.Key}}})
		if err != nil {
			return err
		}
		lo, ok := rows[0].Values[0].(int64)
		hi, _ := rows[0].Values[1].(int64)
		k.group.Bounds = []int64{}
		if !ok {
			continue
		}
		day := func(n int64) int64 { return n }
		start := day
		if k.column.Kind == query.Instant {
			day = func(n int64) int64 { return value.DayIn(n, g.zone) }
			start = func(d int64) int64 { return value.StartOfDay(d, g.zone) }
		}
		for d := k.by.Unit.Floor(day(lo)); d <= day(hi); d = k.by.Unit.Next(d) {
			if len(k.starts) == maxBuckets {
				return query.ErrGroups
			}
			k.starts = append(k.starts, d)
			k.group.Bounds = append(k.group.Bounds, start(d))
		}
	}
	return nil
}

// group is one row under the keys that callers see.
type group struct {
	keys   []any
	values []any
}

// rows asks the store and merges groups that paths map to the same keys. extra is one more column to group by.
func (g *aggregation) rows(measures []query.Measure, extra []query.Group) ([]group, error) {
	a := query.Aggregate{Where: g.where, Measures: measures, Limit: maxGroups}
	for _, k := range g.keys {
		a.Group = append(a.Group, k.group)
	}
	a.Group = append(a.Group, extra...)
	rows, err := g.rd.Aggregate(g.ctx, g.f.Collection.Name, a)
	if err != nil {
		return nil, err
	}
	maps := make([]map[string]any, len(g.keys))
	for i, k := range g.keys {
		if k.path == nil {
			continue
		}
		var ids []string
		for _, r := range rows {
			if id, ok := r.Keys[i].(string); ok && !slices.Contains(ids[max(0, len(ids)-1):], id) {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		if maps[i], err = k.path(slices.Compact(ids)); err != nil {
			return nil, err
		}
	}
	merged := map[string]*group{}
	var order []*group
	for _, r := range rows {
		keys := make([]any, len(r.Keys))
		for i, v := range r.Keys {
			keys[i] = v
			if i < len(g.keys) {
				keys[i] = g.keys[i].seen(v, maps[i])
			}
		}
		name := string(value.AppendJSON(nil, keys))
		have := merged[name]
		if have == nil {
			have = &group{keys: keys, values: r.Values}
			merged[name] = have
			order = append(order, have)
			continue
		}
		for i, m := range measures {
			have.values[i] = merge(m.Fn, have.values[i], r.Values[i])
		}
	}
	out := make([]group, len(order))
	for i, o := range order {
		out[i] = *o
	}
	return out, nil
}

// seen is a scalar of the group column as callers see it.
func (k key) seen(v any, mapped map[string]any) any {
	switch {
	case v == nil:
		return nil
	case k.path != nil:
		id, _ := v.(string)
		return mapped[id]
	case k.by.Unit != "":
		i, _ := v.(int64)
		if i < 0 || int(i) >= len(k.starts) {
			return nil
		}
		return k.by.Unit.Label(k.starts[i])
	}
	return k.column.Value(v)
}

func merge(fn query.Fn, a, b any) any {
	switch fn {
	case query.Count:
		return a.(int64) + b.(int64)
	case query.Sum:
		return new(big.Int).Add(a.(*big.Int), b.(*big.Int))
	case query.Min, query.Max:
		c := query.Compare(a, b)
		if a == nil || b != nil && (c > 0) == (fn == query.Min) && c != 0 {
			return b
		}
	}
	return a // distinct values cannot be added: see distinct
}

// finish makes the figures of the store's measures.
func (g *aggregation) finish(rows []group) ([]query.Result, error) {
	out := make([]query.Result, len(rows))
	index := map[string]int{}
	for i, r := range rows {
		out[i] = query.Result{}
		for j, k := range g.keys {
			out[i][k.by.As] = r.keys[j]
		}
		index[string(value.AppendJSON(nil, r.keys))] = i
	}
	mapped := slices.ContainsFunc(g.keys, func(k key) bool { return k.path != nil })
	for _, p := range g.plans {
		as := p.figure.As
		switch p.figure.Fn {
		case "":
			continue
		case query.Avg:
			scale := p.figure.Scale
			if scale < 0 {
				scale = min(p.column.Scale+2, value.MaxScale)
			}
			for i, r := range rows {
				out[i][as] = query.Derived(r.values[p.value].(*big.Int), p.column.Scale, r.values[p.count].(int64), scale)
			}
		case query.Sum:
			for i, r := range rows {
				out[i][as] = value.Decimal{Unscaled: r.values[p.value].(*big.Int), Scale: p.column.Scale}
			}
		case query.Distinct:
			if !mapped {
				for i, r := range rows {
					out[i][as] = r.values[p.value]
				}
				continue
			}
			if err := g.distinct(p, out, index); err != nil {
				return nil, err
			}
		case query.Count:
			for i, r := range rows {
				out[i][as] = r.values[p.value]
			}
		default:
			for i, r := range rows {
				out[i][as] = p.column.Value(r.values[p.value])
			}
		}
	}
	for _, p := range g.plans {
		if p.figure.Fn != "" {
			continue
		}
		scale := p.figure.Scale
		if scale < 0 {
			scale = 2
			if !p.figure.Percent {
				scale = 4
			}
		}
		for i := range out {
			out[i][p.figure.As] = query.RatioOf(out[i][g.ask.Measures[p.ratioOf].As], out[i][g.ask.Measures[p.ratio].As], p.figure.Percent, scale)
		}
	}
	return out, nil
}

// distinct counts different values under merged groups: the values themselves become a group key, then are counted.
func (g *aggregation) distinct(p plan, out []query.Result, index map[string]int) error {
	m := g.store[p.value]
	rows, err := g.rows([]query.Measure{{Fn: query.Count, Column: m.Column, Where: m.Where}}, []query.Group{{Column: m.Column}})
	if err != nil {
		return err
	}
	for i := range out {
		out[i][p.figure.As] = int64(0)
	}
	for _, r := range rows {
		if n, _ := r.values[0].(int64); n == 0 || r.keys[len(r.keys)-1] == nil {
			continue
		}
		i := index[string(value.AppendJSON(nil, r.keys[:len(r.keys)-1]))]
		out[i][p.figure.As] = out[i][p.figure.As].(int64) + 1
	}
	return nil
}

// namer gives people's names for ids of a kind of field; nil when the values speak for themselves.
func (g *aggregation) namer(kind string, x *catalog.Field) func(id string) string {
	switch {
	case kind == "user":
		return func(id string) string { m, _ := g.people.Person(id); s, _ := m["name"].(string); return s }
	case kind == "department":
		return func(id string) string { m, _ := g.people.Unit(id); s, _ := m["name"].(string); return s }
	case x != nil && x.Relation != nil && x.Relation.Title() != nil:
		to := x.Relation
		d := g.decide(to)
		title := to.Title().Key
		return func(id string) string {
			doc, err := g.rd.Get(g.ctx, to.Collection.Name, id)
			if err != nil || !d.Askable(title) || !d.Covers(definition.Read, to.Columns, doc.Tree()) {
				return ""
			}
			switch v := dataOf(doc.Tree())[title].(type) {
			case string:
				return v
			case float64:
				return value.Text(v)
			}
			return ""
		}
	}
	return nil
}

func (g *aggregation) labels(rows []query.Result) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, k := range g.keys {
		if k.name == nil {
			continue
		}
		m := map[string]string{}
		for _, r := range rows {
			if id, ok := r[k.by.As].(string); ok && m[id] == "" {
				if n := k.name(id); n != "" {
					m[id] = n
				}
			}
		}
		out[k.by.As] = m
	}
	return out
}
