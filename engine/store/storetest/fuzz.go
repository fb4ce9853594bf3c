package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"

	"formwork/engine/query"
	"formwork/engine/store"
)

// perSchema is how many questions a schema is asked before the next is made.
const perSchema = 600

// Questions is how many questions a build asks: the variable FORMWORK_FUZZ, 100,000 without it.
func Questions(t testing.TB) int {
	s := os.Getenv("FORMWORK_FUZZ")
	if s == "" {
		return 100_000
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("FORMWORK_FUZZ=%q is no number", s)
	}
	return n
}

// Differential asks the stores n random questions and fails at the first answer that is not that of Memory. Every
// schema has a seed of its own, seed, seed+1, ...: a failure names it, and Differential(t, 600, thatSeed, ...) repeats
// it. The stores' collections named fuzz and fuzz-shrunk are its own.
func Differential(t testing.TB, n int, seed int64, stores map[string]store.Store) {
	t.Helper()
	for ; n > 0; n -= perSchema {
		d := &duel{t: t, g: newGenerator(seed), seed: seed, name: "fuzz", memory: NewMemory(), stores: stores}
		d.run(min(n, perSchema))
		seed++
	}
}

// duel is one schema's comparison.
type duel struct {
	t        testing.TB
	g        *generator
	seed     int64
	name     string
	declared store.Collection
	memory   *Memory
	stores   map[string]store.Store
}

func (d *duel) run(n int) {
	d.t.Helper()
	d.declared = d.g.collection(d.name)
	for _, s := range d.stores {
		d.must(s.Drop(context.Background(), d.name))
	}
	first := d.declared
	if d.g.chance(25) { // the other columns come when there are documents
		first.Columns = first.Columns[:1+d.g.IntN(len(first.Columns))]
		first.Indexes = nil
	}
	d.ensure(first)
	for range 8 {
		d.write(d.g.inserts(1 + d.g.IntN(8)))
	}
	d.ensure(d.declared)
	for range d.g.IntN(16) {
		d.write(d.g.inserts(1 + d.g.IntN(16)))
	}
	for n > 0 {
		for range 1 + d.g.IntN(4) {
			d.write(d.g.changes(d.contents()))
		}
		batch := make([]question, min(n, 100))
		for i := range batch {
			batch[i] = d.g.question()
		}
		d.compare(batch)
		n -= len(batch)
	}
}

func (d *duel) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("seed %d: %v", d.seed, err)
	}
}

func (d *duel) ensure(c store.Collection) {
	d.t.Helper()
	err := d.memory.Ensure(context.Background(), c)
	for name, s := range d.stores {
		if got := s.Ensure(context.Background(), c); classOf(got) != classOf(err) {
			d.t.Fatalf("seed %d, %s: Ensure gives %v, want %v\n%s", d.seed, name, got, err, spellCollection(c))
		}
	}
	if err != nil { // a unique index over duplicates: go on without
		c.Indexes = slices.DeleteFunc(slices.Clone(c.Indexes), func(x store.Index) bool { return x.Unique })
		d.declared = c
		d.ensure(c)
	}
}

// contents are the documents as they should be.
func (d *duel) contents() (docs []*store.Doc) {
	d.must(d.memory.View(context.Background(), func(r store.Reader) (err error) {
		docs, err = store.All(context.Background(), r, d.name, query.Find{Which: query.Both})
		return err
	}))
	return docs
}

// write makes the same changes in one transaction of every store; they must succeed or fail alike.
func (d *duel) write(changes []change) {
	d.t.Helper()
	err := apply(d.memory, d.name, changes)
	for name, s := range d.stores {
		if got := apply(s, d.name, changes); classOf(got) != classOf(err) {
			d.t.Fatalf("seed %d, %s: a write gives %v, want %v\n%s\nwrites:\n%s\ndocuments:\n%s", d.seed, name, got, err,
				spellCollection(d.declared), spellChanges(changes), spellDocs(d.contents()))
		}
	}
}

// compare asks every store a batch of questions within one View.
func (d *duel) compare(batch []question) {
	d.t.Helper()
	want := ask(d.memory, d.name, batch)
	for name, s := range d.stores {
		got := ask(s, d.name, batch)
		for i := range batch {
			if !slices.Equal(got[i], want[i]) {
				d.report(name, s, batch[i])
			}
		}
	}
}

// ask gives the answers in a form that compares.
func ask(s store.Store, collection string, batch []question) [][]string {
	ctx := context.Background()
	out := make([][]string, len(batch))
	err := s.View(ctx, func(r store.Reader) error {
		for i, q := range batch {
			out[i] = answer(ctx, r, collection, q)
		}
		return nil
	})
	if err != nil {
		for i := range out {
			out[i] = []string{"view: " + err.Error()}
		}
	}
	return out
}

func answer(ctx context.Context, r store.Reader, collection string, q question) []string {
	switch {
	case q.Find != nil:
		docs, err := store.All(ctx, r, collection, *q.Find)
		if err != nil {
			return []string{"error: " + err.Error()}
		}
		out := make([]string, len(docs))
		for i, d := range docs {
			out[i] = spellDoc(d)
		}
		return out
	case q.Count != nil:
		n, err := r.Count(ctx, collection, q.Count.Where, q.Count.Which, q.Count.Max)
		return []string{fmt.Sprint(n, err)}
	}
	rows, err := r.Aggregate(ctx, collection, *q.Aggregate)
	if errors.Is(err, query.ErrGroups) {
		return []string{"too many groups"}
	}
	if err != nil {
		return []string{"error: " + err.Error()}
	}
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = spellRow(row)
	}
	slices.Sort(out)
	return out
}

// classOf names an error as far as stores must agree. Where several unique indexes are violated, any may be named.
func classOf(err error) string {
	var dup *store.DuplicateError
	switch {
	case err == nil:
		return "fine"
	case errors.As(err, &dup):
		return "duplicate"
	case errors.Is(err, store.ErrConflict):
		return "conflict"
	case errors.Is(err, store.ErrNotFound):
		return "not found"
	}
	return "error: " + err.Error()
}
