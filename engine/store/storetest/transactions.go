package storetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"formwork/engine/query"
	"formwork/engine/store"
)

// transactions: all or nothing, own writes visible, a View stands still.
func transactions() []promise {
	return []promise{
		{"transaction/an error abandons everything and comes back unchanged", func(r *rig) {
			r.must(r.insert("a", object{"name": "x", "tags": []any{"p"}}))
			mine := errors.New("mine")
			err := r.update(func(tx store.Tx) error {
				return cmp.Or(
					tx.Insert(r.ctx, r.name, store.New("b", object{"name": "y", "tags": []any{"p"}})),
					tx.Replace(r.ctx, r.name, store.New("a", object{}), 1),
					tx.Delete(r.ctx, r.name, "a", 2),
					mine)
			})
			if err != mine {
				r.Fatalf("error %v", err)
			}
			r.wantsJSON("a", `{"name":"x","tags":["p"]}`)
			r.wantsIDs(query.Find{Which: query.Both, Where: leaf("tags", query.HasAny, "p")}, "a")
			r.wantsIDs(query.Find{Where: search("y", "name")}, "")
		}},
		{"transaction/a failed insert of many leaves none", func(r *rig) {
			r.must(r.insert("c", object{}))
			r.wantsDuplicate(r.update(func(tx store.Tx) error {
				return tx.Insert(r.ctx, r.name, store.New("a", object{}), store.New("b", object{}), store.New("c", object{}))
			}), "id")
			r.wantsIDs(query.Find{}, "c")
		}},
		{"transaction/over several collections", func(r *rig) {
			other := r.things()
			other.Name = r.name[:len(r.name)-2] + ".2"
			r.must(r.s.Ensure(r.ctx, other))
			defer func() { r.must(r.s.Drop(context.Background(), other.Name)) }()
			both := func(id string, fail error) error {
				return r.update(func(tx store.Tx) error {
					return errors.Join(tx.Insert(r.ctx, r.name, store.New(id, object{})), tx.Insert(r.ctx, other.Name, store.New(id, object{})), fail)
				})
			}
			r.must(both("a", nil))
			if both("b", errors.New("no")) == nil {
				r.Fatal("no error")
			}
			r.wantsIDs(query.Find{}, "a")
			r.view(func(x store.Reader) {
				n, err := x.Count(r.ctx, other.Name, query.Where{}, query.Live, 0)
				r.must(err)
				if n != 1 {
					r.Fatalf("%d in the other collection", n)
				}
			})
		}},
		{"transaction/a panic leaves nothing behind and the store works on", func(r *rig) {
			func() {
				defer func() { _ = recover() }() // a driver may hand the panic on or make an error of it
				err := r.update(func(tx store.Tx) error {
					panic(fmt.Sprint("fn panics after an insert: ", tx.Insert(r.ctx, r.name, store.New("a", object{}))))
				})
				if err == nil {
					r.Error("the panic was swallowed")
				}
			}()
			r.wantsIDs(query.Find{}, "")
			r.must(r.insert("b", object{}))
			r.wantsIDs(query.Find{}, "b")
		}},
		{"transaction/a panic or error of a View leaves the store working", func(r *rig) {
			mine := errors.New("mine")
			for range 30 { // more than there are connections
				func() {
					defer func() { _ = recover() }()
					_ = r.s.View(r.ctx, func(store.Reader) error { panic("fn") })
				}()
				if err := r.s.View(r.ctx, func(store.Reader) error { return mine }); err != mine {
					r.Fatalf("error %v", err)
				}
			}
			r.must(r.insert("b", object{}))
			r.wantsIDs(query.Find{}, "b")
		}},
		{"transaction/reads see its own writes", func(r *rig) {
			r.fill(object{"name": "x", "count": 1.0}, object{"name": "y", "count": 2.0, "tags": []any{"p"}})
			r.must(r.update(func(tx store.Tx) error {
				return cmp.Or(
					tx.Insert(r.ctx, r.name, store.New("new", object{"name": "华为", "count": 4.0, "tags": []any{"p"}})),
					tx.Replace(r.ctx, r.name, store.New("000", object{"name": "z", "count": 8.0}), 1),
					tx.Delete(r.ctx, r.name, "001", 1),
					r.ownWrites(tx))
			}))
		}},
		{"transaction/a View does not move", func(r *rig) {
			r.fill(object{"count": 1.0}, object{"count": 2.0})
			r.view(func(x store.Reader) {
				look := func() string {
					docs, err := store.All(r.ctx, x, r.name, query.Find{Sort: by("count"), Which: query.Both})
					r.must(err)
					d, err := x.Get(r.ctx, r.name, "000")
					r.must(err)
					rows, err := x.Aggregate(r.ctx, r.name, query.Aggregate{Measures: []query.Measure{{Fn: query.Sum, Column: "count"}}})
					r.must(err)
					return spellDocs(docs) + spellDoc(d) + spellRow(rows[0])
				}
				before := look()
				done := make(chan error)
				go func() {
					done <- errors.Join(r.insert("new", object{"count": 7.0}), r.change("000", func(*store.Doc) *store.Doc { return store.New("000", object{"count": 9.0}) }), r.delete("001"))
				}()
				r.must(<-done)
				if after := look(); after != before {
					r.Fatalf("first\n%s\nthen\n%s", before, after)
				}
			})
			r.wantsIDs(query.Find{Sort: by("count")}, "new 000")
		}},
		{"transaction/a stream may be left early and asked beside", func(r *rig) {
			for i := range 20 {
				r.must(r.insert(number(i), object{"count": float64(i)}))
			}
			for range 30 {
				r.view(func(x store.Reader) {
					n := 0
					for d, err := range x.Find(r.ctx, r.name, query.Find{Sort: by("-count")}) {
						r.must(err)
						same, err := x.Get(r.ctx, r.name, d.ID)
						r.must(err)
						if string(same.JSON()) != string(d.JSON()) {
							r.Fatalf("%s and %s", d.JSON(), same.JSON())
						}
						if n++; n == 3 {
							break
						}
					}
					if _, err := x.Count(r.ctx, r.name, query.Where{}, query.Live, 0); err != nil {
						r.Fatal(err)
					}
				})
			}
		}},
		{"transaction/a context that ended is not started", func(r *rig) {
			ctx, cancel := context.WithCancel(r.ctx)
			cancel()
			err := r.s.Update(ctx, func(store.Tx) error { r.Error("fn ran"); return nil })
			r.wants(err, context.Canceled)
		}},
		{"transaction/once running it finishes, whatever its context", func(r *rig) {
			ctx, cancel := context.WithCancel(r.ctx)
			r.must(r.s.Update(ctx, func(tx store.Tx) error {
				if err := tx.Insert(ctx, r.name, store.New("a", object{})); err != nil {
					return err
				}
				cancel()
				if err := tx.Insert(ctx, r.name, store.New("b", object{})); err != nil {
					return err
				}
				_, err := tx.Get(ctx, r.name, "a")
				return err
			}))
			r.wantsIDs(query.Find{}, "a b")
		}},
	}
}

// ownWrites looks at a transaction from within. It gives errors, as a test must not be stopped inside fn.
func (r *rig) ownWrites(tx store.Tx) error {
	see := func(what, got, want string, err error) error {
		if err == nil && got != want {
			err = fmt.Errorf("%s: %q, want %q", what, got, want)
		}
		return err
	}
	d, err := tx.Get(r.ctx, r.name, "000")
	if err != nil {
		return err
	}
	if err := see("replaced", spellDoc(d), `000 v2 {"count":8,"name":"z"}`, nil); err != nil {
		return err
	}
	if _, err := tx.Get(r.ctx, r.name, "001"); !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("deleted: %v", err)
	}
	for _, c := range []struct {
		f    query.Find
		want string
	}{
		{query.Find{Sort: by("-count")}, "000 new"},
		{query.Find{Where: leaf("tags", query.HasAny, "p")}, "new"},
		{query.Find{Where: search("华为", "name")}, "new"},
		{query.Find{Where: search("hw", "name")}, "new"},
		{query.Find{Where: leaf("name", query.StartsWith, "x")}, ""},
	} {
		docs, err := store.All(r.ctx, tx, r.name, c.f)
		if err := see(question{Find: &c.f}.String(), joined(docs), c.want, err); err != nil {
			return err
		}
	}
	n, err := tx.Count(r.ctx, r.name, query.Where{}, query.Live, 0)
	if err := see("count", fmt.Sprint(n), "2", err); err != nil {
		return err
	}
	rows, err := tx.Aggregate(r.ctx, r.name, query.Aggregate{Measures: []query.Measure{{Fn: query.Sum, Column: "count"}}})
	if err := see("aggregate", spellRows(rows), "=> sum:12\n", err); err != nil {
		return err
	}
	docs, err := tx.GetMany(r.ctx, r.name, []string{"new", "001"})
	return see("get many", joined(docs), "new", err)
}
