package personal_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"formwork/engine"
	"formwork/engine/org"
	"formwork/engine/personal"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/store/mongo"
	"formwork/engine/store/sqlite"
	"formwork/engine/store/storetest"
	"formwork/engine/store/storetest/mongoserver"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

var ctx = context.Background()

type world struct {
	*testing.T
	*personal.Personal
	e *engine.Engine
}

// each runs a test on every store, with an app whose clerks may not know costs.
func each(t *testing.T, fn func(w *world)) {
	run := func(name string, open func(t *testing.T) store.Store) {
		t.Run(name, func(t *testing.T) {
			e, err := engine.Open(ctx, open(t), engine.Options{Templates: fstest.MapFS{}})
			if err != nil {
				t.Fatal(err)
			}
			w := &world{t, e.Personal, e}
			w.publish(`{"kind":"app","key":"app","title":"App"}`, `{"kind":"form","key":"part","title":"Part","titleField":"name","schema":{"type":"object","properties":{
				"name":{"type":"string","x-field":{"type":"text"}},"cost":{"type":"number","x-field":{"type":"number"}},"size":{"type":"string","x-field":{"type":"select","options":[{"value":"s"}]}}}}}`,
				`{"kind":"role","key":"clerk","members":{"default":true},"forms":[{"form":"part","actions":["read","create"],"fields":[{"field":"cost","access":"hidden"}]}]}`,
				`{"kind":"role","key":"boss","admin":true}`)
			fn(w)
		})
	}
	run("memory", func(*testing.T) store.Store { return storetest.NewMemory() })
	run("sqlite", func(t *testing.T) store.Store {
		st, err := sqlite.Open(ctx, sqlite.Options{Path: t.TempDir() + "/test.db"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		return st
	})
	run("mongo", func(t *testing.T) store.Store {
		st, err := mongo.Open(ctx, mongo.Options{URI: mongoserver.SharedDatabase(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		return st
	})
}

func (w *world) publish(definitions ...string) {
	w.Helper()
	for _, d := range definitions {
		h, err := definition.Peek([]byte(d))
		if err != nil {
			w.Fatal(err)
		}
		if err := w.e.Catalog.Put(ctx, "app", h.Kind, h.Key, []byte(d), "test"); err != nil {
			w.Fatal(err)
		}
	}
	if _, _, err := w.e.Publish(ctx, "app", "test", "", nil); err != nil {
		w.Fatal(err)
	}
}

func (w *world) user(login string, roles ...string) record.Caller {
	w.Helper()
	u, err := w.e.Org.CreateUser(ctx, org.User{Login: login, Active: true, Roles: map[string][]string{"app": roles}})
	if err != nil {
		w.Fatal(err)
	}
	return w.e.Caller(u.ID, "test")
}

func (w *world) add(c record.Caller, members map[string]any) personal.View {
	w.Helper()
	v, err := w.AddView(ctx, c, "app.part", members)
	if err != nil {
		w.Fatal(err)
	}
	return v
}

func (w *world) titles(c record.Caller) (out []string) {
	w.Helper()
	list, err := w.Views(ctx, c, "app.part")
	if err != nil {
		w.Fatal(err)
	}
	for _, v := range list {
		out = append(out, v.Title)
	}
	return out
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if l := problem.Of(err); len(l) == 0 || l[0].Code != code {
		t.Errorf("error %v, want %s", err, code)
	}
}

type m = map[string]any

func TestViewsAreTheirOwners(t *testing.T) {
	each(t, func(w *world) {
		ann, bob, boss := w.user("ann"), w.user("bob"), w.user("boss", "boss")
		mine := w.add(ann, m{"title": " 小件 ", "type": "kanban", "fields": []any{"name", "size"}, "widths": m{"name": 200.0}, "sort": []any{"-updatedAt"},
			"filter": m{"field": "size", "op": "eq", "value": "s"}, "groupBy": "size", "summaries": []any{m{"field": "name", "fn": "count"}}})
		if mine.Title != "小件" || !mine.Mine || !mine.Editable || mine.Rev != 1 || mine.Widths["name"] != 200 || mine.Summaries[0].Fn != "count" {
			w.Errorf("%+v", mine)
		}
		_, err := w.AddView(ctx, ann, "app.part", m{"title": "x", "shared": true})
		wantCode(w.T, err, "share-needs-admin")
		shared := w.add(boss, m{"title": "all", "shared": true, "fields": []any{"name", "cost"}, "sort": []any{"-cost"}, "widths": m{"cost": 90.0}})
		dear := w.add(boss, m{"title": "dear", "shared": true, "filter": m{"field": "cost", "op": "gt", "value": 5.0}})
		if got := w.titles(ann); !slices.Equal(got, []string{"all", "dear", "小件"}) {
			w.Errorf("ann sees %q", got)
		}
		if got := w.titles(bob); !slices.Equal(got, []string{"all", "dear"}) {
			w.Errorf("bob sees %q", got)
		}
		list, _ := w.Views(ctx, bob, "app.part")
		if v := list[0]; !slices.Equal(v.Fields, []string{"name"}) || len(v.Sort) != 0 || len(v.Widths) != 0 || v.Mine || v.Editable {
			w.Errorf("hidden fields show: %+v", v)
		}
		if v := list[1]; v.Filter != nil || len(v.Problems) == 0 || strings.Contains(fmt.Sprint(v.Problems), "cost") {
			w.Errorf("a hidden field shows in a filter: %+v", v)
		}
		_, err = w.ChangeView(ctx, bob, "app.part", mine.ID, 0, m{"title": "his"})
		wantCode(w.T, err, "not-found")
		_, err = w.ChangeView(ctx, bob, "app.part", shared.ID, 0, m{"title": "his"})
		wantCode(w.T, err, "forbidden")
		wantCode(w.T, w.RemoveView(ctx, bob, "app.part", shared.ID), "forbidden")
		changed, err := w.ChangeView(ctx, ann, "app.part", mine.ID, 1, m{"filter": nil, "groupBy": nil, "fields": []any{"name"}})
		if err != nil || changed.Filter != nil || changed.GroupBy != "" || changed.Title != "小件" || changed.Rev != 2 || changed.Type != "kanban" {
			w.Errorf("%+v %v", changed, err)
		}
		_, err = w.ChangeView(ctx, ann, "app.part", mine.ID, 1, m{"title": "late"})
		wantCode(w.T, err, "stale")
		if _, err := w.ChangeView(ctx, boss, "app.part", dear.ID, 0, m{"shared": false}); err != nil {
			w.Error(err)
		}
		if err := w.RemoveView(ctx, ann, "app.part", mine.ID); err != nil {
			w.Error(err)
		}
		if got := w.titles(ann); !slices.Equal(got, []string{"all"}) {
			w.Errorf("ann sees %q", got)
		}
	})
}

func TestWrongViewsAreRefused(t *testing.T) {
	each(t, func(w *world) {
		ann := w.user("ann")
		for pointer, members := range map[string]m{
			"/title": {"title": " "}, "/type": {"title": "x", "type": "globe"}, "/fields/0": {"title": "x", "fields": []any{"cost"}},
			"/fields": {"title": "x", "fields": "name"}, "/sort/0": {"title": "x", "sort": []any{"-cost"}}, "/filter/field": {"title": "x", "filter": m{"field": "cost", "op": "gt", "value": 1.0}},
			"/filter/value": {"title": "x", "filter": m{"field": "updatedAt", "op": "gt", "value": "soon"}}, "/widths/name": {"title": "x", "widths": m{"name": 1.0}},
			"/groupBy": {"title": "x", "groupBy": "colour"}, "/summaries/0/fn": {"title": "x", "summaries": []any{m{"field": "name", "fn": "guess"}}},
			"/titel": {"title": "x", "titel": "y"}, "/shared": {"title": "x", "shared": "yes"},
		} {
			_, err := w.AddView(ctx, ann, "app.part", members)
			if l := problem.Of(err); len(l) == 0 || l[0].Pointer != pointer {
				w.Errorf("%v: %v, want a problem at %s", members, l, pointer)
			}
		}
		_, err := w.AddView(ctx, ann, "app.part", m{"title": strings.Repeat("長", personal.MaxTitle+1)})
		wantCode(w.T, err, "max-length")
		_, err = w.AddView(ctx, w.e.Caller("nobody", "test"), "app.part", m{"title": "x"})
		wantCode(w.T, err, "not-found")
		for range personal.MaxViews {
			w.add(ann, m{"title": "x"})
		}
		_, err = w.AddView(ctx, ann, "app.part", m{"title": "one more"})
		wantCode(w.T, err, "too-many-views")
	})
}

// A view outlives the fields that it names.
func TestAViewOfAFieldThatIsGone(t *testing.T) {
	each(t, func(w *world) {
		boss := w.user("boss", "boss")
		v := w.add(boss, m{"title": "x", "fields": []any{"name", "size"}, "groupBy": "size", "sort": []any{"size", "name"}, "filter": m{"field": "size", "op": "eq", "value": "s"}})
		w.publish(`{"kind":"form","key":"part","title":"Part","titleField":"name","schema":{"type":"object","properties":{
			"name":{"type":"string","x-field":{"type":"text"}},"cost":{"type":"number","x-field":{"type":"number"}}}}}`)
		boss = w.e.Caller(boss.User, "test")
		list, err := w.Views(ctx, boss, "app.part")
		if err != nil || len(list) != 1 || !slices.Equal(list[0].Fields, []string{"name"}) || list[0].GroupBy != "" || !slices.Equal(list[0].Sort, []string{"name"}) ||
			len(list[0].Problems) != 1 || list[0].Problems[0].Pointer != "/filter/field" {
			w.Errorf("%+v %v", list, err)
		}
		_, err = w.ChangeView(ctx, boss, "app.part", v.ID, 0, m{"title": "y"})
		wantCode(w.T, err, "unknown-field")
		if _, err = w.ChangeView(ctx, boss, "app.part", v.ID, 0, m{"filter": nil, "fields": nil, "groupBy": nil, "sort": nil}); err != nil {
			w.Error(err)
		}
	})
}

func TestPreferencesMerge(t *testing.T) {
	each(t, func(w *world) {
		if got, err := w.Preferences(ctx, "u"); err != nil || len(got) != 0 {
			w.Errorf("%v %v", got, err)
		}
		prefer := func(patch m) m {
			w.Helper()
			got, err := w.Prefer(ctx, "u", patch)
			if err != nil {
				w.Fatal(err)
			}
			return got
		}
		prefer(m{"theme": "dark", "side": m{"open": true, "width": 224.0}, "recent": []any{"a", "b"}})
		got := prefer(m{"theme": nil, "side": m{"width": 56.0}, "recent": []any{"c"}})
		if fmt.Sprint(got) != "map[recent:[c] side:map[open:true width:56]]" {
			w.Errorf("%v", got)
		}
		_, err := w.Prefer(ctx, "u", m{"big": strings.Repeat("x", personal.MaxPreferences)})
		wantCode(w.T, err, "too-large")
		if other, _ := w.Preferences(ctx, "v"); len(other) != 0 {
			w.Errorf("another user has %v", other)
		}
		var wait sync.WaitGroup
		for i := range 8 { // from several windows at once
			wait.Go(func() {
				for {
					if _, err := w.Prefer(ctx, "u", m{fmt.Sprint("k", i): true}); err == nil {
						return
					} else if problem.KindOf(err) != "" {
						w.Error(err)
						return
					}
				}
			})
		}
		wait.Wait()
		if got, _ := w.Preferences(ctx, "u"); len(got) != 10 {
			w.Errorf("a change is lost: %v", got)
		}
	})
}

func TestFavourites(t *testing.T) {
	each(t, func(w *world) {
		ann, admin := w.user("ann"), w.user("boss", "boss")
		create := func(name string) string {
			r, _, err := w.e.Records.Write(ctx, admin, &record.Intent{Verb: record.Create, Form: "app.part", Data: m{"name": name}}, record.WriteOptions{})
			if err != nil {
				w.Fatal(err)
			}
			return r.Doc.ID
		}
		a, b := create("轴承"), create("bolt")
		for _, id := range []string{a, b, a} {
			if err := w.Mark(ctx, ann, "app.part", id); err != nil {
				w.Fatal(err)
			}
		}
		list, err := w.Favourites(ctx, ann)
		if err != nil || len(list) != 2 || !slices.ContainsFunc(list, func(f personal.Favourite) bool { return f.ID == a && f.Title == "轴承" && f.Form == "app.part" }) {
			w.Errorf("%+v %v", list, err)
		}
		wantCode(w.T, w.Mark(ctx, ann, "app.part", "000000000000000000000000"), "not-found")
		wantCode(w.T, w.Mark(ctx, ann, "app.nothing", a), "not-found")
		if list, _ := w.Favourites(ctx, admin); len(list) != 0 {
			w.Errorf("another user has %v", list)
		}
		if _, _, err := w.e.Records.Write(ctx, admin, &record.Intent{Verb: record.Delete, Form: "app.part", ID: b}, record.WriteOptions{}); err != nil {
			w.Fatal(err)
		}
		if list, _ := w.Favourites(ctx, ann); len(list) != 1 {
			w.Errorf("a record in the recycle bin shows: %v", list)
		}
		for range 2 {
			if err := w.Unmark(ctx, ann.User, "app.part", a); err != nil {
				w.Error(err)
			}
		}
		if list, _ := w.Favourites(ctx, ann); len(list) != 0 {
			w.Errorf("left behind: %v", list)
		}
	})
}
