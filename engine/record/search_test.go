package record_test

import (
	"fmt"
	"strings"
	"testing"

	"formwork/engine/org"
	"formwork/engine/record"
)

func (w *world) search(c record.Caller, words string, limit int) []record.Found {
	w.t.Helper()
	found, partial, err := w.Search(ctx, c, words, limit)
	if err != nil || partial {
		w.t.Fatal(partial, err)
	}
	return found
}

// short writes what was found: form: title (text), ...
func short(found []record.Found) string {
	var out []string
	for _, f := range found {
		var hits []string
		for _, h := range f.Hits {
			hits = append(hits, strings.TrimSuffix(h.Title+"/"+h.Text, "/"))
		}
		s := f.Form.Key + ": " + strings.Join(hits, ", ")
		if f.More {
			s += " ..."
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func TestSearchOverAllForms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		text := `{"type":"string","x-field":{"type":"text","search":true}}`
		w.publishApp("lab",
			`{"kind":"form","key":"house","title":"House","titleField":"name","schema":{"type":"object","properties":{"name":`+text+`,"secret":`+text+`}}}`,
			`{"kind":"form","key":"guest","title":"Guest","titleField":"name","schema":{"type":"object","properties":{"name":`+text+`,"note":{"type":"string","x-field":{"type":"longtext","search":true}},
				"house":{"type":"string","x-field":{"type":"relation","form":"house"}}}}}`,
			`{"kind":"form","key":"diary","title":"Diary","titleField":"line","schema":{"type":"object","properties":{"line":`+text+`}}}`,
			`{"kind":"form","key":"dumb","title":"Dumb","schema":{"type":"object","properties":{"x":{"type":"string","x-field":{"type":"text"}}}}}`,
			`{"kind":"role","key":"porter","forms":[{"form":"house","actions":["read"],"fields":[{"field":"secret","access":"hidden"}]},
				{"form":"guest","actions":["read"],"rows":"own"}]}`)
		house := w.create(admin(), "lab.house", map[string]any{"name": "海景 villa", "secret": "trapdoor"}).Doc.ID
		w.create(admin(), "lab.guest", map[string]any{"name": "李海", "house": house})
		w.create(admin(), "lab.guest", map[string]any{"name": "Zoe", "note": strings.Repeat("很长 ", 60) + "likes 海景 rooms\n" + strings.Repeat("tail ", 60)})
		w.create(admin(), "lab.diary", map[string]any{"line": "nothing"})
		got := short(w.search(admin(), "海", 5))
		if !strings.HasPrefix(got, "guest: 李海/海景 villa, Zoe/…") || !strings.Contains(got, "likes 海景 rooms tail") || !strings.HasSuffix(got, "; house: 海景 villa") {
			t.Errorf("found %q", got)
		}
		if got := short(w.search(admin(), "海景 VILLA", 5)); got != "house: 海景 villa" {
			t.Errorf("found %q", got)
		}
		porter := w.as(w.user("p", org.User{}), "porter")
		if got := short(w.search(porter, "海", 5)); got != "house: 海景 villa" {
			t.Errorf("the porter found %q", got)
		}
		if got := short(w.search(porter, "trapdoor", 5)); got != "" {
			t.Errorf("a hidden field is searched: %q", got)
		}
		if got := short(w.search(admin(), " ", 5)); got != "" {
			t.Errorf("nothing finds %q", got)
		}
		for i := range 4 {
			w.create(admin(), "lab.diary", map[string]any{"line": fmt.Sprint("again ", i)})
		}
		if got := w.search(admin(), "again", 3); len(got) != 1 || len(got[0].Hits) != 3 || !got[0].More {
			t.Errorf("found %q", short(got))
		}
	})
}
