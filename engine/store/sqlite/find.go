package sqlite

import (
	"context"
	"database/sql/driver"
	"iter"
	"slices"
	"strings"

	"formwork/engine/query"
	"formwork/engine/store"
)

const docColumns = "t.id,t.version,t.deleted,t.doc"

// step is one statement of a Find; steps run in turn until the limit is filled.
type step struct {
	sql  string // without LIMIT
	args []any
	rows bool // gives row numbers, whose documents are then fetched; else documents
}

// Find implements store.Reader.
func (r *reader) Find(ctx context.Context, collection string, f query.Find) iter.Seq2[*store.Doc, error] {
	return func(yield func(*store.Doc, error) bool) {
		err := r.find(ctx, collection, f, yield)
		if err != nil {
			yield(nil, err)
		}
	}
}

func (r *reader) find(ctx context.Context, collection string, f query.Find, yield func(*store.Doc, error) bool) error {
	if err := r.patience(ctx).Err(); err != nil {
		return err
	}
	l, err := r.layout(collection)
	if err != nil {
		return err
	}
	steps, err := r.plan(ctx, l, f)
	if err != nil {
		return err
	}
	left := f.Limit
	if left <= 0 {
		left = -1
	}
	var all []*store.Doc // in the writer: the caller may write while iterating
	emit := func(d *store.Doc) bool {
		if left > 0 {
			left--
		}
		if r.own {
			all = append(all, d)
			return true
		}
		return yield(d, nil)
	}
	for _, s := range steps {
		if left == 0 {
			break
		}
		more, err := r.run(ctx, l, s, left, emit)
		if err != nil {
			return r.saw(err)
		}
		if !more {
			return nil
		}
	}
	for _, d := range all {
		if !yield(d, nil) {
			return nil
		}
	}
	return nil
}

// run executes a step; more is false when the caller has had enough.
func (r *reader) run(ctx context.Context, l *layout, s step, limit int, emit func(*store.Doc) bool) (more bool, err error) {
	args := append(s.args[:len(s.args):len(s.args)], limit)
	if !s.rows {
		cur, err := r.c.query(r.patience(ctx), s.sql+" LIMIT ?", args...)
		if err != nil {
			return false, err
		}
		r.track(cur)
		defer r.untrack(cur)
		for n := 1; ; n++ {
			if n&63 == 0 && r.patience(ctx).Err() != nil {
				return false, ctx.Err()
			}
			ok, err := cur.next()
			if err != nil || !ok {
				return err == nil, err
			}
			if !emit(document(cur.vals)) {
				return false, nil
			}
		}
	}
	// Row numbers first, so that sorting moves no documents.
	var ns []int64
	err = r.c.each(r.patience(ctx), func(v []driver.Value) error {
		ns = append(ns, v[0].(int64))
		return nil
	}, s.sql+" LIMIT ?", args...)
	if err != nil {
		return false, err
	}
	fetch := "SELECT id,version,deleted,doc FROM " + l.table() + " WHERE n=?"
	for i, n := range ns {
		if i&63 == 63 && r.patience(ctx).Err() != nil {
			return false, ctx.Err()
		}
		v, err := r.c.row(context.Background(), fetch, n)
		if err != nil {
			return false, err
		}
		if !emit(document(v)) {
			return false, nil
		}
	}
	return true, nil
}

func (r *reader) track(cur *rows) {
	if r.open == nil {
		r.open = map[*rows]bool{}
	}
	r.open[cur] = true
}

func (r *reader) untrack(cur *rows) {
	delete(r.open, cur)
	cur.close()
}

// walk is a way through an index in the order of the sort.
type walk struct {
	ix     *index // nil: the index of ids
	prefix int
	many   []string // pinned columns that have several values
	fan    int      // product of their numbers
}

// plan decides how a Find runs; plan.go says by which rule.
func (r *reader) plan(ctx context.Context, l *layout, f query.Find) ([]step, error) {
	if f.Where.Never {
		return nil, nil
	}
	o, err := newOrder(l, f.Sort)
	if err != nil {
		return nil, err
	}
	ts := terms(f.Where)
	pinned := pins(l, ts)
	for _, vals := range pinned {
		if len(vals) == 0 {
			return nil, nil
		}
	}
	w := bestWalk(l, f, o, ts, pinned)
	limit, beyond, residual := r.several, 0, true
	if w != nil {
		limit, beyond = r.few, w.prefix
		residual = len(ts) > w.prefix && !onlyRange(l, ts, w)
	}
	if residual {
		s, err := r.smallest(ctx, l, f.Which, ts, beyond, limit)
		if err != nil {
			return nil, err
		}
		if s != nil {
			return sorted(l, *s, f, o, ts, pinned)
		}
	}
	if w != nil {
		return w.steps(l, f, o, ts, pinned)
	}
	return sorted(l, l.scan(), f, o, ts, pinned)
}

// onlyRange says whether all that the walk does not pin bounds the column that it walks by: no row is passed over.
func onlyRange(l *layout, ts []query.Where, w *walk) bool {
	if w.ix == nil || w.prefix >= len(w.ix.parts) {
		return false
	}
	bounded := ranged(l, ts)
	p := w.ix.parts[w.prefix]
	return len(ts) == w.prefix+1 && p.form == raw && bounded[p.key]
}

// bestWalk finds the index that gives the order with the most pinned columns.
func bestWalk(l *layout, f query.Find, o *order, ts []query.Where, pinned map[string][]any) *walk {
	bounded := ranged(l, ts)
	var best *walk
	for i := range l.Indexes {
		ix := &l.Indexes[i]
		if !ix.usable(f.Which, pinned, bounded) || ix.Unique && ix.prefix(pinned) < len(ix.parts) {
			continue
		}
		w := &walk{ix: ix, fan: 1}
		single := map[string]any{}
		for n := ix.prefix(pinned); w.prefix < n; w.prefix++ {
			p := ix.parts[w.prefix]
			vals := pinned[p.key]
			if len(vals) > 1 {
				if f.Limit <= 0 || w.fan*len(vals) > fanOut || f.Limit*w.fan*len(vals) > several {
					break
				}
				w.many = append(w.many, p.key)
				w.fan *= len(vals)
			}
			single[p.key] = vals[0]
		}
		if ix.Unique && w.prefix < len(ix.parts) {
			continue
		}
		if !o.pin(l, single).follows(ix, w.prefix) {
			continue
		}
		if best == nil || w.prefix > best.prefix || w.prefix == best.prefix && w.fan < best.fan {
			best = w
		}
	}
	if best == nil && o.pin(l, nil).follows(&index{}, 0) {
		best = &walk{fan: 1}
	}
	return best
}

// steps are the ordered ranges of a walk. Several values of a pinned column are walked each by itself and merged.
func (w *walk) steps(l *layout, f query.Find, o *order, ts []query.Where, pinned map[string][]any) ([]step, error) {
	src := source{from: l.table() + " AS t INDEXED BY " + l.idIndex()}
	if w.ix != nil {
		src = l.through(w.ix, w.prefix)
	}
	single := map[string]any{}
	if w.ix != nil {
		for _, p := range w.ix.parts[:w.prefix] {
			if len(pinned[p.key]) == 1 {
				single[p.key] = pinned[p.key][0]
			}
		}
	}
	if w.fan == 1 {
		o = o.pin(l, single)
		var out []step
		for _, b := range o.behind(f.After) {
			re := newRender(l)
			where := src.conditions(re, f.Which, ts, pinned) + " AND " + b.sql
			if re.err != nil {
				return nil, re.err
			}
			out = append(out, step{sql: "SELECT " + docColumns + " FROM " + src.from + " WHERE " + where + o.by(), args: append(re.args, b.args...)})
		}
		return out, nil
	}
	var parts []string
	var args []any
	for _, combo := range combine(w.many, pinned) {
		one, at := map[string][]any{}, map[string]any{}
		for k, v := range pinned {
			one[k] = v
		}
		for k, v := range single {
			at[k] = v
		}
		for k, v := range combo {
			one[k], at[k] = []any{v}, v
		}
		bo := o.pin(l, at)
		narrow, some := narrowed(l, ts, combo)
		if !some {
			continue
		}
		for _, b := range bo.behind(f.After) {
			re := newRender(l)
			where := src.conditions(re, f.Which, narrow, one)
			if re.err != nil {
				return nil, re.err
			}
			parts = append(parts, "SELECT * FROM (SELECT t.n AS n,t.id AS id"+o.keys()+" FROM "+src.from+" WHERE "+where+" AND "+b.sql+bo.by()+" LIMIT ?)")
			args = append(append(append(args, re.args...), b.args...), f.Limit)
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	return []step{{sql: strings.Join(parts, " UNION ALL ") + o.merged(), args: args, rows: true}}, nil
}

// narrowed is the filter where columns are known to have certain values; some is false when nothing can match. The
// lists that held the values must go: SQLite would walk them, in their order.
func narrowed(l *layout, ts []query.Where, combo map[string]any) (out []query.Where, some bool) {
	for _, t := range ts {
		if leaf := t.Leaf; leaf != nil && leaf.Test == query.In && !leaf.Not {
			if v, ok := combo[leaf.Column]; ok {
				f := l.byKey[leaf.Column]
				if !slices.Contains(fitting(f, leaf.Values), v) {
					return nil, false
				}
				if n, isInt := v.(int64); isInt && f.Kind == query.Bool {
					v = n != 0
				}
				t = query.Is(leaf.Column, v)
			}
		}
		out = append(out, t)
	}
	return out, true
}

// combine is every choice of one value per column.
func combine(columns []string, values map[string][]any) []map[string]any {
	out := []map[string]any{{}}
	for _, c := range columns {
		var next []map[string]any
		for _, have := range out {
			for _, v := range values[c] {
				m := map[string]any{c: v}
				for k, x := range have {
					m[k] = x
				}
				next = append(next, m)
			}
		}
		out = next
	}
	return out
}

// sorted is a Find that collects rows and sorts them; SQLite keeps no more of them than the limit.
func sorted(l *layout, src source, f query.Find, o *order, ts []query.Where, pinned map[string][]any) ([]step, error) {
	re := newRender(l)
	where := src.conditions(re, f.Which, ts, pinned)
	if re.err != nil {
		return nil, re.err
	}
	var behind []string
	for _, b := range o.behind(f.After) {
		behind = append(behind, "("+b.sql+")")
		re.args = append(re.args, b.args...)
	}
	if len(behind) == 0 {
		return nil, nil
	}
	where += " AND " + balance(behind, " OR ")
	return []step{{sql: "SELECT t.n FROM " + src.from + " WHERE " + where + o.by(), args: re.args, rows: true}}, nil
}
