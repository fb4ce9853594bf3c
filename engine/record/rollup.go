package record

import (
	"maps"
	"math/big"
	"slices"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/value"
)

type parentKey struct{ form, id string }

// parent is a record whose roll-ups a transaction moves. It is written once per round, whatever the number of children.
type parent struct {
	form  *catalog.Form
	id    string
	moves map[*catalog.Rollup]*move
	doc   *store.Doc // as last written by this transaction
}

// move is how one roll-up changes: children that came and went, their values summed, and the values themselves where an
// extreme may change.
type move struct {
	count       int64
	sum         int64
	come, leave []int64
}

// follow notes what a write of one record means for others: roll-ups of its parents, looked-up values of its children,
// and what pointed to it when it goes to the recycle bin.
func (w *writer) follow(f *catalog.Form, before, after *store.Doc) error {
	if err := w.count(f, before, after); err != nil {
		return err
	}
	if err := w.compare(f, before, after); err != nil {
		return err
	}
	for _, r := range f.RollsInto {
		from, old := contribution(r, before)
		to, now := contribution(r, after)
		if from == to && old == now {
			continue
		}
		w.shift(r, from, old, -1)
		w.shift(r, to, now, +1)
	}
	if before != nil && live(after) {
		if err := w.fanOut(f, before, after); err != nil {
			return err
		}
	}
	if live(before) && after.Deleted {
		return w.detach(f, after.ID)
	}
	return nil
}

// contribution is the parent that a child counts for, "" for none, and its scalar.
func contribution(r *catalog.Rollup, child *store.Doc) (parent string, scalar any) {
	if !matches(r.Where, r.Child.Columns, child) {
		return "", nil
	}
	parent, _ = dataOf(child.Tree())[r.Link.Key].(string)
	if parent != "" && r.Of != nil {
		scalar = r.Of.Column.Of(child.Tree())
	}
	return parent, scalar
}

func (w *writer) shift(r *catalog.Rollup, id string, scalar any, sign int64) {
	if id == "" {
		return
	}
	key := parentKey{r.Parent.Name, id}
	p := w.parents[key]
	if p == nil {
		p = &parent{form: r.Parent, id: id, moves: map[*catalog.Rollup]*move{}}
		w.parents[key] = p
	}
	m := p.moves[r]
	if m == nil {
		m = &move{}
		p.moves[r] = m
	}
	n, ok := scalar.(int64)
	if r.Of != nil && !ok {
		return // empty counts for nothing
	}
	m.count += sign
	m.sum += sign * n
	if sign > 0 {
		m.come = append(m.come, n)
	} else {
		m.leave = append(m.leave, n)
	}
}

// maxRounds bounds how far roll-ups of roll-ups reach; publishing refuses cycles, so this only stops damaged data.
const maxRounds = 10

// settle writes the parents, then their parents, until nothing moves.
func (w *writer) settle() error {
	for range maxRounds {
		var due []*parent
		for _, p := range w.parents {
			if len(p.moves) > 0 {
				due = append(due, p)
			}
		}
		if len(due) == 0 {
			return nil
		}
		slices.SortFunc(due, func(a, b *parent) int { // one order in every transaction: fewer conflicts
			return query.Compare(a.form.Name+a.id, b.form.Name+b.id)
		})
		for _, p := range due {
			moves := p.moves
			p.moves = map[*catalog.Rollup]*move{}
			if err := w.roll(p, moves); err != nil {
				return err
			}
		}
	}
	return nil
}

// roll brings one parent's roll-ups, and what it computes from them, up to date.
func (w *writer) roll(p *parent, moves map[*catalog.Rollup]*move) error {
	before, err := w.tx.Get(w.ctx, p.form.Collection.Name, p.id)
	if isNotFound(err) {
		return nil // a relation to a record that is gone for good
	}
	if err != nil {
		return err
	}
	if int64(num(before.Tree()["version"])) > p.form.Version {
		return errMoved // what it has and computes now is not what this snapshot says
	}
	tree := maps.Clone(before.Tree())
	data := maps.Clone(dataOf(tree))
	acc, _ := tree["acc"].(map[string]any)
	acc = maps.Clone(acc)
	for r, m := range moves {
		if err := w.apply(p, r, m, data, &acc); err != nil {
			return err
		}
	}
	e := &effect{intent: &Intent{Verb: Recompute, Form: p.form.Name, ID: p.id}, form: p.form, before: before}
	pipe := &pipeline{session: w.session, r: w.tx, e: e, f: p.form, was: dataOf(before.Tree()), data: data}
	if err := pipe.formulas(); err != nil {
		return err
	}
	if value.Equal(data, dataOf(before.Tree())) && value.Equal(acc, before.Tree()["acc"]) {
		p.doc = before
		return nil
	}
	tree["data"], tree["crev"] = data, num(tree["crev"])+1
	if len(acc) > 0 {
		tree["acc"] = acc
	}
	after := store.New(p.id, tree)
	after.Deleted = before.Deleted
	if err := w.acquaint(p.form, before, after); err != nil {
		return err
	}
	if err := w.tx.Replace(w.ctx, p.form.Collection.Name, after, before.Version); err != nil {
		return err
	}
	p.doc = after
	if err := w.raise(p.form, before, after, Recompute); err != nil {
		return err
	}
	return w.follow(p.form, before, after)
}

// apply moves one roll-up in data. Sums are kept as scaled integers, so that they stay exact whatever the order; an
// average keeps count and sum beside the data. A minimum or maximum is asked anew only when it left.
func (w *writer) apply(p *parent, r *catalog.Rollup, m *move, data map[string]any, acc *map[string]any) error {
	key := r.Field.Key
	set := func(v any) {
		if v == nil {
			delete(data, key)
		} else {
			data[key] = v
		}
	}
	old := r.Field.Column.Scalar(data[key])
	was, _ := old.(int64)
	switch r.Fn {
	case query.Count:
		set(float64(was + m.count))
	case query.Sum:
		scale := r.Of.Column.Scale
		sum := was + m.sum
		if r.Field.Column.Scale != scale { // shown with other decimals than it is summed with: keep the exact sum aside
			sum = pair(*acc, key)[1] + m.sum
			keep(acc, key, 0, sum)
		}
		set(value.Unscaled(sum, scale))
	case query.Avg:
		was := pair(*acc, key)
		n, sum := was[0]+m.count, was[1]+m.sum
		keep(acc, key, n, sum)
		q, ok := value.Decimal{Unscaled: big.NewInt(sum), Scale: r.Of.Column.Scale}.Quo(value.NewDecimal(n, 0), r.Field.Column.Scale)
		if !ok {
			set(nil)
			return nil
		}
		set(q.Float())
	default:
		if old != nil && slices.Contains(m.leave, was) {
			v, err := extreme(w.session, w.tx, r, p.id)
			set(v)
			return err
		}
		for _, n := range m.come {
			if old == nil || r.Fn == query.Min && n < was || r.Fn == query.Max && n > was {
				old, was = n, n
			}
		}
		if old != nil {
			set(r.Field.Column.Value(was))
		}
	}
	return nil
}

func pair(acc map[string]any, key string) [2]int64 {
	list, _ := acc[key].([]any)
	if len(list) != 2 {
		return [2]int64{}
	}
	return [2]int64{int64(num(list[0])), int64(num(list[1]))}
}

func keep(acc *map[string]any, key string, n, sum int64) {
	if *acc == nil {
		*acc = map[string]any{}
	}
	(*acc)[key] = []any{float64(n), float64(sum)}
}

// children is the filter of a roll-up's children.
func children(r *catalog.Rollup, id string) query.Where {
	return query.And(query.Is(r.Link.Key, id), r.Where)
}

func extreme(s *session, rd store.Reader, r *catalog.Rollup, id string) (any, error) {
	rows, err := rd.Aggregate(s.ctx, r.Child.Collection.Name, query.Aggregate{Where: children(r, id),
		Measures: []query.Measure{{Fn: r.Fn, Column: r.Of.Key}}})
	if err != nil || rows[0].Values[0] == nil {
		return nil, err
	}
	return r.Of.Column.Value(rows[0].Values[0]), nil
}

// rollup computes a roll-up from all children: for conversion and rebuild.
func (p *pipeline) rollup(r *catalog.Rollup, id string, acc *map[string]any) error {
	measures := []query.Measure{{Fn: query.Count}}
	if r.Of != nil {
		measures = []query.Measure{{Fn: query.Count, Column: r.Of.Key}}
		fn := r.Fn
		if fn == query.Avg {
			fn = query.Sum
		}
		measures = append(measures, query.Measure{Fn: fn, Column: r.Of.Key})
	}
	rows, err := p.r.Aggregate(p.ctx, r.Child.Collection.Name, query.Aggregate{Where: children(r, id), Measures: measures})
	if err != nil {
		return err
	}
	m := &move{count: rows[0].Values[0].(int64)}
	if r.Of != nil {
		switch v := rows[0].Values[1].(type) {
		case *big.Int:
			m.sum = v.Int64()
		case int64:
			m.come = []int64{v}
		}
	}
	delete(p.data, r.Field.Key)
	if *acc != nil {
		delete(*acc, r.Field.Key)
	}
	w := &writer{session: p.session}
	return w.apply(&parent{id: id}, r, m, p.data, acc)
}

// fanOut hands looked-up values that changed to the background: their holders may be many.
func (w *writer) fanOut(f *catalog.Form, before, after *store.Doc) error {
	was, is := dataOf(before.Tree()), dataOf(after.Tree())
	for _, l := range f.LookedUpBy {
		if value.Equal(was[l.Target.Key], is[l.Target.Key]) {
			continue
		}
		n, err := w.tx.Count(w.ctx, l.Form.Collection.Name, query.Is(l.Via.Key, after.ID), query.Live, 1)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		w.wake = true
		if err := w.Jobs.Add(w.ctx, w.tx, JobLookups, f.Name+"/"+after.ID, map[string]any{"form": f.Name, "record": after.ID}); err != nil {
			return err
		}
		return nil // one job for all lookups of the record
	}
	return nil
}

// trusted is a session for consequences of a write, which the writer's rights do not limit.
func (s *session) trusted(via string) *session {
	t := *s
	t.caller.Subject = access.Subject{User: s.caller.User, Trusted: true}
	t.caller.Via = via
	t.decisions = map[string]*access.Decision{}
	return &t
}
