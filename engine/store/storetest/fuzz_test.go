package storetest

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"

	"formwork/engine/query"
	"formwork/engine/store"
)

// lie is a mistake that a driver could make: it answers another question than the one asked.
type lie struct {
	leaf      func(*query.Leaf)
	find      func(*query.Find)
	aggregate func(*query.Aggregate)
}

var lies = map[string]lie{
	"In forgets a value":            {leaf: func(l *query.Leaf) { l.Values = l.Values[min(1, max(0, len(l.Values)-1)):] }},
	"Range leaves out its end":      {leaf: func(l *query.Leaf) { l.Max = less(l.Max) }},
	"HasAll is HasAny":              {leaf: swap(query.HasAll, query.HasAny)},
	"StartsWith is Contains":        {leaf: swap(query.StartsWith, query.Contains)},
	"Search looks in one column":    {leaf: func(l *query.Leaf) { l.Among = l.Among[:min(1, len(l.Among))] }},
	"Search is without initials":    {leaf: func(l *query.Leaf) { *l = withoutInitials(*l) }},
	"the recycle bin is not apart":  {find: func(f *query.Find) { f.Which = query.Both }},
	"the last term is ignored":      {find: func(f *query.Find) { f.Sort, f.After = f.Sort[:max(0, len(f.Sort)-1)], nil }},
	"the position's id is ignored":  {find: func(f *query.Find) { f.After = withID(f.After, "0") }},
	"a nil in a position is a zero": {find: func(f *query.Find) { f.After = withZero(f.After) }},
	"Limit counts one less":         {find: func(f *query.Find) { f.Limit = max(0, f.Limit-1) }},
	"measures count everything":     {aggregate: func(a *query.Aggregate) { a.Measures = everything(a.Measures) }},
	"bounds are exclusive":          {aggregate: func(a *query.Aggregate) { a.Group = shifted(a.Group) }},
	"too many groups one too late":  {aggregate: func(a *query.Aggregate) { a.Limit += min(a.Limit, 1) }},
	"Count with a column counts all": {aggregate: func(a *query.Aggregate) {
		a.Measures = append([]query.Measure(nil), a.Measures...)
		for i, m := range a.Measures {
			if m.Fn == query.Count {
				a.Measures[i].Column = ""
			}
		}
	}},
}

func less(v any) any {
	if n, ok := v.(int64); ok {
		return n - 1
	}
	return v
}

func swap(from, to query.Test) func(*query.Leaf) {
	return func(l *query.Leaf) {
		if l.Test == from {
			l.Test = to
		}
	}
}

func withoutInitials(l query.Leaf) query.Leaf {
	if l.Test == query.Search && len(l.Among) > 0 {
		l.Test, l.Column = query.Contains, l.Among[0]
	}
	return l
}

func withID(p *query.Position, id string) *query.Position {
	if p == nil {
		return nil
	}
	return &query.Position{Keys: p.Keys, ID: id}
}

func withZero(p *query.Position) *query.Position {
	if p == nil || len(p.Keys) == 0 || p.Keys[0] != nil {
		return p
	}
	return nil
}

func everything(list []query.Measure) (out []query.Measure) {
	for _, m := range list {
		m.Where = query.Where{}
		out = append(out, m)
	}
	return out
}

func shifted(list []query.Group) (out []query.Group) {
	for _, g := range list {
		if len(g.Bounds) > 0 {
			g.Bounds = append([]int64{g.Bounds[0] + 1}, g.Bounds[1:]...)
		}
		if len(g.Bounds) > 1 && g.Bounds[1] <= g.Bounds[0] {
			g.Bounds = g.Bounds[1:]
		}
		out = append(out, g)
	}
	return out
}

// liar is a Memory with a mistake.
type liar struct {
	*Memory
	lie lie
}

func (l liar) View(ctx context.Context, fn func(store.Reader) error) error {
	return l.Memory.View(ctx, func(r store.Reader) error { return fn(liarReader{r, l.lie}) })
}

type liarReader struct {
	store.Reader
	lie lie
}

// where changes the leaves of a copy.
func (l lie) where(w query.Where) query.Where {
	if w.Leaf != nil && l.leaf != nil {
		leaf := *w.Leaf
		if len(leaf.Values) > 0 || leaf.Test == query.Range {
			l.leaf(&leaf)
		}
		w.Leaf = &leaf
	}
	and, or := w.And, w.Or
	w.And, w.Or = nil, nil
	for _, p := range and {
		w.And = append(w.And, l.where(p))
	}
	for _, p := range or {
		w.Or = append(w.Or, l.where(p))
	}
	return w
}

func (r liarReader) Find(ctx context.Context, name string, f query.Find) iter.Seq2[*store.Doc, error] {
	f.Where = r.lie.where(f.Where)
	if r.lie.find != nil {
		r.lie.find(&f)
	}
	return r.Reader.Find(ctx, name, f)
}

func (r liarReader) Aggregate(ctx context.Context, name string, a query.Aggregate) ([]query.Row, error) {
	if r.lie.aggregate != nil {
		r.lie.aggregate(&a)
	}
	return r.Reader.Aggregate(ctx, name, a)
}

// failing takes the failure of a test instead of failing.
type failing struct {
	testing.TB
	said string
}

func (f *failing) Fatalf(format string, args ...any) {
	f.said = fmt.Sprintf(format, args...)
	panic(f)
}

// TestDifferentialFinds: every mistake is seen within a few thousand questions, and the example is made small.
func TestDifferentialFinds(t *testing.T) {
	for name, l := range lies {
		t.Run(name, func(t *testing.T) {
			probe := &failing{TB: t}
			func() {
				defer func() {
					if p := recover(); p != nil && p != any(probe) {
						panic(p)
					}
				}()
				Differential(probe, 6000, 1, map[string]store.Store{"liar": liar{NewMemory(), l}})
			}()
			if probe.said == "" {
				t.Fatal("the mistake was not seen")
			}
			_, docs, _ := strings.Cut(probe.said, "documents:\n")
			if n := strings.Count(docs, "\n"); n > 25 {
				t.Errorf("the example has %d documents:\n%s", n, probe.said)
			}
		})
	}
}

// TestQuestionsAreWorthAsking: most filters match some documents and not all.
func TestQuestionsAreWorthAsking(t *testing.T) {
	some, all := 0, 0
	for seed := range int64(40) {
		d := &duel{t: t, g: newGenerator(seed), seed: seed, name: "fuzz", memory: NewMemory()}
		d.run(1)
		docs := len(d.contents())
		if docs < 8 || docs > 260 {
			t.Logf("seed %d: %d documents", seed, docs)
		}
		for range 100 {
			w := d.g.where(d.g.IntN(6))
			got := ask(d.memory, "fuzz", []question{{Count: &counting{Where: w, Which: query.Both}}})[0][0]
			all++
			if got != "0 <nil>" && got != fmt.Sprint(docs, " <nil>") {
				some++
			}
		}
	}
	if some*2 < all {
		t.Errorf("%d of %d filters tell documents apart", some, all)
	}
	t.Logf("%d of %d filters tell documents apart", some, all)
}

func TestDifferentialIsDeterministic(t *testing.T) {
	make := func() string {
		g := newGenerator(42)
		s := spellCollection(g.collection("x")) + spellChanges(g.inserts(20))
		for range 50 {
			s += g.question().String() + "\n"
		}
		return s
	}
	if make() != make() {
		t.Fatal("the same seed asks other questions")
	}
}
