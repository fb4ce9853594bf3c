package storetest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/value"
)

// content: what goes in comes out, byte by byte, and is found by exactly what it is.
func content() []promise {
	return []promise{
		{"content/values of every shape", func(r *rig) {
			deep := any("bottom")
			for i := range 60 {
				if i%2 == 0 {
					deep = []any{deep, 1.0}
				} else {
					deep = object{"in": deep}
				}
			}
			wide := object{}
			for i := range 2000 {
				wide["k"+number(i)] = float64(i)
			}
			for i, tree := range []object{
				{}, {"name": nil}, {"a": []any{}, "b": object{}, "c": ""}, {"a": []any{nil, []any{nil}, object{"x": nil}}},
				{"n": []any{0.1, 1e15, -0.05, 9007199254740991.0, -9007199254740991.0, 1e-7, 1e21, 1e300, 5e-324, 1.7976931348623157e308, 0.0, -1.5, 123456789.123456789}},
				{"b": []any{true, false, "true", "1", 1.0}},
				{"deep": deep}, wide, {"megabyte": strings.Repeat("字\x00é", 1<<17)}, {"list": make([]any, 5000)},
				{"id": "x", "_id": "y", "version": 9.0, "deleted": true, "json": "{}"},
			} {
				want := string(value.AppendJSON(nil, tree))
				r.must(r.insert(number(i), tree))
				r.wantsJSON(number(i), want)
				r.must(r.change(number(i), func(d *store.Doc) *store.Doc { return store.New(d.ID, d.Tree()) }))
				r.wantsJSON(number(i), want)
			}
		}},
		{"content/keys of every kind", func(r *rig) {
			keys := []string{"", ".", "a.b", "a.b.c", "$", "$where", "$a.$b", "_id", "__proto__", "\x00", "a\x00b", "a b", "'", "\"", "\\", "[0]", "é", "华为", "😀", "\u2028", strings.Repeat("k", 2000)}
			flat, nested := object{}, any("end")
			for _, k := range keys {
				flat[k] = k
				nested = object{k: nested}
			}
			r.must(r.insert("flat", flat))
			r.must(r.insert("nested", object{"in": nested}))
			r.wantsJSON("flat", string(value.AppendJSON(nil, flat)))
			r.wantsJSON("nested", string(value.AppendJSON(nil, object{"in": nested})))
		}},
		{"content/hostile text is kept and found exactly", func(r *rig) { r.hostile(append(texts, naughty()...)) }},
	}
}

// hostile stores every text and looks for it in each way there is.
func (r *rig) hostile(list []string) {
	r.must(r.update(func(tx store.Tx) error {
		for i, s := range list {
			if err := tx.Insert(r.ctx, r.name, store.New(number(i), object{"name": s, "code": s, "note": s, "tags": []any{s, "x" + s}})); err != nil {
				return err
			}
		}
		return nil
	}))
	folded, initials := make([]string, len(list)), make([]string, len(list))
	for i, s := range list {
		folded[i], initials[i] = value.Fold(s), value.Initials(s)
	}
	r.view(func(x store.Reader) {
		find := func(w query.Where, matches func(i int) bool) {
			docs, err := store.All(r.ctx, x, r.name, query.Find{Where: w})
			if err != nil {
				r.Fatalf("%s: %v", spellWhere(w), err)
			}
			var want []string
			for i := range list {
				if matches(i) {
					want = append(want, number(i))
				}
			}
			if got := joined(docs); got != strings.Join(want, " ") {
				r.Fatalf("%s finds %q, want %q", spellWhere(w), got, want)
			}
		}
		for i, s := range list {
			d, err := x.Get(r.ctx, r.name, number(i))
			r.must(err)
			want := string(value.AppendJSON(nil, object{"name": s, "code": s, "note": s, "tags": []any{s, "x" + s}}))
			if string(d.JSON()) != want || d.Tree()["name"] != s {
				r.Fatalf("text %+q came back as %+q", clip(s), clip(string(d.JSON())))
			}
			if s != "" {
				find(query.Is("code", s), func(k int) bool { return list[k] == s })
				find(query.Is("name", s), func(k int) bool { return list[k] == s })
				find(leaf("tags", query.HasAny, s), func(k int) bool { return list[k] == s || "x"+list[k] == s })
			}
			if f := folded[i]; f != "" && (i < len(texts) || i%8 == 0) {
				find(leaf("name", query.Contains, f), func(k int) bool { return strings.Contains(folded[k], f) })
				find(leaf("name", query.StartsWith, f), func(k int) bool { return strings.HasPrefix(folded[k], f) })
				find(search(f, "note"), func(k int) bool { return strings.Contains(folded[k], f) || strings.Contains(initials[k], f) })
			}
		}
	})
}

// naughty is the Big List of Naughty Strings where the shared data are at hand, else nothing.
func naughty() (list []string) {
	dir := os.Getenv("FORMWORK_SHARED")
	if dir == "" {
		here, err := os.Getwd()
		for ; err == nil && dir == ""; here = filepath.Dir(here) {
			if _, e := os.Stat(filepath.Join(here, "shared", "data")); e == nil {
				dir = filepath.Join(here, "shared")
			}
			if here == filepath.Dir(here) {
				break
			}
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "data", "security", "blns.json"))
	if err != nil || json.Unmarshal(b, &list) != nil {
		return nil
	}
	return list
}
