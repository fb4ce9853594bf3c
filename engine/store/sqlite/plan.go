package sqlite

import (
	"context"
	"strings"

	"formwork/engine/query"
	"formwork/schemas/value"
)

// How a question is answered is decided here, not by SQLite's planner, which knows neither the limit of a page nor what
// a residual filter leaves over. Every statement names its index.
//
// The parts of a filter that must all hold ("terms") are matched against the indexes. An index whose leading columns
// are pinned by equality and whose rest is the sort can be walked in order until the page is full: the best there is
// when nothing else must hold, and good when much of what it passes does. Against it stand ways to a small set of rows
// that is then sorted: a longer pinned prefix, an array's items, the search index. Which is better depends on how many
// rows those are, so they are counted, up to a bound.

// fanOut is how many ordered walks a list of values may become.
const fanOut = 32

// few and several bound the number of rows that are better fetched one by one and sorted, than found by walking in
// order (few) or scanning the table (several).
const (
	few     = 2000
	several = 20000
	// fetch is how many entries of a covering index are read in the time of one row of the table.
	fetch = 8
)

// terms are the conditions of a filter that must all hold.
func terms(w query.Where) []query.Where {
	switch {
	case len(w.And) > 0:
		var out []query.Where
		for _, p := range w.And {
			out = append(out, terms(p)...)
		}
		return out
	case w.All():
		return nil
	}
	return []query.Where{w}
}

// pins are the columns that a filter pins to values, as they are stored.
func pins(l *layout, ts []query.Where) map[string][]any {
	out := map[string][]any{}
	for _, t := range ts {
		if t.Leaf == nil || t.Leaf.Test != query.In || t.Leaf.Not {
			continue
		}
		f := l.byKey[t.Leaf.Column]
		if f == nil || f.Array {
			continue
		}
		vals := fitting(f, t.Leaf.Values)
		if have, ok := out[f.Key]; !ok || len(vals) < len(have) {
			out[f.Key] = vals
		}
	}
	return out
}

// ranged are the columns that a filter bounds.
func ranged(l *layout, ts []query.Where) map[string]bool {
	out := map[string]bool{}
	for _, t := range ts {
		if t.Leaf != nil && t.Leaf.Test == query.Range && !t.Leaf.Not && (t.Leaf.Min != nil || t.Leaf.Max != nil) {
			out[t.Leaf.Column] = true
		}
	}
	return out
}

// formed is a pinned value as an index part holds it.
func formed(p part, v any) any {
	s, ok := v.(string)
	switch {
	case ok && p.form == sortKey:
		return value.SortKey(s)
	case ok && p.form == folded:
		return value.Fold(s)
	}
	return v
}

// usable says whether an index covers the documents that are meant, by columns that a filter pins and bounds.
func (ix *index) usable(w query.Which, pinned map[string][]any, bounded map[string]bool) bool {
	if ix.Pending || ix.parts == nil || !ix.All && w != query.Live {
		return false
	}
	if !ix.Sparse {
		return true
	}
	first := ix.parts[0]
	return len(pinned[first.key]) > 0 || first.form == raw && bounded[first.key]
}

// covers are the conditions that let SQLite use an index that does not hold all documents.
func (s source) covers(w query.Which) []string {
	out := which(w)
	if s.ix != nil && s.ix.Sparse {
		out = append(out, "t."+s.ix.parts[0].phys+" IS NOT NULL")
	}
	return out
}

// prefix is how many leading parts are pinned.
func (ix *index) prefix(pinned map[string][]any) int {
	n := 0
	for n < len(ix.parts) && len(pinned[ix.parts[n].key]) > 0 {
		n++
	}
	return n
}

// pinned writes the conditions that let SQLite seek in parts that hold another form than the scalar. That the scalar
// equals a value implies that its sort key and folded text equal those of the value; the test on the scalar stays.
func (r *render) pinned(parts []part, pinned map[string][]any) []string {
	var out []string
	for _, p := range parts {
		vals := pinned[p.key]
		if p.form == raw || len(vals) == 0 {
			continue
		}
		keys := make([]any, len(vals))
		for i, v := range vals {
			keys[i] = formed(p, v)
		}
		r.uses[p.phys] = true
		out = append(out, r.among("t."+p.phys, keys))
	}
	return out
}

// source is where a statement takes its rows from: a table with a forced index, and conditions that go with it.
type source struct {
	from string
	ix   *index // nil: the table, or a set of rows
	pins []part // whose pinned forms must be spelt out
	rows *subset
}

// subset selects row numbers: a superset of those that match.
type subset struct {
	sql  string
	args []any
}

func (l *layout) scan() source {
	return source{from: l.table() + " AS t NOT INDEXED"}
}

func (l *layout) through(ix *index, prefix int) source {
	return source{from: l.table() + " AS t INDEXED BY " + quote(ix.Phys), ix: ix, pins: ix.parts[:prefix]}
}

// conditions are everything a statement on this source must test, as one text.
func (s source) conditions(r *render, w query.Which, ts []query.Where, pinned map[string][]any) string {
	out := s.covers(w)
	out = append(out, r.pinned(s.pins, pinned)...)
	if s.rows != nil {
		out = append(out, "t.n IN ("+s.rows.sql+")")
		r.args = append(r.args, s.rows.args...)
	}
	for _, t := range ts {
		out = append(out, r.where(t))
	}
	if len(out) == 0 {
		return yes
	}
	return strings.Join(out, " AND ")
}

// subsets are the ways to a set of rows that has all matches, besides indexes.
func (r *reader) subsets(l *layout, ts []query.Where) ([]subset, error) {
	var out []subset
	for _, t := range ts {
		if t.Leaf == nil || t.Leaf.Not {
			continue
		}
		switch t.Leaf.Test {
		case query.ID:
			re := newRender(l)
			out = append(out, subset{"SELECT t.n FROM " + l.table() + " AS t INDEXED BY " + l.idIndex() + " WHERE " + re.ids(t.Leaf), re.args})
		case query.HasAny, query.HasAll:
			f := l.byKey[t.Leaf.Column]
			if f == nil || !f.Array {
				continue
			}
			vals := fitting(f, t.Leaf.Values)
			if len(vals) == 0 {
				continue
			}
			if t.Leaf.Test == query.HasAll {
				vals = vals[:1]
			}
			re := newRender(l)
			sql := re.holding(f, vals)
			out = append(out, subset{sql, re.args})
		case query.Contains, query.Search:
			sub, err := r.grams(l, t.Leaf)
			if err != nil {
				return nil, err
			}
			if sub != nil {
				out = append(out, *sub)
			}
		}
	}
	return out, nil
}

// smallest counts the rows that the ways beside the ordered walk lead to, and gives the one with the fewest if those
// are no more than limit. beyond is the prefix that the ordered walk has already.
func (r *reader) smallest(ctx context.Context, l *layout, w query.Which, ts []query.Where, beyond, limit int) (*source, error) {
	pinned, bounded := pins(l, ts), ranged(l, ts)
	var best *source
	probe := func(s source, sql string, args []any) error {
		n, err := r.c.number(r.patience(ctx), "SELECT count(*) FROM (SELECT 1 FROM "+sql+" LIMIT ?)", append(args, limit+1)...)
		if err != nil {
			return r.saw(err)
		}
		if int(n) <= limit {
			best, limit = &s, int(n)-1
		}
		return nil
	}
	for i := range l.Indexes {
		ix := &l.Indexes[i]
		if !ix.usable(w, pinned, bounded) {
			continue
		}
		n := ix.prefix(pinned)
		more := n < len(ix.parts) && ix.parts[n].form == raw && bounded[ix.parts[n].key]
		if limit < 0 || ix.Unique && n < len(ix.parts) || n+b2i(more) <= beyond {
			continue
		}
		s := l.through(ix, n)
		re := newRender(l)
		where := append(s.covers(w), re.pinned(s.pins, pinned)...)
		for _, p := range ix.parts[:n] {
			if p.form == raw {
				where = append(where, re.among("t."+p.phys, pinned[p.key]))
			}
		}
		if more {
			for _, t := range ts {
				if t.Leaf != nil && t.Leaf.Test == query.Range && !t.Leaf.Not && t.Leaf.Column == ix.parts[n].key {
					where = append(where, re.leaf(t.Leaf))
				}
			}
		}
		if err := probe(s, s.from+" WHERE "+strings.Join(append(where, yes), " AND "), re.args); err != nil {
			return nil, err
		}
	}
	subs, err := r.subsets(l, ts)
	if err != nil {
		return nil, err
	}
	for _, sub := range subs {
		if limit < 0 {
			break
		}
		s := l.scan()
		s.rows = &sub
		if err := probe(s, "("+sub.sql+")", append([]any{}, sub.args...)); err != nil {
			return nil, err
		}
	}
	return best, nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
