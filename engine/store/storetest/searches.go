package storetest

import (
	"fmt"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/value"
)

// searches: filters on text, lists and ranges that people type.
func searches() []promise {
	return []promise{
		{"search/pieces, initials and single characters", func(r *rig) {
			r.fill(object{"name": "华为技术有限公司", "note": "138-0013-8000"}, object{"name": "Ｈuawei Cloud", "note": "x华x为"}, object{"name": "张三", "note": "huawei"},
				object{"name": "a%b_c\\d", "note": "ab bc"}, object{"name": "重庆 Hotel"})
			for _, c := range []struct{ term, want string }{
				{"华为", "000"}, {"技术", "000"}, {"限公", "000"}, {"华", "000 001"}, {"为", "000 001"}, {"hw", "000"}, {"hwjsyxgs", "000"}, {"HW", "000"}, {"8000", "000"}, {"0013-8", "000"},
				{"3800", ""}, {"huawei", "001 002"}, {"zs", "002"}, {"z", "002 004"}, {"三", "002"}, {"h", "000 001 002 004"}, {"hc", "001"}, {"%", "003"}, {"_", "003"}, {"\\", "003"}, {"a%b", "003"},
				{"abc", "003"}, {"abbc", ""}, {"b b", "003"}, {"zqh", "004"}, {"公司 x", ""}, {"\"", ""}, {"*", ""}, {"hu*", ""},
			} {
				f := query.Find{Where: search(value.Fold(c.term), "name", "note")}
				r.wantsIDs(f, c.want)
				r.wantsReference(f)
				r.wantsReference(query.Find{Where: query.Not(f.Where)})
			}
		}},
		{"search/only in the columns named", func(r *rig) {
			r.fill(object{"name": "华为", "note": "x"}, object{"name": "x", "note": "华为"}, object{"code": "华为"})
			r.wantsIDs(query.Find{Where: search("华为", "name")}, "000")
			r.wantsIDs(query.Find{Where: search("华为", "note")}, "001")
			r.wantsIDs(query.Find{Where: search("hw", "note")}, "001")
			r.wantsIDs(query.Find{Where: search("华为", "name", "note")}, "000 001")
		}},
		{"search/follows every write", func(r *rig) {
			r.must(r.insert("a", object{"name": "华为", "note": "one"}))
			r.must(r.change("a", func(*store.Doc) *store.Doc { return store.New("a", object{"name": "中兴", "note": "one"}) }))
			r.wantsIDs(query.Find{Where: search("华为", "name", "note")}, "")
			r.wantsIDs(query.Find{Where: search("中兴", "name", "note")}, "a")
			r.wantsIDs(query.Find{Where: search("zx", "name", "note")}, "a")
			r.must(r.trash("a", true))
			r.wantsIDs(query.Find{Where: search("中兴", "name")}, "")
			r.wantsIDs(query.Find{Where: search("中兴", "name"), Which: query.Trash}, "a")
		}},
		{"filter/the documents' own ids", func(r *rig) {
			r.fill(object{"name": "b", "count": 2.0}, object{"name": "a", "count": 2.0}, object{"name": "c", "count": 1.0}, object{"name": "d"})
			r.must(r.trash("003", true))
			for _, c := range []struct {
				ids  []string
				want string
			}{
				{[]string{"001"}, "001"}, {[]string{"002", "000", "002"}, "000 002"}, {[]string{"nobody"}, ""}, {[]string{"003", "000"}, "000"}, {nil, ""}, {[]string{"' OR 1=1", "000"}, "000"},
			} {
				w := query.IDs(c.ids...)
				r.wantsIDs(query.Find{Where: w}, c.want)
				for _, w := range []query.Where{w, query.Not(w), query.And(w, query.Is("count", int64(200))), query.Or(query.Is("name", "c"), w)} {
					for _, which := range []query.Which{query.Live, query.Trash, query.Both} {
						r.wantsReference(query.Find{Where: w, Which: which, Sort: by("-count", "name"), Limit: 3})
					}
				}
			}
			many := []string{"001"}
			for i := range query.MaxValues - 1 {
				many = append(many, fmt.Sprintf("x%d", i))
			}
			r.wantsIDs(query.Find{Where: query.IDs(many...), Sort: by("name")}, "001")
		}},
		{"search/pages and sorts like any filter", func(r *rig) {
			g := newGenerator(10)
			r.fill(crowd(g, 90)...)
			for _, term := range []string{"a", "张", "zs", "san", "aa", "1"} {
				for _, sort := range [][]query.Order{nil, by("-count"), by("name", "-day")} {
					r.wantsReference(query.Find{Where: search(term, "name"), Sort: sort, Limit: 9})
					r.wantsReference(query.Find{Where: search(term, "name"), Sort: sort, Limit: 9, After: &query.Position{Keys: make([]any, len(sort)), ID: "040"}})
				}
			}
		}},
		{"filter/contains and startsWith fold case and width", func(r *rig) {
			r.fill(object{"name": "ＡＢＣ Corp"}, object{"name": "xabc corp"}, object{"name": "Straße"}, object{"name": "a.c"}, object{})
			for _, c := range []struct {
				test query.Test
				term string
				want string
			}{
				{query.Contains, "abc", "000 001"}, {query.StartsWith, "abc", "000"}, {query.Contains, "STRASSE", "002"}, {query.Contains, "c c", "000 001"}, {query.Contains, "a.c", "003"},
				{query.StartsWith, "x", "001"}, {query.Contains, "%", ""},
			} {
				w := leaf("name", c.test, value.Fold(c.term))
				r.wantsIDs(query.Find{Where: w}, c.want)
				r.wantsReference(query.Find{Where: query.Not(w)})
			}
		}},
		{"filter/a negation matches empties", func(r *rig) {
			r.fill(object{"count": 1.0, "code": "x", "tags": []any{"p"}}, object{"count": 2.0, "code": "y", "tags": []any{"q", "p"}}, object{})
			for _, c := range []struct {
				w    query.Where
				want string
			}{
				{query.Not(query.Is("count", int64(1))), "001 002"}, {query.Not(query.Is("code", "x", "y")), "002"}, {query.Not(leaf("count", query.Empty)), "000 001"},
				{query.Not(query.Where{Leaf: &query.Leaf{Column: "count", Test: query.Range, Min: int64(2)}}), "000 002"},
				{query.Not(leaf("tags", query.HasAny, "q")), "000 002"}, {query.Not(leaf("tags", query.HasAll, "p", "q")), "000 002"}, {query.Not(leaf("tags", query.Empty)), "000 001"},
				{leaf("unknown", query.Empty), ""}, {query.Not(query.Is("unknown", "x")), "000 001 002"}, {query.None(), ""}, {query.Not(query.None()), "000 001 002"},
				{query.Not(query.And(query.Is("code", "x"), leaf("tags", query.HasAny, "p"))), "001 002"}, {query.Not(query.Or(query.Is("code", "x"), leaf("tags", query.HasAny, "p"))), "002"},
			} {
				r.wantsIDs(query.Find{Where: c.w}, c.want)
			}
		}},
		{"filter/ranges have closed and open ends", func(r *rig) {
			r.fill(object{"day": "2017-02-28"}, object{"day": "2017-03-01"}, object{"day": "2017-03-02"}, object{}, object{"day": "2017-02-29"})
			d := func(min, max any) query.Where {
				return query.Where{Leaf: &query.Leaf{Column: "day", Test: query.Range, Min: min, Max: max}}
			}
			first, _ := value.ParseDate("2017-03-01")
			r.wantsIDs(query.Find{Where: d(first, nil)}, "001 002")
			r.wantsIDs(query.Find{Where: d(nil, first)}, "000 001")
			r.wantsIDs(query.Find{Where: d(first, first)}, "001")
			r.wantsIDs(query.Find{Where: d(first+1, first)}, "")
			r.wantsIDs(query.Find{Where: d(nil, nil)}, "000 001 002")
		}},
		{"filter/lists", func(r *rig) {
			r.fill(object{"tags": []any{"p", "q"}}, object{"tags": []any{"q", "q", "", nil, 3.0}}, object{"tags": []any{}}, object{"tags": "p"}, object{"tags": []any{"P"}}, object{"tags": []any{nil}})
			r.wantsIDs(query.Find{Where: leaf("tags", query.HasAny, "p")}, "000")
			r.wantsIDs(query.Find{Where: leaf("tags", query.HasAny, "p", "P")}, "000 004")
			r.wantsIDs(query.Find{Where: leaf("tags", query.HasAll, "q", "q")}, "000 001")
			r.wantsIDs(query.Find{Where: leaf("tags", query.HasAll, "q", "p")}, "000")
			r.wantsIDs(query.Find{Where: leaf("tags", query.Empty)}, "002 003 005")
			r.wantsIDs(query.Find{Where: query.Not(leaf("tags", query.HasAny, "q"))}, "002 003 004 005")
		}},
		{"filter/a thousand values", func(r *rig) {
			r.fill(object{"code": "x"}, object{"code": "v777"}, object{"tags": []any{"v3"}})
			values := make([]any, 1000)
			for i := range values {
				values[i] = "v" + number(i)
			}
			values[3] = "v3"
			r.wantsIDs(query.Find{Where: query.Is("code", values...)}, "001")
			r.wantsIDs(query.Find{Where: query.Not(query.Is("code", values...))}, "000 002")
			r.wantsIDs(query.Find{Where: leaf("tags", query.HasAny, values...)}, "002")
		}},
	}
}
