package storetest

import (
	"context"
	"testing"

	"formwork/engine/query"
	"formwork/engine/store"
)

// RunShared checks what must hold between two processes that open one database at the same time. The suite closes what
// it opens.
func RunShared(t *testing.T, open Opener) {
	for _, p := range []struct {
		name string
		keep func(a, b *rig)
	}{
		{"shared/one sees what the other wrote", func(a, b *rig) {
			a.must(a.insert("x", object{"name": "x"}))
			b.wantsJSON("x", `{"name":"x"}`)
			b.must(b.change("x", func(*store.Doc) *store.Doc { return store.New("x", object{"name": "y"}) }))
			a.wantsIDs(query.Find{Where: query.Is("name", "y")}, "x")
		}},
		{"shared/200 read-modify-writes make 200", func(a, b *rig) {
			a.must(a.insert("x", object{"count": 0.0}))
			for _, err := range a.together(200, func(i int) error { return pickRig(i, a, b).raise("x") }) {
				a.must(err)
			}
			b.wantsJSON("x", `{"count":200}`)
		}},
		{"shared/a unique value is taken once", func(a, b *rig) {
			a.must(a.s.Ensure(a.ctx, a.things(unique("u", "name"))))
			b.must(b.s.Ensure(b.ctx, b.things(unique("u", "name"))))
			won := 0
			for _, err := range a.together(40, func(i int) error { return pickRig(i, a, b).insert(number(i), object{"name": "One"}) }) {
				if err == nil {
					won++
					continue
				}
				a.wantsDuplicate(err, "u")
			}
			if won != 1 {
				a.Fatalf("%d took it", won)
			}
		}},
		{"shared/jobs are claimed once each", func(a, b *rig) {
			a.fill(make([]object, 30)...)
			a.must(a.update(func(tx store.Tx) error {
				for i := range 30 {
					if err := tx.Replace(a.ctx, a.name, store.New(number(i), object{"code": "due", "count": float64(i)}), 1); err != nil {
						return err
					}
				}
				return nil
			}))
			claimed := make(chan string, 100)
			for _, err := range a.together(8, func(i int) error {
				for range 30 {
					id, err := pickRig(i, a, b).claim()
					if err != nil {
						if classOf(err) == "not found" {
							return nil
						}
						return err
					}
					claimed <- id
				}
				return nil
			}) {
				a.must(err)
			}
			close(claimed)
			seen := map[string]bool{}
			for id := range claimed {
				if seen[id] {
					a.Fatalf("%s claimed twice", id)
				}
				seen[id] = true
			}
			if len(seen) != 30 {
				a.Fatalf("%d of 30 claimed", len(seen))
			}
		}},
		{"shared/reserve", func(a, b *rig) {
			name := a.counter()
			given := make(chan int64, 200)
			for _, err := range a.together(10, func(i int) error {
				for range 20 {
					n, err := pickRig(i, a, b).s.Reserve(a.ctx, name, 1)
					if err != nil {
						return err
					}
					given <- n
				}
				return nil
			}) {
				a.must(err)
			}
			close(given)
			seen := map[int64]bool{}
			for n := range given {
				if seen[n] {
					a.Fatalf("%d given twice", n)
				}
				seen[n] = true
			}
		}},
		{"shared/an insert by one wakes the other", func(a, b *rig) {
			w, err := b.s.Watch(b.ctx, b.name)
			b.must(err)
			a.must(a.insert("x", object{}))
			b.woken(w)
		}},
		{"shared/a column declared by one is known to the other", func(a, b *rig) {
			a.must(a.insert("x", object{"late": 1.0}))
			next := with(a.things(), query.Column{Key: "late", Path: []string{"late"}, Kind: query.Number})
			a.must(a.s.Ensure(a.ctx, next))
			b.must(b.s.Ensure(b.ctx, next))
			b.must(b.insert("y", object{"late": 1.0}))
			a.wantsIDs(query.Find{Where: query.Is("late", int64(1))}, "x y")
			b.wantsIDs(query.Find{Where: query.Is("late", int64(1))}, "x y")
		}},
	} {
		t.Run(p.name, func(t *testing.T) {
			dir := t.TempDir()
			s, other := open(t, dir), open(t, dir)
			t.Cleanup(func() { _ = s.Close() })
			t.Cleanup(func() { _ = other.Close() })
			a := &rig{T: t, s: s, ctx: t.Context(), name: "shared"}
			a.must(s.Drop(context.Background(), a.name))
			a.must(s.Ensure(a.ctx, a.things()))
			b := &rig{T: t, s: other, ctx: t.Context(), name: "shared"}
			b.must(other.Ensure(b.ctx, b.things()))
			p.keep(a, b)
		})
	}
}

func pickRig(i int, a, b *rig) *rig {
	if i%2 == 0 {
		return a
	}
	return b
}
