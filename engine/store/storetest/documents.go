package storetest

import (
	"context"
	"errors"
	"strings"

	"formwork/engine/query"
	"formwork/engine/store"
)

// documents: create, read, replace, delete one at a time.
func documents() []promise {
	return []promise{
		{"document/insert sets version 1 and is read back", func(r *rig) {
			d := store.New("a", object{"name": "x", "n": 1.5})
			r.must(r.update(func(tx store.Tx) error { return tx.Insert(r.ctx, r.name, d) }))
			if d.Version != 1 {
				r.Fatalf("version of the inserted document is %d", d.Version)
			}
			r.view(func(x store.Reader) {
				got, err := x.Get(r.ctx, r.name, "a")
				r.must(err)
				if got.ID != "a" || got.Version != 1 || got.Deleted || string(got.JSON()) != `{"n":1.5,"name":"x"}` {
					r.Fatalf("got %s", spellDoc(got))
				}
				if got.Tree()["n"] != 1.5 {
					r.Fatalf("tree %v", got.Tree())
				}
			})
		}},
		{"document/insert many, also none", func(r *rig) {
			r.fill()
			r.fill(object{"name": "a"}, object{"name": "b"}, object{"name": "c"})
			r.wantsIDs(query.Find{}, "000 001 002")
		}},
		{"document/insert of a deleted one goes to the recycle bin", func(r *rig) {
			d := store.New("a", object{})
			d.Deleted = true
			r.must(r.update(func(tx store.Tx) error { return tx.Insert(r.ctx, r.name, d) }))
			r.wantsIDs(query.Find{}, "")
			r.wantsIDs(query.Find{Which: query.Trash}, "a")
		}},
		{"document/missing is ErrNotFound", func(r *rig) {
			r.view(func(x store.Reader) {
				_, err := x.Get(r.ctx, r.name, "gone")
				r.wants(err, store.ErrNotFound)
				_, err = store.One(r.ctx, x, r.name, query.Find{})
				r.wants(err, store.ErrNotFound)
			})
			r.wants(r.update(func(tx store.Tx) error { return tx.Replace(r.ctx, r.name, store.New("gone", object{}), 1) }), store.ErrNotFound)
			r.wants(r.update(func(tx store.Tx) error { return tx.Delete(r.ctx, r.name, "gone", 0) }), store.ErrNotFound)
			r.wants(r.update(func(tx store.Tx) error { return tx.Delete(r.ctx, r.name, "gone", 3) }), store.ErrNotFound)
		}},
		{"document/get finds deleted ones", func(r *rig) {
			r.must(r.insert("a", object{"name": "x"}))
			r.must(r.trash("a", true))
			r.view(func(x store.Reader) {
				d, err := x.Get(r.ctx, r.name, "a")
				r.must(err)
				if !d.Deleted || d.Version != 2 {
					r.Fatalf("got %s", spellDoc(d))
				}
			})
		}},
		{"document/get many in the order asked, without the missing", func(r *rig) {
			r.fill(object{}, object{}, object{}, object{})
			r.must(r.trash("002", true))
			r.view(func(x store.Reader) {
				docs, err := x.GetMany(r.ctx, r.name, []string{"003", "gone", "000", "002"})
				r.must(err)
				if got := joined(docs); got != "003 000 002" {
					r.Fatalf("got %s", got)
				}
				docs, err = x.GetMany(r.ctx, r.name, nil)
				r.must(err)
				if len(docs) != 0 {
					r.Fatalf("got %s", joined(docs))
				}
			})
		}},
		{"document/get many takes thousands of ids", func(r *rig) {
			r.fill(object{})
			ids := make([]string, 5000)
			for i := range ids {
				ids[i] = "x" + number(i)
			}
			ids[4321] = "000"
			r.view(func(x store.Reader) {
				docs, err := x.GetMany(r.ctx, r.name, ids)
				r.must(err)
				if got := joined(docs); got != "000" {
					r.Fatalf("got %s", got)
				}
			})
		}},
		{"document/replace removes what is left out", func(r *rig) {
			r.must(r.insert("a", object{"name": "x", "count": 3.0, "tags": []any{"p", "q"}}))
			r.must(r.change("a", func(*store.Doc) *store.Doc { return store.New("a", object{"name": "y"}) }))
			r.wantsJSON("a", `{"name":"y"}`)
			for _, w := range []query.Where{query.Is("name", "x"), query.Is("count", int64(3)), leaf("tags", query.HasAny, "p"), leaf("name", query.Contains, "x")} {
				r.wantsIDs(query.Find{Where: w}, "")
			}
			for _, w := range []query.Where{query.Is("name", "y"), leaf("count", query.Empty), leaf("tags", query.Empty)} {
				r.wantsIDs(query.Find{Where: w}, "a")
			}
		}},
		{"document/deleted for good leaves nothing", func(r *rig) {
			r.must(r.insert("a", object{"name": "华为", "tags": []any{"p"}}))
			r.must(r.delete("a"))
			r.wantsJSON("a", "")
			r.wantsIDs(query.Find{Which: query.Both}, "")
			r.must(r.insert("a", object{"name": "z"}))
			r.wantsIDs(query.Find{Where: leaf("tags", query.HasAny, "p")}, "")
			r.wantsIDs(query.Find{Where: search("华为", "name")}, "")
			r.wantsJSON("a", `{"name":"z"}`)
		}},
		{"document/trash and both", func(r *rig) {
			r.fill(object{"count": 1.0}, object{"count": 2.0}, object{"count": 3.0})
			r.must(r.trash("001", true))
			r.wantsIDs(query.Find{}, "000 002")
			r.wantsIDs(query.Find{Which: query.Trash}, "001")
			r.wantsIDs(query.Find{Which: query.Both, Sort: by("-count")}, "002 001 000")
			r.wantsIDs(query.Find{Which: query.Both, Where: query.Is("count", int64(2))}, "001")
			r.must(r.trash("001", false))
			r.wantsIDs(query.Find{}, "000 001 002")
			r.wantsIDs(query.Find{Which: query.Trash}, "")
		}},
		{"document/ids up to 64 bytes, in byte order", func(r *rig) {
			long := strings.Repeat("z", 64)
			for _, id := range []string{long, "B", "a", "é", "-", "a-1", "A", "10", "9", "华"} {
				r.must(r.insert(id, object{}))
			}
			r.wantsIDs(query.Find{}, "- 10 9 A B a a-1 "+long+" é 华")
			r.wantsIDs(query.Find{Limit: 3, After: &query.Position{ID: "B"}}, "a a-1 "+long)
			r.wantsJSON(long, "{}")
		}},
		{"document/a document's own copy may be changed by the caller", func(r *rig) {
			r.must(r.insert("a", object{"name": "x"}))
			r.view(func(x store.Reader) {
				d, err := x.Get(r.ctx, r.name, "a")
				r.must(err)
				d.Deleted, d.Version = true, 99
				again, err := x.Get(r.ctx, r.name, "a")
				r.must(err)
				if again.Deleted || again.Version != 1 {
					r.Fatalf("got %s", spellDoc(again))
				}
			})
		}},
		{"document/the largest is taken, a larger one is ErrTooLarge", func(r *rig) {
			fit := strings.Repeat("x", store.MaxDocument-len(`{"big":""}`))
			r.must(r.insert("fits", object{"big": fit}))
			r.wantsJSON("fits", `{"big":"`+fit+`"}`)
			r.wants(r.insert("more", object{"big": fit + "x"}), store.ErrTooLarge)
			r.wants(r.change("fits", func(*store.Doc) *store.Doc { return store.New("fits", object{"big": fit + "x"}) }), store.ErrTooLarge)
			r.wantsIDs(query.Find{}, "fits")
		}},
		{"document/collections do not mix", func(r *rig) {
			other := r.things()
			other.Name = r.name[:len(r.name)-2] + ".2"
			r.must(r.s.Drop(r.ctx, other.Name))
			r.must(r.s.Ensure(r.ctx, other))
			defer func() { r.must(r.s.Drop(context.Background(), other.Name)) }()
			r.must(r.insert("a", object{"name": "x"}))
			r.must(r.update(func(tx store.Tx) error { return tx.Insert(r.ctx, other.Name, store.New("a", object{"name": "y"})) }))
			r.wantsJSON("a", `{"name":"x"}`)
			r.must(r.delete("a"))
			r.view(func(x store.Reader) {
				d, err := x.Get(r.ctx, other.Name, "a")
				r.must(err)
				if string(d.JSON()) != `{"name":"y"}` {
					r.Fatalf("got %s", d.JSON())
				}
			})
		}},
		{"document/drop takes everything and may be repeated", func(r *rig) {
			r.fill(object{"name": "x"}, object{"name": "y", "tags": []any{"p"}})
			r.must(r.s.Drop(r.ctx, r.name))
			r.must(r.s.Drop(r.ctx, r.name))
			r.must(r.s.Ensure(r.ctx, r.things()))
			r.wantsIDs(query.Find{Which: query.Both}, "")
			r.wantsIDs(query.Find{Where: search("x", "name")}, "")
			r.must(r.insert("000", object{"name": "x"}))
		}},
		{"document/ping", func(r *rig) {
			r.must(r.s.Ping(r.ctx))
			ctx, cancel := context.WithCancel(r.ctx)
			cancel()
			if err := r.s.View(ctx, func(store.Reader) error { return nil }); !errors.Is(err, context.Canceled) {
				r.Fatalf("View with a cancelled context: %v", err)
			}
		}},
	}
}

func search(term string, columns ...string) query.Where {
	return query.Where{Leaf: &query.Leaf{Test: query.Search, Values: []any{term}, Among: columns}}
}
