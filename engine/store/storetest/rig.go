package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
)

// rig is what a subtest works with: a store, a collection of its own with the columns of things, and short forms.
type rig struct {
	*testing.T
	s    store.Store
	ctx  context.Context
	name string
}

func newRig(t *testing.T, s store.Store) *rig {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(t.Name()))
	r := &rig{T: t, s: s, ctx: t.Context(), name: "c-" + name[max(0, len(name)-90):]}
	r.must(s.Drop(r.ctx, r.name))
	t.Cleanup(func() { _ = s.Drop(context.Background(), r.name) })
	r.must(s.Ensure(r.ctx, r.things()))
	return r
}

// things is the collection that most subtests use.
func (r *rig) things(indexes ...store.Index) store.Collection {
	return store.Collection{Name: r.name, Indexes: indexes, Columns: []query.Column{
		{Key: "name", Path: []string{"name"}, Kind: query.Text, Order: true, Match: true, Search: true},
		{Key: "note", Path: []string{"note"}, Kind: query.Text, Search: true},
		{Key: "code", Path: []string{"code"}, Kind: query.Text, Order: true},
		{Key: "amount", Path: []string{"data", "amount"}, Kind: query.Number, Scale: 2},
		{Key: "count", Path: []string{"count"}, Kind: query.Number},
		{Key: "done", Path: []string{"done"}, Kind: query.Bool},
		{Key: "day", Path: []string{"day"}, Kind: query.Date},
		{Key: "at", Path: []string{"at"}, Kind: query.Instant},
		{Key: "tags", Path: []string{"tags"}, Kind: query.Text, Array: true},
	}}
}

type object = map[string]any

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// wants checks an error by errors.Is.
func (r *rig) wants(err, want error) {
	r.Helper()
	if !errors.Is(err, want) {
		r.Fatalf("error %v, want %v", err, want)
	}
}

// wantsDuplicate checks for a *store.DuplicateError of an index.
func (r *rig) wantsDuplicate(err error, index string) {
	r.Helper()
	var d *store.DuplicateError
	if !errors.As(err, &d) || d.Index != index || d.Collection != r.name {
		r.Fatalf("error %v, want a duplicate in index %s of %s", err, index, r.name)
	}
}

func (r *rig) update(fn func(store.Tx) error) error { return r.s.Update(r.ctx, fn) }

func (r *rig) view(fn func(store.Reader)) {
	r.Helper()
	r.must(r.s.View(r.ctx, func(x store.Reader) error { fn(x); return nil }))
}

func (r *rig) insert(id string, tree object) error {
	return r.update(func(tx store.Tx) error { return tx.Insert(r.ctx, r.name, store.New(id, tree)) })
}

// fill inserts documents with the ids 000, 001, ...
func (r *rig) fill(trees ...object) {
	r.Helper()
	r.must(r.update(func(tx store.Tx) error {
		docs := make([]*store.Doc, len(trees))
		for i, tree := range trees {
			docs[i] = store.New(number(i), tree)
		}
		return tx.Insert(r.ctx, r.name, docs...)
	}))
}

func number(i int) string { return fmt.Sprintf("%03d", i) }

// change replaces a document by what fn makes of its tree, in a transaction of its own.
func (r *rig) change(id string, fn func(d *store.Doc) *store.Doc) error {
	return r.update(func(tx store.Tx) error {
		d, err := tx.Get(r.ctx, r.name, id)
		if err != nil {
			return err
		}
		return tx.Replace(r.ctx, r.name, fn(d), d.Version)
	})
}

// trash moves a document to the recycle bin, or back.
func (r *rig) trash(id string, deleted bool) error {
	return r.change(id, func(d *store.Doc) *store.Doc {
		next := store.New(id, d.Tree())
		next.Deleted = deleted
		return next
	})
}

func (r *rig) delete(id string) error {
	return r.update(func(tx store.Tx) error { return tx.Delete(r.ctx, r.name, id, 0) })
}

// get is a document's JSON, "" when there is none.
func (r *rig) get(id string) (json string) {
	r.Helper()
	r.view(func(x store.Reader) {
		d, err := x.Get(r.ctx, r.name, id)
		if errors.Is(err, store.ErrNotFound) {
			return
		}
		r.must(err)
		json = string(d.JSON())
	})
	return json
}

func (r *rig) wantsJSON(id, want string) {
	r.Helper()
	if got := r.get(id); got != want {
		r.Fatalf("document %s is %q, want %q", id, clip(got), clip(want))
	}
}

func clip(s string) string {
	if len(s) > 300 {
		return s[:300] + "..."
	}
	return s
}

// ids are those of a Find, joined by blanks.
func (r *rig) ids(f query.Find) (ids string) {
	r.Helper()
	r.view(func(x store.Reader) {
		docs, err := store.All(r.ctx, x, r.name, f)
		r.must(err)
		ids = joined(docs)
	})
	return ids
}

func joined(docs []*store.Doc) string {
	list := make([]string, len(docs))
	for i, d := range docs {
		list[i] = d.ID
	}
	return strings.Join(list, " ")
}

func (r *rig) wantsIDs(f query.Find, want string) {
	r.Helper()
	if got := r.ids(f); got != want {
		r.Fatalf("found %q, want %q by %v", got, want, question{Find: &f})
	}
}

// wantsReference checks a Find against the reference semantics over the collection's documents.
func (r *rig) wantsReference(f query.Find) {
	r.Helper()
	r.view(func(x store.Reader) {
		all, err := store.All(r.ctx, x, r.name, query.Find{Which: query.Both})
		r.must(err)
		docs := make([]query.Document, len(all))
		for i, d := range all {
			docs[i] = d.Document()
		}
		var want []string
		for _, d := range query.Run(f, r.columns(), docs) {
			want = append(want, d.ID)
		}
		found, err := store.All(r.ctx, x, r.name, f)
		r.must(err)
		if got := joined(found); got != strings.Join(want, " ") {
			r.Fatalf("found %q, want %q by %v", got, want, question{Find: &f})
		}
	})
}

func (r *rig) columns() query.Columns {
	out := query.Columns{}
	for _, c := range r.things().Columns {
		out[c.Key] = c
	}
	return out
}

func by(columns ...string) (sort []query.Order) {
	for _, c := range columns {
		key, desc := strings.CutPrefix(c, "-")
		sort = append(sort, query.Order{Column: key, Desc: desc})
	}
	return sort
}

func leaf(column string, test query.Test, values ...any) query.Where {
	return query.Where{Leaf: &query.Leaf{Column: column, Test: test, Values: values}}
}

// patience is how long a subtest waits for what should come at once.
const patience = 20 * time.Second

// fresh is a name that was never used before.
func fresh() string { return rand.Text()[:10] }
