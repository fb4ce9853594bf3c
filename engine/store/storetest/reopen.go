package storetest

import (
	"testing"

	"formwork/engine/query"
	"formwork/engine/store"
)

// Opener opens the database of dir; the same dir gives the same documents. For a store that is no file, dir is a name.
type Opener func(t *testing.T, dir string) store.Store

// RunReopen checks what must outlive a process. The suite closes what it opens.
func RunReopen(t *testing.T, open Opener) {
	for _, p := range []struct {
		name string
		keep func(*testing.T, func() *rig)
	}{
		{"reopen/keeps documents, versions and the recycle bin", func(t *testing.T, again func() *rig) {
			r := again()
			r.fill(object{"name": "华为", "count": 9007199254740991.0, "tags": []any{"p"}}, object{"name": "y"}, object{"name": "z"}, object{"name": "w"})
			r.must(r.change("000", func(d *store.Doc) *store.Doc { return store.New(d.ID, d.Tree()) }))
			r.must(r.trash("001", true))
			r.must(r.delete("002"))
			r = again()
			r.wantsIDs(query.Find{}, "000 003")
			r.wantsIDs(query.Find{Which: query.Trash}, "001")
			r.view(func(x store.Reader) {
				d, err := x.Get(r.ctx, r.name, "000")
				r.must(err)
				if got := spellDoc(d); got != `000 v2 {"count":9007199254740991,"name":"华为","tags":["p"]}` {
					r.Fatalf("got %s", got)
				}
			})
		}},
		{"reopen/keeps columns and indexes without Ensure", func(t *testing.T, again func() *rig) {
			r := again()
			r.must(r.s.Ensure(r.ctx, r.things(unique("u", "name"))))
			r.fill(object{"name": "华为", "count": 2.0, "data": object{"amount": 1.5}, "tags": []any{"p"}}, object{"name": "B", "count": 1.0})
			r = again()
			r.wantsIDs(query.Find{Sort: by("count")}, "001 000")
			r.wantsIDs(query.Find{Where: query.Is("amount", int64(150))}, "000")
			r.wantsIDs(query.Find{Where: search("华为", "name")}, "000")
			r.wantsIDs(query.Find{Where: leaf("tags", query.HasAny, "p")}, "000")
			r.wantsDuplicate(r.insert("x", object{"name": "b"}), "u")
			r.must(r.s.Ensure(r.ctx, r.things()))
			r = again()
			r.must(r.insert("x", object{"name": "b"}))
		}},
		{"reopen/reserve goes on", func(t *testing.T, again func() *rig) {
			last := int64(0)
			for range 4 {
				r := again()
				for range 3 {
					first, err := r.s.Reserve(r.ctx, "serial", 5)
					r.must(err)
					if first <= last {
						r.Fatalf("%d after %d", first, last)
					}
					last = first + 4
				}
			}
		}},
		{"reopen/what Drop took stays gone", func(t *testing.T, again func() *rig) {
			r := again()
			r.fill(object{"name": "x"})
			r.must(r.s.Drop(r.ctx, r.name))
			r = again()
			r.must(r.s.Ensure(r.ctx, r.things()))
			r.wantsIDs(query.Find{Which: query.Both}, "")
		}},
		{"reopen/concurrent writes that returned are there", func(t *testing.T, again func() *rig) {
			r := again()
			for _, err := range r.together(50, func(i int) error { return r.insert(number(i), object{"count": float64(i)}) }) {
				r.must(err)
			}
			r = again()
			r.view(func(x store.Reader) {
				n, err := x.Count(r.ctx, r.name, query.Where{}, query.Live, 0)
				r.must(err)
				if n != 50 {
					r.Fatalf("%d of 50", n)
				}
			})
		}},
	} {
		t.Run(p.name, func(t *testing.T) {
			dir := t.TempDir()
			var last *rig
			shut := func() {
				if last != nil {
					last.must(last.s.Close())
				}
			}
			defer func() {
				if last != nil {
					_ = last.s.Close()
				}
			}()
			p.keep(t, func() *rig {
				shut()
				s := open(t, dir)
				r := &rig{T: t, s: s, ctx: t.Context(), name: "reopen"}
				if last == nil {
					r.must(s.Drop(r.ctx, r.name))
					r.must(s.Ensure(r.ctx, r.things()))
				}
				last = r
				return r
			})
		})
	}
}
