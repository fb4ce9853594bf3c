package record

import (
	"strings"

	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

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
			return titleOf(to, doc)
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
