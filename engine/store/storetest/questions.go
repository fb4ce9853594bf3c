package storetest

import (
	"formwork/engine/query"
	"formwork/schemas/value"
)

// question is one thing asked of a store; exactly one member is set.
type question struct {
	Find      *query.Find
	Count     *counting
	Aggregate *query.Aggregate
}

type counting struct {
	Where query.Where
	Which query.Which
	Max   int
}

func (g *generator) question() question {
	switch g.IntN(10) {
	case 0, 1:
		c := counting{Where: g.where(g.IntN(6)), Which: g.which()}
		if g.chance(50) {
			c.Max = 1 + g.IntN(30)
		}
		return question{Count: &c}
	case 2, 3, 4:
		return question{Aggregate: g.aggregate()}
	}
	return question{Find: g.find()}
}

func (g *generator) which() query.Which {
	return pick(g, []query.Which{query.Live, query.Live, query.Live, query.Trash, query.Both})
}

func (g *generator) find() *query.Find {
	f := &query.Find{Where: g.where(g.IntN(6)), Which: g.which(), Sort: g.sort()}
	if g.chance(70) {
		f.Limit = 1 + g.IntN(12)
	}
	if g.chance(40) {
		f.After = g.position(f.Sort)
	}
	return f
}

func (g *generator) sort() []query.Order {
	var out []query.Order
	n := pick(g, []int{0, 1, 1, 1, 2, 2, 3})
	for _, i := range g.Perm(len(g.columns)) {
		if c := g.columns[i]; c.Sortable() && len(out) < n {
			out = append(out, query.Order{Column: c.Key, Desc: g.chance(50)})
		}
	}
	return out
}

// position is that of a document, or a place where there is none.
func (g *generator) position(sort []query.Order) *query.Position {
	i := g.IntN(len(g.trees))
	p := query.Document{ID: "0000005", Tree: g.trees[i]}.At(sort, g.byKey)
	if g.chance(80) {
		p.ID = pick(g, g.ids)
	}
	for i, o := range sort {
		if g.chance(15) {
			c := g.byKey[o.Column]
			p.Keys[i] = c.SortKey(c.Scalar(g.raw(c.Kind)))
		}
	}
	return &p
}

func (g *generator) where(depth int) query.Where {
	if g.chance(4) {
		return pick(g, []query.Where{{}, query.None()})
	}
	if depth == 0 || g.chance(20) {
		return query.Where{Leaf: g.leaf()}
	}
	parts := make([]query.Where, 1+g.IntN(3))
	for i := range parts {
		parts[i] = g.where(depth - 1)
	}
	switch g.IntN(6) {
	case 0, 1:
		return query.Where{And: parts}
	case 2, 3:
		return query.Where{Or: parts}
	case 4:
		return query.Not(query.And(parts...))
	}
	return query.Not(query.Or(parts...))
}

func (g *generator) leaf() *query.Leaf {
	if len(g.ids) > 0 && g.chance(6) {
		return g.idLeaf()
	}
	c := pick(g, g.columns)
	l := &query.Leaf{Column: c.Key, Not: g.chance(30), Test: g.test(c)}
	switch l.Test {
	case query.In, query.HasAny, query.HasAll:
		for range pick(g, []int{1, 1, 1, 2, 3, 3, 8}) {
			if v := g.scalar(c); v != nil {
				l.Values = append(l.Values, v)
			}
		}
	case query.Range:
		if g.chance(75) {
			l.Min = g.scalar(c)
		}
		if g.chance(75) {
			l.Max = g.scalar(c)
		}
	case query.Contains, query.StartsWith:
		term := g.term(c, l.Test == query.StartsWith)
		if term == "" {
			return &query.Leaf{Column: c.Key, Test: query.Empty}
		}
		l.Values = []any{term}
	case query.Search:
		l.Column = ""
		for _, c := range g.columns {
			if c.Search && (len(l.Among) == 0 || g.chance(60)) {
				l.Among = append(l.Among, c.Key)
			}
		}
		term := g.term(c, false)
		if term == "" {
			term = "hw"
		}
		l.Values = []any{term}
	}
	if g.chance(1) {
		l.Column, l.Among = "unknown", nil
	}
	return l
}

// idLeaf asks for ids that documents have, twice now and then, and for one that none has.
func (g *generator) idLeaf() *query.Leaf {
	l := &query.Leaf{Test: query.ID, Not: g.chance(30)}
	for range pick(g, []int{1, 1, 3, 8, 120}) {
		l.Values = append(l.Values, pick(g, g.ids))
	}
	if g.chance(20) {
		l.Values = append(l.Values, "0000005")
	}
	return l
}

func (g *generator) test(c query.Column) query.Test {
	if c.Array {
		return pick(g, []query.Test{query.HasAny, query.HasAny, query.HasAll, query.HasAll, query.Empty})
	}
	tests := []query.Test{query.In, query.In, query.In, query.Empty}
	if c.Ranges() {
		tests = append(tests, query.Range, query.Range, query.Range, query.Range)
	}
	if c.Matches() {
		tests = append(tests, query.Contains, query.Contains, query.StartsWith)
	}
	if c.Search {
		tests = append(tests, query.Search, query.Search, query.Search)
	}
	return pick(g, tests)
}

// scalar is one that a document has, or another; nil now and then.
func (g *generator) scalar(c query.Column) any {
	if g.chance(25) {
		return c.Scalar(g.raw(c.Kind))
	}
	tree := pick(g, g.trees)
	if !c.Array {
		return c.Of(tree)
	}
	if items := c.Items(tree); len(items) > 0 {
		return pick(g, items)
	}
	return nil
}

// term is a piece of a folded text, or of its initials.
func (g *generator) term(c query.Column, start bool) string {
	s, _ := g.scalar(c).(string)
	if s == "" {
		s = g.text()
	}
	if c.Search && g.chance(30) {
		s = value.Initials(s)
	}
	runes := []rune(value.Fold(s))
	if len(runes) == 0 {
		return ""
	}
	from := 0
	if !start {
		from = g.IntN(len(runes))
	}
	to := min(len(runes), from+1+g.IntN(4))
	return value.Fold(string(runes[from:to]))
}

func (g *generator) aggregate() *query.Aggregate {
	a := &query.Aggregate{Where: g.where(g.IntN(4))}
	for range pick(g, []int{0, 1, 1, 2, 3}) {
		c := pick(g, g.columns)
		if c.Array {
			continue
		}
		group := query.Group{Column: c.Key}
		if c.Ranges() && g.chance(50) {
			group.Bounds = g.bounds(c)
		}
		a.Group = append(a.Group, group)
	}
	for range g.IntN(5) {
		m := g.measure()
		if g.chance(30) {
			m.Where = g.where(g.IntN(3))
		}
		a.Measures = append(a.Measures, m)
	}
	if g.chance(20) {
		a.Limit = 1 + g.IntN(20)
	}
	return a
}

func (g *generator) measure() query.Measure {
	c := pick(g, g.columns)
	fns := []query.Fn{query.Count}
	if !c.Array {
		fns = append(fns, query.Distinct)
	}
	if c.Sums() {
		fns = append(fns, query.Sum, query.Sum, query.Sum)
	}
	if c.Ranges() {
		fns = append(fns, query.Min, query.Max)
	}
	if g.chance(20) {
		return query.Measure{Fn: query.Count}
	}
	return query.Measure{Fn: pick(g, fns), Column: c.Key}
}

// bounds are a few scalars, ascending and different.
func (g *generator) bounds(c query.Column) []int64 {
	var out []int64
	for range 1 + g.IntN(5) {
		n, ok := g.scalar(c).(int64)
		if ok {
			out = insert(out, n)
		}
	}
	return out
}

func insert(sorted []int64, n int64) []int64 {
	i := int(query.Bucket(sorted, n)) + 1
	if i > 0 && sorted[i-1] == n {
		return sorted
	}
	return append(sorted[:i], append([]int64{n}, sorted[i:]...)...)
}
