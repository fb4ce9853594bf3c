package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"math/big"
	"strconv"
	"strings"

	"formwork/engine/query"
)

// Count implements store.Reader.
func (r *reader) Count(ctx context.Context, collection string, w query.Where, which query.Which, max int) (int, error) {
	if err := r.patience(ctx).Err(); err != nil {
		return 0, err
	}
	l, err := r.layout(collection)
	if err != nil || w.Never {
		return 0, err
	}
	ts := terms(w)
	pinned := pins(l, ts)
	src, err := r.gather(ctx, l, which, ts, pinned, nil, nil)
	if err != nil {
		return 0, err
	}
	re := newRender(l)
	sql := "FROM " + src.from + " WHERE " + src.conditions(re, which, ts, pinned)
	if re.err != nil {
		return 0, re.err
	}
	if max > 0 {
		sql = "SELECT count(*) FROM (SELECT 1 " + sql + " LIMIT ?)"
		re.args = append(re.args, max)
	} else {
		sql = "SELECT count(*) " + sql
	}
	n, err := r.c.number(r.patience(ctx), sql, re.args...)
	return int(n), r.saw(err)
}

// gather chooses where a statement that reads all matches takes them from: a covering index with the longest pinned
// prefix, a small set of rows, or the table. uses are the real columns that it reads besides the filter's, group those
// that it groups by.
func (r *reader) gather(ctx context.Context, l *layout, w query.Which, ts []query.Where, pinned map[string][]any, uses map[string]bool, group []string) (source, error) {
	need := newRender(l)
	for _, t := range ts {
		need.where(t)
	}
	for c := range uses {
		need.uses[c] = true
	}
	var best *index
	bounded := ranged(l, ts)
	score := -1
	for i := range l.Indexes {
		ix := &l.Indexes[i]
		if !ix.usable(w, pinned, bounded) || ix.Unique || !covers(ix, need.uses) {
			continue
		}
		points := 100*ix.prefix(pinned) + 10*ix.leads(group) - len(ix.has)/4
		if best == nil || points > score {
			best, score = ix, points
		}
	}
	prefix := 0
	if best != nil {
		prefix = best.prefix(pinned)
	}
	if best == nil || len(ts) > prefix {
		limit := r.several
		if best != nil {
			n, err := r.covered(ctx, l, w, best, prefix, pinned)
			if err != nil {
				return source{}, err
			}
			limit = min(limit, n/fetch)
		}
		s, err := r.smallest(ctx, l, w, ts, prefix, limit)
		if err != nil {
			return source{}, err
		}
		if s != nil {
			return *s, nil
		}
	}
	if best != nil {
		return l.through(best, prefix), nil
	}
	return l.scan(), nil
}

// covered counts the entries of a covering index that a statement would pass, as far as that matters.
func (r *reader) covered(ctx context.Context, l *layout, w query.Which, ix *index, prefix int, pinned map[string][]any) (int, error) {
	if r.several < 0 {
		return -1, nil
	}
	s := l.through(ix, prefix)
	re := newRender(l)
	where := append(s.covers(w), re.pinned(s.pins, pinned)...)
	for _, p := range ix.parts[:prefix] {
		if p.form == raw {
			where = append(where, re.among("t."+p.phys, pinned[p.key]))
		}
	}
	n, err := r.c.number(r.patience(ctx), "SELECT count(*) FROM (SELECT 1 FROM "+s.from+" WHERE "+strings.Join(append(where, yes), " AND ")+" LIMIT ?)",
		append(re.args, r.several*fetch)...)
	return int(n), r.saw(err)
}

func covers(ix *index, uses map[string]bool) bool {
	for c := range uses {
		if !ix.has[c] {
			return false
		}
	}
	return true
}

// leads is how many leading parts are columns of the group, so that groups come in order and need no sorting.
func (ix *index) leads(group []string) int {
	n := 0
	for n < len(ix.parts) && n < len(group) && ix.parts[n].phys == group[n] {
		n++
	}
	return n
}

// Aggregate implements store.Reader.
func (r *reader) Aggregate(ctx context.Context, collection string, a query.Aggregate) ([]query.Row, error) {
	if err := r.patience(ctx).Err(); err != nil {
		return nil, err
	}
	l, err := r.layout(collection)
	if err != nil {
		return nil, err
	}
	rows, err := r.aggregate(ctx, l, a, false)
	if err != nil && strings.Contains(err.Error(), "integer overflow") {
		rows, err = r.aggregate(ctx, l, a, true)
	}
	if err != nil {
		if errors.Is(err, query.ErrGroups) {
			return nil, err
		}
		return nil, r.saw(err)
	}
	return rows, nil
}

func (r *reader) aggregate(ctx context.Context, l *layout, a query.Aggregate, wide bool) ([]query.Row, error) {
	sql, args, err := r.aggregateSQL(ctx, l, a, wide)
	if err != nil {
		return nil, err
	}
	var out []query.Row
	err = r.c.each(r.patience(ctx), func(v []driver.Value) error {
		if a.Limit > 0 && len(out) == a.Limit && len(a.Group) > 0 {
			return query.ErrGroups
		}
		out = append(out, readRow(l, a, v, wide))
		return nil
	}, sql, args...)
	return out, err
}

// aggregateSQL writes the statement. With wide, sums are taken over the upper and lower 32 bits of every number, so
// that neither overflows.
func (r *reader) aggregateSQL(ctx context.Context, l *layout, a query.Aggregate, wide bool) (sql string, args []any, err error) {
	re := newRender(l)
	var cols, by, group []string
	for i, g := range a.Group {
		cols = append(cols, re.group(g))
		by = append(by, strconv.Itoa(i+1))
		if f := l.byKey[g.Column]; f != nil && !f.Array {
			group = append(group, f.in(raw))
		}
	}
	for _, m := range a.Measures {
		cols = append(cols, re.measure(m, wide)...)
	}
	if len(cols) == 0 {
		cols = []string{"count(*)"}
	}
	ts := terms(a.Where)
	pinned := pins(l, ts)
	src, err := r.gather(ctx, l, query.Live, ts, pinned, re.uses, group)
	if err != nil {
		return "", nil, err
	}
	sql = "SELECT " + strings.Join(cols, ",") + " FROM " + src.from + " WHERE " + src.conditions(re, query.Live, ts, pinned)
	if len(by) > 0 {
		sql += " GROUP BY " + strings.Join(by, ",")
		if a.Limit > 0 {
			sql += " LIMIT ?"
			re.args = append(re.args, a.Limit+1)
		}
	}
	return sql, re.args, re.err
}

// group is the SQL of a key.
func (r *render) group(g query.Group) string {
	f := r.l.byKey[g.Column]
	if f == nil || f.Array {
		return "NULL"
	}
	c := r.col(f, raw)
	if g.Bounds == nil || f.Kind == query.Text || f.Kind == query.Bool {
		return c
	}
	return "CASE WHEN " + c + " IS NULL THEN NULL ELSE " + r.bucket(c, g.Bounds, -1) + " END"
}

// bucket finds the last bound not greater than the column, by halves. below is the answer under the first.
func (r *render) bucket(c string, bounds []int64, below int) string {
	if len(bounds) == 0 {
		return strconv.Itoa(below)
	}
	half := len(bounds) / 2
	cond := "CASE WHEN " + c + "<" + r.arg(bounds[half])
	left := r.bucket(c, bounds[:half], below)
	right := r.bucket(c, bounds[half+1:], below+half+1)
	return cond + " THEN " + left + " ELSE " + right + " END"
}

// measure is the SQL of a figure: one column, or two for a wide sum.
func (r *render) measure(m query.Measure, wide bool) []string {
	f := r.l.byKey[m.Column]
	if m.Column == "" && m.Fn == query.Count {
		return []string{"count(*)" + r.filter(m.Where)}
	}
	if f == nil || f.Array && m.Fn != query.Count {
		return []string{"NULL"}
	}
	c := r.col(f, raw)
	switch m.Fn {
	case query.Count:
		return []string{"count(" + c + ")" + r.filter(m.Where)}
	case query.Distinct:
		return []string{"count(DISTINCT " + c + ")" + r.filter(m.Where)}
	case query.Min:
		return []string{"min(" + c + ")" + r.filter(m.Where)}
	case query.Max:
		return []string{"max(" + c + ")" + r.filter(m.Where)}
	case query.Sum:
		if f.Kind == query.Text || f.Kind == query.Bool {
			return []string{"NULL"}
		}
		if wide {
			return []string{"sum(" + c + ">>32)" + r.filter(m.Where), "sum(" + c + "&4294967295)" + r.filter(m.Where)}
		}
		return []string{"sum(" + c + ")" + r.filter(m.Where)}
	}
	return []string{"NULL"}
}

func (r *render) filter(w query.Where) string {
	if w.All() {
		return ""
	}
	return " FILTER (WHERE " + r.where(w) + ")"
}

func readRow(l *layout, a query.Aggregate, v []driver.Value, wide bool) query.Row {
	row := query.Row{Values: make([]any, len(a.Measures))}
	if len(a.Group) > 0 {
		row.Keys = make([]any, len(a.Group))
	}
	for i, g := range a.Group {
		row.Keys[i] = scalar(l.byKey[g.Column], v[i])
	}
	v = v[len(a.Group):]
	at := 0
	for i, m := range a.Measures {
		f := l.byKey[m.Column]
		x := v[at]
		at++
		switch m.Fn {
		case query.Count, query.Distinct:
			n, _ := x.(int64)
			row.Values[i] = n
		case query.Sum:
			n, _ := x.(int64)
			sum := big.NewInt(n)
			if wide && f != nil && !f.Array && f.Kind != query.Text && f.Kind != query.Bool {
				low, _ := v[at].(int64)
				at++
				sum.Add(sum.Lsh(sum, 32), big.NewInt(low))
			}
			row.Values[i] = sum
		default:
			row.Values[i] = scalar(f, x)
		}
	}
	return row
}

// scalar turns a stored value back.
func scalar(f *field, v driver.Value) any {
	switch x := v.(type) {
	case []byte:
		return string(x)
	case int64:
		if f != nil && f.Kind == query.Bool {
			return x != 0
		}
	}
	return v
}
