package storetest

import (
	"errors"

	"formwork/engine/query"
	"formwork/engine/store"
)

func unique(key string, columns ...string) store.Index {
	return store.Index{Key: key, Columns: by(columns...), Unique: true}
}

// uniqueness: ids, and unique indexes over live, filled, folded values.
func uniqueness() []promise {
	return []promise{
		{"unique/id", func(r *rig) {
			r.must(r.insert("a", object{"name": "x"}))
			r.wantsDuplicate(r.insert("a", object{"name": "y"}), "id")
			r.wantsJSON("a", `{"name":"x"}`)
			r.must(r.trash("a", true))
			r.wantsDuplicate(r.insert("a", object{"name": "y"}), "id")
		}},
		{"unique/id within one insert", func(r *rig) {
			r.wantsDuplicate(r.update(func(tx store.Tx) error {
				return tx.Insert(r.ctx, r.name, store.New("a", object{}), store.New("b", object{}), store.New("a", object{}))
			}), "id")
			r.wantsIDs(query.Find{Which: query.Both}, "")
		}},
		{"unique/every kind of column", func(r *rig) {
			r.must(r.s.Ensure(r.ctx, r.things(unique("u-amount", "amount"), unique("u-at", "at"), unique("u-code", "code"), unique("u-day", "day"), unique("u-name", "name"))))
			r.must(r.insert("a", object{"data": object{"amount": 1.01}, "at": "2017-03-01T00:00:00.000Z", "code": "k", "day": "2017-03-01", "name": "n"}))
			for index, tree := range map[string]object{
				"u-amount": {"data": object{"amount": 1.014}}, "u-at": {"at": "2017-03-01T08:00:00+08:00"}, "u-code": {"code": "k"}, "u-day": {"day": "2017-03-01"}, "u-name": {"name": "n"},
			} {
				r.wantsDuplicate(r.insert("b", tree), index)
			}
			r.must(r.insert("b", object{"data": object{"amount": 1.02}, "at": "2017-03-01T00:00:00.001Z", "code": "k ", "day": "2017-03-02", "name": "m"}))
		}},
		{"unique/text that matches compares folded, other text exactly", func(r *rig) {
			r.must(r.s.Ensure(r.ctx, r.things(unique("u-code", "code"), unique("u-name", "name"))))
			r.must(r.insert("a", object{"name": "ＡＢＣ  株", "code": "Ab"}))
			r.wantsDuplicate(r.insert("b", object{"name": "abc 株"}), "u-name")
			r.wantsDuplicate(r.insert("b", object{"name": " ABC\u00a0株 "}), "u-name")
			r.must(r.insert("b", object{"name": "abc株", "code": "ab"}))
			r.must(r.insert("c", object{"code": "ab "}))
		}},
		{"unique/several columns together", func(r *rig) {
			r.must(r.s.Ensure(r.ctx, r.things(unique("u", "code", "-day"))))
			r.must(r.insert("a", object{"code": "x", "day": "2017-03-01"}))
			r.must(r.insert("b", object{"code": "x", "day": "2017-03-02"}))
			r.must(r.insert("c", object{"code": "y", "day": "2017-03-01"}))
			r.wantsDuplicate(r.insert("d", object{"code": "x", "day": "2017-03-02"}), "u")
			r.must(r.insert("d", object{"code": "x"}))
			r.must(r.insert("e", object{"code": "x"}))
			r.must(r.insert("f", object{"day": "2017-03-01"}))
			r.must(r.insert("g", object{"day": "2017-03-01"}))
		}},
		{"unique/empties do not count", func(r *rig) {
			r.must(r.s.Ensure(r.ctx, r.things(unique("u-name", "name"), unique("u-count", "count"))))
			for i, tree := range []object{{}, {}, {"name": ""}, {"name": nil}, {"name": 3.0}, {"name": object{}}, {"count": "x"}, {"count": 1e300}, {"count": 1e299}} {
				r.must(r.insert(number(i), tree))
			}
		}},
		{"unique/the recycle bin does not count", func(r *rig) {
			r.must(r.s.Ensure(r.ctx, r.things(unique("u", "name"))))
			r.must(r.insert("a", object{"name": "x"}))
			r.must(r.trash("a", true))
			r.must(r.insert("b", object{"name": "x"}))
			r.wantsDuplicate(r.trash("a", false), "u")
			r.must(r.trash("b", true))
			r.must(r.trash("a", false))
			r.wantsDuplicate(r.insert("c", object{"name": "x"}), "u")
		}},
		{"unique/freed by deletion and by another value", func(r *rig) {
			r.must(r.s.Ensure(r.ctx, r.things(unique("u", "name"))))
			r.must(r.insert("a", object{"name": "x"}))
			r.must(r.delete("a"))
			r.must(r.insert("b", object{"name": "x"}))
			r.must(r.change("b", func(*store.Doc) *store.Doc { return store.New("b", object{"name": "y"}) }))
			r.must(r.insert("c", object{"name": "x"}))
			r.wantsDuplicate(r.change("b", func(*store.Doc) *store.Doc { return store.New("b", object{"name": "X"}) }), "u")
			r.wantsJSON("b", `{"name":"y"}`)
		}},
		{"unique/a document does not collide with itself", func(r *rig) {
			r.must(r.s.Ensure(r.ctx, r.things(unique("u", "name"))))
			r.must(r.insert("a", object{"name": "x"}))
			r.must(r.change("a", func(*store.Doc) *store.Doc { return store.New("a", object{"name": "X", "count": 1.0}) }))
			r.wantsJSON("a", `{"count":1,"name":"X"}`)
		}},
		{"unique/within one transaction", func(r *rig) {
			r.must(r.s.Ensure(r.ctx, r.things(unique("u", "name"))))
			r.wantsDuplicate(r.update(func(tx store.Tx) error {
				return tx.Insert(r.ctx, r.name, store.New("a", object{"name": "x"}), store.New("b", object{"name": "x"}))
			}), "u")
			r.must(r.insert("a", object{"name": "x"}))
			r.must(r.update(func(tx store.Tx) error { // freed first, then taken
				return errors.Join(tx.Delete(r.ctx, r.name, "a", 1), tx.Insert(r.ctx, r.name, store.New("b", object{"name": "x"})))
			}))
			r.wantsIDs(query.Find{}, "b")
		}},
		{"unique/taken once by callers at the same time", func(r *rig) {
			r.must(r.s.Ensure(r.ctx, r.things(unique("u", "name"))))
			errs := r.together(40, func(i int) error { return r.insert(number(i), object{"name": "One"}) })
			won := 0
			for _, err := range errs {
				if err == nil {
					won++
					continue
				}
				r.wantsDuplicate(err, "u")
			}
			if won != 1 || len(r.ids(query.Find{})) != 3 {
				r.Fatalf("%d callers took the value: %s", won, r.ids(query.Find{}))
			}
		}},
	}
}
