package storetest

import (
	"errors"
	"fmt"
	"slices"

	"formwork/engine/query"
	"formwork/engine/store"
)

// with gives the collection with a column added or put in place of the one with the same key.
func with(c store.Collection, col query.Column) store.Collection {
	c.Columns = append(slices.DeleteFunc(slices.Clone(c.Columns), func(x query.Column) bool { return x.Key == col.Key }), col)
	return c
}

func without(c store.Collection, key string) store.Collection {
	c.Columns = slices.DeleteFunc(slices.Clone(c.Columns), func(x query.Column) bool { return x.Key == key })
	return c
}

// declarations: Ensure on collections that hold documents.
func declarations() []promise {
	return []promise{
		{"ensure/may be repeated", func(r *rig) {
			r.fill(object{"name": "x"}, object{"name": "y"})
			c := r.things(unique("u", "name"), store.Index{Key: "x", Columns: by("code", "-at"), Include: []string{"amount"}, All: true})
			for range 3 {
				r.must(r.s.Ensure(r.ctx, c))
			}
			r.wantsIDs(query.Find{Where: query.Is("name", "y")}, "001")
		}},
		{"ensure/a new column is filled from the documents", func(r *rig) {
			r.fill(object{"extra": object{"n": 1.25}, "s": "华为", "l": []any{"p", "q"}}, object{"extra": object{"n": "no number"}}, object{"extra": object{"n": -3.0}, "s": "x"})
			r.must(r.trash("002", true))
			c := with(r.things(), query.Column{Key: "n", Path: []string{"extra", "n"}, Kind: query.Number, Scale: 1})
			c = with(c, query.Column{Key: "s", Path: []string{"s"}, Kind: query.Text, Order: true, Search: true})
			c = with(c, query.Column{Key: "l", Path: []string{"l"}, Kind: query.Text, Array: true})
			r.must(r.s.Ensure(r.ctx, c))
			r.wantsIDs(query.Find{Where: query.Is("n", int64(13))}, "000")
			r.wantsIDs(query.Find{Where: leaf("n", query.Empty)}, "001")
			r.wantsIDs(query.Find{Which: query.Both, Sort: by("n")}, "001 002 000")
			r.wantsIDs(query.Find{Where: search("华为", "s")}, "000")
			r.wantsIDs(query.Find{Where: search("hw", "s")}, "000")
			r.wantsIDs(query.Find{Where: leaf("s", query.StartsWith, "x"), Which: query.Trash}, "002")
			r.wantsIDs(query.Find{Where: leaf("l", query.HasAll, "q", "p")}, "000")
		}},
		{"ensure/a column of another kind, scale or path is filled anew", func(r *rig) {
			r.fill(object{"v": 1.26, "w": "7", "l": []any{"p"}}, object{"v": "1.26", "w": 7.0, "l": "p"})
			for _, step := range []struct {
				col  query.Column
				w    query.Where
				want string
			}{
				{query.Column{Path: []string{"v"}, Kind: query.Number, Scale: 2}, query.Is("v", int64(126)), "000"},
				{query.Column{Path: []string{"v"}, Kind: query.Number, Scale: 1}, query.Is("v", int64(13)), "000"},
				{query.Column{Path: []string{"v"}, Kind: query.Number}, query.Is("v", int64(1)), "000"},
				{query.Column{Path: []string{"v"}, Kind: query.Text}, query.Is("v", "1.26"), "001"},
				{query.Column{Path: []string{"v"}, Kind: query.Text, Match: true}, leaf("v", query.Contains, ".2"), "001"},
				{query.Column{Path: []string{"v"}, Kind: query.Text, Search: true}, search("26", "v"), "001"},
				{query.Column{Path: []string{"w"}, Kind: query.Text}, query.Is("v", "7"), "000"},
				{query.Column{Path: []string{"w"}, Kind: query.Number}, query.Is("v", int64(7)), "001"},
				{query.Column{Path: []string{"l"}, Kind: query.Text}, query.Is("v", "p"), "001"},
				{query.Column{Path: []string{"l"}, Kind: query.Text, Array: true}, leaf("v", query.HasAny, "p"), "000"},
				{query.Column{Path: []string{"l"}, Kind: query.Bool}, leaf("v", query.Empty), "000 001"},
			} {
				step.col.Key = "v"
				r.must(r.s.Ensure(r.ctx, with(r.things(), step.col)))
				r.wantsIDs(query.Find{Where: step.w}, step.want)
			}
		}},
		{"ensure/a dropped column leaves the documents alone and may come back", func(r *rig) {
			r.fill(object{"name": "x", "code": "k", "tags": []any{"p"}})
			r.must(r.s.Ensure(r.ctx, without(without(without(r.things(), "code"), "tags"), "name")))
			r.wantsJSON("000", `{"code":"k","name":"x","tags":["p"]}`)
			r.must(r.insert("001", object{"name": "华为", "code": "k", "tags": []any{"p", "q"}}))
			r.must(r.s.Ensure(r.ctx, r.things()))
			r.wantsIDs(query.Find{Where: query.Is("code", "k")}, "000 001")
			r.wantsIDs(query.Find{Where: leaf("tags", query.HasAny, "p")}, "000 001")
			r.wantsIDs(query.Find{Where: search("华为", "name")}, "001")
		}},
		{"ensure/any key a field may have", func(r *rig) {
			c := store.Collection{Name: r.name}
			words := append(slices.Clone(keys), "id", "rid", "docid", "text", "where", "_id", "a_b", "ab", "aB", "data", "table", "null", "kUnIqUe", "x1", "sort", "search", "fold", "match")
			slices.Sort(words)
			tree := object{}
			for i, k := range slices.Compact(words) {
				c.Columns = append(c.Columns, query.Column{Key: k, Path: []string{k}, Kind: query.Number})
				c.Indexes = append(c.Indexes, store.Index{Key: "x-" + k, Columns: by(k)})
				tree[k] = float64(i)
			}
			c.Indexes = c.Indexes[:30]
			r.must(r.s.Ensure(r.ctx, c))
			r.must(r.insert("a", tree))
			for k, v := range tree {
				r.wantsIDs(query.Find{Where: query.Is(k, int64(v.(float64))), Sort: by("-" + k)}, "a")
			}
		}},
		{"ensure/120 columns", func(r *rig) {
			c, tree := store.Collection{Name: r.name}, object{}
			for i := range 120 {
				k := fmt.Sprint("field", i)
				c.Columns = append(c.Columns, query.Column{Key: k, Path: []string{k}, Kind: query.Text, Order: i%2 == 0, Match: i%3 == 0, Search: i%5 == 0, Array: i%7 == 6})
				tree[k] = k
			}
			r.must(r.s.Ensure(r.ctx, c))
			r.must(r.insert("a", tree))
			r.wantsIDs(query.Find{Where: query.Is("field119", "field119"), Sort: by("field118")}, "a")
		}},
		{"ensure/an index that becomes unique, changes its columns, and ceases", func(r *rig) {
			r.must(r.insert("a", object{"code": "x", "count": 1.0}))
			plain := unique("u", "code")
			plain.Unique = false
			r.must(r.s.Ensure(r.ctx, r.things(plain)))
			r.must(r.insert("b", object{"code": "x", "count": 2.0}))
			r.must(r.delete("b"))
			r.must(r.s.Ensure(r.ctx, r.things(unique("u", "code"))))
			r.wantsDuplicate(r.insert("b", object{"code": "x", "count": 2.0}), "u")
			r.must(r.s.Ensure(r.ctx, r.things(unique("u", "count"))))
			r.must(r.insert("b", object{"code": "x", "count": 2.0}))
			r.wantsDuplicate(r.insert("c", object{"count": 2.0}), "u")
			r.must(r.s.Ensure(r.ctx, r.things()))
			r.must(r.insert("c", object{"count": 2.0}))
			r.wantsIDs(query.Find{Where: query.Is("count", int64(2))}, "b c")
		}},
		{"ensure/a unique index follows its column's change", func(r *rig) {
			r.must(r.s.Ensure(r.ctx, r.things(unique("u", "code"))))
			r.must(r.insert("a", object{"code": "x"}))
			r.must(r.s.Ensure(r.ctx, with(r.things(unique("u", "code")), query.Column{Key: "code", Path: []string{"code"}, Kind: query.Text, Match: true})))
			r.wantsDuplicate(r.insert("b", object{"code": " X "}), "u")
			r.must(r.s.Ensure(r.ctx, r.things(unique("u", "code"))))
			r.must(r.insert("b", object{"code": "X"}))
		}},
		{"ensure/a unique index over duplicates is refused and changes nothing", func(r *rig) {
			old := r.things(unique("u", "code"))
			r.must(r.s.Ensure(r.ctx, old))
			r.fill(object{"name": "A", "code": "x", "count": 1.0}, object{"name": "ａ", "code": "y", "count": 2.0}, object{"name": "b", "code": "z"})
			r.must(r.trash("002", true))
			next := r.things(unique("u", "code"), unique("u-name", "name"))
			next = with(next, query.Column{Key: "extra", Path: []string{"name"}, Kind: query.Text})
			r.wantsDuplicate(r.s.Ensure(r.ctx, without(next, "count")), "u-name")
			r.wantsDuplicate(r.insert("d", object{"code": "x"}), "u")
			r.must(r.insert("d", object{"name": "a", "code": "w", "count": 2.0}))
			r.wantsIDs(query.Find{Where: query.Is("count", int64(2))}, "001 d")
			r.must(r.s.Ensure(r.ctx, old))
			r.must(r.delete("d"))
			r.must(r.delete("001"))
			r.must(r.s.Ensure(r.ctx, next))
			r.wantsDuplicate(r.insert("d", object{"name": "a"}), "u-name")
			r.wantsIDs(query.Find{Where: query.Is("extra", "A")}, "000")
		}},
		{"ensure/duplicates that do not count do not matter", func(r *rig) {
			r.fill(object{"code": "x"}, object{"code": "x"}, object{}, object{}, object{"code": ""})
			r.must(r.trash("001", true))
			r.must(r.s.Ensure(r.ctx, r.things(unique("u", "code"))))
			r.wantsDuplicate(r.trash("001", false), "u")
		}},
		{"ensure/documents written meanwhile are filled too", func(r *rig) {
			const writers, each = 4, 25
			errs := r.together(writers+1, func(i int) error {
				if i == writers {
					return r.s.Ensure(r.ctx, with(r.things(store.Index{Key: "x", Columns: by("late")}), query.Column{Key: "late", Path: []string{"late"}, Kind: query.Number}))
				}
				for k := range each {
					if err := r.insert(fmt.Sprintf("%d-%02d", i, k), object{"late": 7.0}); err != nil {
						return err
					}
				}
				return nil
			})
			r.must(errors.Join(errs...))
			r.view(func(x store.Reader) {
				n, err := x.Count(r.ctx, r.name, query.Is("late", int64(7)), query.Live, 0)
				r.must(err)
				if n != writers*each {
					r.Fatalf("%d of %d are found by the new column", n, writers*each)
				}
			})
		}},
	}
}
