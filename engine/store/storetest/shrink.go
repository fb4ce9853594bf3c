package storetest

import (
	"context"
	"slices"

	"formwork/engine/query"
	"formwork/engine/store"
)

// report makes the failing question and its documents smaller while they still fail, and stops the test.
func (d *duel) report(name string, s store.Store, q question) {
	d.t.Helper()
	c := &counterexample{store: s, declared: d.declared, question: q, docs: d.contents(), budget: 400}
	c.declared.Name = d.name + "-shrunk"
	hint := ""
	if c.fails() {
		c.shrink()
	} else {
		hint = "\nFresh documents give the right answer: it takes the writes that came before."
	}
	got, want := c.answers()
	if hint != "" {
		batch := []question{q}
		got, want = ask(s, d.name, batch)[0], ask(d.memory, d.name, batch)[0]
	}
	d.t.Fatalf("seed %d, %s gives another answer.%s\nquestion: %v\ngot:\n%s\nwant:\n%s\ncollection:\n%s\ndocuments:\n%s", d.seed, name, hint,
		c.question, lines(got), lines(want), spellCollection(c.declared), spellDocs(c.docs))
}

func lines(rows []string) string {
	s := ""
	for _, r := range rows {
		s += "  " + r + "\n"
	}
	return s
}

// counterexample is documents and a question that a store answers wrongly.
type counterexample struct {
	store    store.Store
	declared store.Collection
	question question
	docs     []*store.Doc
	budget   int
}

// answers asks the store and the reference over fresh documents.
func (c *counterexample) answers() (got, want []string) {
	ctx, memory := context.Background(), NewMemory()
	for _, s := range []store.Store{memory, c.store} {
		err := s.Drop(ctx, c.declared.Name)
		if err == nil {
			err = s.Ensure(ctx, c.declared)
		}
		if err == nil {
			err = apply(s, c.declared.Name, asInserts(c.docs))
		}
		if err != nil {
			return []string{err.Error()}, []string{err.Error()}
		}
	}
	batch := []question{c.question}
	return ask(c.store, c.declared.Name, batch)[0], ask(memory, c.declared.Name, batch)[0]
}

func asInserts(docs []*store.Doc) []change {
	out := make([]change, len(docs))
	for i, d := range docs {
		out[i] = change{Op: "insert", ID: d.ID, Deleted: d.Deleted, Tree: d.Tree()}
	}
	return out
}

func (c *counterexample) fails() bool {
	c.budget--
	got, want := c.answers()
	return !slices.Equal(got, want)
}

// try keeps a smaller example if it still fails.
func (c *counterexample) try(smaller counterexample) bool {
	if c.budget <= 0 {
		return false
	}
	smaller.budget = c.budget
	fails := smaller.fails()
	c.budget = smaller.budget
	if fails {
		*c = smaller
	}
	return fails
}

func (c *counterexample) shrink() {
	for step := (len(c.docs) + 1) / 2; step > 0; step /= 2 {
		for i := 0; i+step <= len(c.docs); {
			smaller := *c
			smaller.docs = slices.Delete(slices.Clone(c.docs), i, i+step)
			if !c.try(smaller) {
				i += step
			}
		}
	}
	for i := 0; i < len(c.declared.Indexes); {
		smaller := *c
		smaller.declared.Indexes = slices.Delete(slices.Clone(c.declared.Indexes), i, i+1)
		if !c.try(smaller) {
			i++
		}
	}
	c.simplify()
	for i := 0; i < len(c.declared.Columns) && len(c.declared.Indexes) == 0; {
		smaller := *c
		smaller.declared.Columns = slices.Delete(slices.Clone(c.declared.Columns), i, i+1)
		if !c.try(smaller) {
			i++
		}
	}
}

// simplify takes parts out of the question.
func (c *counterexample) simplify() {
	for again := true; again; {
		again = false
		for _, q := range c.question.simpler() {
			smaller := *c
			smaller.question = q
			if c.try(smaller) {
				again = true
				break
			}
		}
	}
}

// simpler gives questions that ask a little less.
func (q question) simpler() (out []question) {
	switch {
	case q.Find != nil:
		f := *q.Find
		with := func(change func(*query.Find)) {
			g := f
			change(&g)
			out = append(out, question{Find: &g})
		}
		for _, w := range simplerWheres(f.Where) {
			with(func(g *query.Find) { g.Where = w })
		}
		if f.After != nil {
			with(func(g *query.Find) { g.After = nil })
		}
		if f.After == nil && len(f.Sort) > 0 {
			with(func(g *query.Find) { g.Sort = f.Sort[:len(f.Sort)-1] })
		}
		if f.Limit > 0 {
			with(func(g *query.Find) { g.Limit = 0 })
		}
	case q.Count != nil:
		for _, w := range simplerWheres(q.Count.Where) {
			c := *q.Count
			c.Where = w
			out = append(out, question{Count: &c})
		}
	default:
		a := *q.Aggregate
		with := func(change func(*query.Aggregate)) {
			b := a
			b.Measures = slices.Clone(a.Measures)
			change(&b)
			out = append(out, question{Aggregate: &b})
		}
		for _, w := range simplerWheres(a.Where) {
			with(func(b *query.Aggregate) { b.Where = w })
		}
		for i := range a.Group {
			with(func(b *query.Aggregate) { b.Group = slices.Delete(slices.Clone(a.Group), i, i+1) })
		}
		for i, m := range a.Measures {
			with(func(b *query.Aggregate) { b.Measures = slices.Delete(b.Measures, i, i+1) })
			for _, w := range simplerWheres(m.Where) {
				with(func(b *query.Aggregate) { b.Measures[i].Where = w })
			}
		}
	}
	return out
}

// simplerWheres gives filters with a part taken out.
func simplerWheres(w query.Where) (out []query.Where) {
	if w.All() {
		return nil
	}
	out = append(out, query.Where{})
	parts, join := w.And, func(p []query.Where) query.Where { return query.Where{And: p} }
	if len(w.Or) > 0 {
		parts, join = w.Or, func(p []query.Where) query.Where { return query.Where{Or: p} }
	}
	out = append(out, parts...)
	for i, p := range parts {
		out = append(out, join(slices.Delete(slices.Clone(parts), i, i+1)))
		for _, s := range simplerWheres(p) {
			changed := slices.Clone(parts)
			changed[i] = s
			out = append(out, join(changed))
		}
	}
	if w.Leaf != nil && len(w.Leaf.Values) > 1 {
		for i := range w.Leaf.Values {
			l := *w.Leaf
			l.Values = slices.Delete(slices.Clone(l.Values), i, i+1)
			out = append(out, query.Where{Leaf: &l})
		}
	}
	return out
}
