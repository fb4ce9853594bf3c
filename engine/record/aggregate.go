package record

import (
	"context"
	"errors"
	"math/big"
	"slices"

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
	rd   store.Reader
	f    *catalog.Form
	d    *access.Decision
	cols query.Columns
	ask  query.Ask
	// within narrows what is computed over, beside the caller's rows and what they ask.
	within query.Where
	where  query.Where
	keys   []key
	store  []query.Measure
	plans  []plan
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
	search, p := g.search(g.f, g.d, Query{Search: g.ask.Search})
	ps = append(ps, p...)
	g.where = query.And(g.within, g.d.Rows(definition.Read), g.where, search)
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
