package storetest

import (
	"fmt"
	"strings"

	"formwork/engine/query"
	"formwork/engine/store"
)

// sorts are one to three terms, directions mixed.
func sorts() [][]query.Order {
	return [][]query.Order{
		nil, by("name"), by("-name"), by("code"), by("-amount"), by("amount"), by("count"), by("done"), by("-done"), by("day"), by("-day"), by("at"), by("-at"),
		by("done", "-name"), by("-done", "name"), by("code", "day", "-count"), by("-code", "-day", "count"), by("-count", "-at"),
	}
}

// crowd is documents with many ties and empties.
func crowd(g *generator, n int) []object {
	out := make([]object, n)
	for i := range out {
		tree := object{}
		for _, c := range []struct {
			key    string
			values []any
		}{
			{"name", []any{"a", "A", "ａ", "b", "张三", "李四", "", nil, "zhang", long + "1", long + "2"}},
			{"code", []any{"x", "y", "华", nil}},
			{"count", []any{1.0, 2.0, -1.0, 9007199254740991.0, nil, "no number"}},
			{"done", []any{true, false, nil}},
			{"day", []any{"2017-03-01", "2017-03-02", "0001-01-01", "9999-12-31", nil}},
			{"at", []any{"2017-03-01T00:00:00.000Z", "2017-03-01T08:00:00+08:00", "1969-12-31T23:59:59.999Z", nil}},
		} {
			if v := pick(g, c.values); v != nil || g.chance(20) {
				tree[c.key] = v
			}
		}
		tree["data"] = object{"amount": pick(g, []any{1.01, 1.014, -0.05, 0.0, nil})}
		out[i] = tree
	}
	return out
}

// orders: how rows stand.
func orders() []promise {
	return []promise{
		{"order/text goes by letters and by pinyin", func(r *rig) {
			for i, s := range []string{"深圳", "zoo", "广州", "Banana", "ｃat", "", "北京", "apple", "上海", "banana"} {
				r.must(r.insert(number(i), object{"name": s}))
			}
			r.wantsIDs(query.Find{Sort: by("name")}, "005 007 003 009 006 004 002 008 000 001")
			r.wantsIDs(query.Find{Sort: by("-name")}, "001 000 008 002 004 006 009 003 007 005")
		}},
		{"order/empties are lowest", func(r *rig) {
			r.fill(object{"count": -5.0}, object{}, object{"count": 0.0}, object{"count": "text"}, object{"count": nil}, object{"done": true}, object{"done": false})
			r.wantsIDs(query.Find{Sort: by("count")}, "001 003 004 005 006 000 002")
			r.wantsIDs(query.Find{Sort: by("-count")}, "002 000 006 005 004 003 001")
			r.wantsIDs(query.Find{Sort: by("-done")}, "005 006 004 003 002 001 000")
		}},
		{"order/ties go by id in the direction of the last term", func(r *rig) {
			r.fill(object{"code": "x", "count": 1.0}, object{"code": "y", "count": 1.0}, object{"code": "x", "count": 1.0}, object{"code": "y", "count": 1.0})
			r.wantsIDs(query.Find{Sort: by("count")}, "000 001 002 003")
			r.wantsIDs(query.Find{Sort: by("-count")}, "003 002 001 000")
			r.wantsIDs(query.Find{Sort: by("code", "-count")}, "002 000 003 001")
			r.wantsIDs(query.Find{Sort: by("-code", "count")}, "001 003 000 002")
		}},
		{"order/numbers by value, at their scale", func(r *rig) {
			for i, n := range []float64{10, 9, -1, 0.001, 1e12, -1e12, 0.01, 100} {
				r.must(r.insert(number(i), object{"data": object{"amount": n}}))
			}
			r.wantsIDs(query.Find{Sort: by("amount")}, "005 002 003 006 001 000 007 004")
		}},
		{"order/all sorts over a crowd", func(r *rig) {
			r.fill(crowd(newGenerator(7), 150)...)
			for i := 0; i < 150; i += 9 {
				r.must(r.trash(number(i), true))
			}
			for _, sort := range sorts() {
				for _, which := range []query.Which{query.Live, query.Trash, query.Both} {
					r.wantsReference(query.Find{Sort: sort, Which: which})
					r.wantsReference(query.Find{Sort: sort, Which: which, Where: query.Is("code", "x", "华"), Limit: 11})
				}
			}
		}},
	}
}

// pages: a cursor continues exactly behind its row.
func pages() []promise {
	indexes := []store.Index{{Key: "a", Columns: by("name")}, {Key: "b", Columns: by("code", "day", "-count")}, {Key: "c", Columns: by("-at"), All: true}, {Key: "d", Columns: by("done", "-name")}}
	return []promise{
		{"page/every row once, in every sort", func(r *rig) {
			r.must(r.s.Ensure(r.ctx, r.things(indexes...)))
			r.fill(crowd(newGenerator(8), 120)...)
			for _, sort := range sorts() {
				for _, w := range []query.Where{{}, query.Not(query.Is("code", "x"))} {
					want := r.ids(query.Find{Sort: sort, Where: w})
					if got := strings.Join(r.walk(query.Find{Sort: sort, Where: w, Limit: 7}, nil), " "); got != want {
						r.Fatalf("sort %v: pages %q, whole %q", sort, got, want)
					}
				}
			}
		}},
		{"page/rows that come and go between pages disturb no other", func(r *rig) {
			r.must(r.s.Ensure(r.ctx, r.things(indexes...)))
			g := newGenerator(9)
			trees := crowd(g, 60)
			r.fill(trees...)
			for i, sort := range sorts() {
				page := 0
				rows := r.walk(query.Find{Sort: sort, Limit: 7}, func() {
					page++
					id := fmt.Sprintf("%03d-new-%d-%d", g.IntN(60), i, page)
					r.must(r.insert(id, pick(g, trees)))
					if page%3 == 0 {
						r.must(r.delete(id))
					}
				})
				seen := map[string]int{}
				for _, id := range rows {
					seen[id]++
				}
				for k := range 60 {
					if seen[number(k)] != 1 {
						r.Fatalf("sort %v: row %d seen %d times", sort, k, seen[number(k)])
					}
				}
				for id, n := range seen {
					if n != 1 {
						r.Fatalf("sort %v: row %s seen %d times", sort, id, n)
					}
				}
			}
		}},
		{"page/behind a row that is gone", func(r *rig) {
			r.fill(object{"count": 1.0}, object{"count": 2.0}, object{"count": 3.0}, object{})
			r.must(r.delete("001"))
			r.wantsIDs(query.Find{Sort: by("count"), After: &query.Position{Keys: []any{int64(2)}, ID: "001"}}, "002")
			r.wantsIDs(query.Find{Sort: by("-count"), After: &query.Position{Keys: []any{int64(2)}, ID: "001"}}, "000 003")
			r.wantsIDs(query.Find{Sort: by("count"), After: &query.Position{Keys: []any{nil}, ID: "0"}}, "003 000 002")
			r.wantsIDs(query.Find{Sort: by("-count"), After: &query.Position{Keys: []any{nil}, ID: "003"}}, "")
			r.wantsIDs(query.Find{After: &query.Position{ID: "000"}, Limit: 1}, "002")
		}},
	}
}

// walk reads page by page, through the text of cursors, and gives all ids; between runs after each page.
func (r *rig) walk(f query.Find, between func()) (ids []string) {
	r.Helper()
	for range 1000 {
		var docs []*store.Doc
		r.view(func(x store.Reader) {
			var err error
			docs, err = store.All(r.ctx, x, r.name, f)
			r.must(err)
		})
		for _, d := range docs {
			ids = append(ids, d.ID)
		}
		if len(docs) < f.Limit {
			return ids
		}
		at := docs[len(docs)-1].Document().At(f.Sort, r.columns())
		after, err := query.DecodePosition(at.Encode(f.Sort), f.Sort, r.columns())
		r.must(err)
		f.After = after
		if between != nil {
			between()
		}
	}
	r.Fatalf("pages without end by %v", f.Sort)
	return nil
}
