package storetest

import (
	"formwork/engine/query"
	"formwork/engine/store"
)

// versions: every write counts, and only who saw the last version may write.
func versions() []promise {
	return []promise{
		{"version/replace raises it by one", func(r *rig) {
			r.must(r.insert("a", object{}))
			for i := range 5 {
				d := store.New("a", object{"count": float64(i)})
				r.must(r.update(func(tx store.Tx) error { return tx.Replace(r.ctx, r.name, d, int64(i+1)) }))
				if d.Version != int64(i+2) {
					r.Fatalf("version %d after write %d", d.Version, i)
				}
			}
		}},
		{"version/another one is ErrConflict", func(r *rig) {
			r.must(r.insert("a", object{"name": "x"}))
			r.must(r.change("a", func(*store.Doc) *store.Doc { return store.New("a", object{"name": "y"}) }))
			for _, v := range []int64{0, 1, 3} {
				r.wants(r.update(func(tx store.Tx) error { return tx.Replace(r.ctx, r.name, store.New("a", object{}), v) }), store.ErrConflict)
			}
			for _, v := range []int64{1, 3} {
				r.wants(r.update(func(tx store.Tx) error { return tx.Delete(r.ctx, r.name, "a", v) }), store.ErrConflict)
			}
			r.wantsJSON("a", `{"name":"y"}`)
			r.must(r.update(func(tx store.Tx) error { return tx.Delete(r.ctx, r.name, "a", 2) }))
			r.wantsJSON("a", "")
		}},
		{"version/starts again after a deletion for good", func(r *rig) {
			r.must(r.insert("a", object{}))
			r.must(r.change("a", func(*store.Doc) *store.Doc { return store.New("a", object{}) }))
			r.must(r.delete("a"))
			d := store.New("a", object{})
			r.must(r.update(func(tx store.Tx) error { return tx.Insert(r.ctx, r.name, d) }))
			if d.Version != 1 {
				r.Fatalf("version %d", d.Version)
			}
		}},
		{"version/counts within a transaction too", func(r *rig) {
			r.must(r.update(func(tx store.Tx) error {
				if err := tx.Insert(r.ctx, r.name, store.New("a", object{})); err != nil {
					return err
				}
				for v := range int64(3) {
					if err := tx.Replace(r.ctx, r.name, store.New("a", object{"count": float64(v)}), v+1); err != nil {
						return err
					}
				}
				return nil
			}))
			r.view(func(x store.Reader) {
				d, err := store.One(r.ctx, x, r.name, query.Find{})
				r.must(err)
				if d.Version != 4 || string(d.JSON()) != `{"count":2}` {
					r.Fatalf("got %s", spellDoc(d))
				}
			})
		}},
	}
}
