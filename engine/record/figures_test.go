package record_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"formwork/engine/org"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/schemas/problem"
)

// TestFiguresPerCalendarUnit: instants fall on days of the caller's zone, also where clocks change.
func TestFiguresPerCalendarUnit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publish(lab(`"at":{"type":"string","x-field":{"type":"datetime"}},"on":{"type":"string","x-field":{"type":"date"}},"n":{"type":"number","x-field":{"type":"number","scale":1}},"yes":{"type":"boolean","x-field":{"type":"switch"}}`, ""))
		for i, at := range []string{"2026-03-28T15:59:59.999Z", "2026-03-28T16:00:00Z", "2026-03-29T00:30:00Z", "2026-03-29T22:30:00Z", ""} {
			w.create(admin(), "lab.thing", map[string]any{"at": at, "on": []any{"2026-03-30", "2024-12-30", "2025-01-01", "2026-03-29", nil}[i], "n": []any{1.0, 1.0, 2.5, nil, 2.5}[i], "yes": i%2 == 0})
		}
		in := func(zone string) record.Caller {
			c := admin()
			c.Zone, _ = time.LoadLocation(zone)
			return c
		}
		for name, c := range map[string]struct {
			caller record.Caller
			ask    string
			want   []string
		}{
			"days in Shanghai":        {in("Asia/Shanghai"), `{"groupBy":[{"field":"at","unit":"day","as":"k"}]}`, []string{"<nil> 1", "2026-03-28 1", "2026-03-29 2", "2026-03-30 1"}},
			"days in Berlin":          {in("Europe/Berlin"), `{"groupBy":[{"field":"at","unit":"day","as":"k"}]}`, []string{"<nil> 1", "2026-03-28 2", "2026-03-29 1", "2026-03-30 1"}},
			"weeks in UTC":            {in("UTC"), `{"groupBy":[{"field":"on","unit":"week","as":"k"}]}`, []string{"<nil> 1", "2025-W01 2", "2026-W13 1", "2026-W14 1"}},
			"a whole day as a filter": {in("Europe/Berlin"), `{"filter":{"field":"at","op":"eq","value":"2026-03-29"},"groupBy":[{"field":"at","unit":"month","as":"k"}]}`, []string{"2026-03 1"}},
			"by number":               {in("UTC"), `{"groupBy":[{"field":"n","as":"k"}]}`, []string{"<nil> 1", "1 2", "2.5 2"}},
			"by yes and no":           {in("UTC"), `{"groupBy":[{"field":"yes","as":"k"}],"having":{"field":"k","op":"eq","value":true}}`, []string{"true 3"}},
			"the first day":           {in("UTC"), `{"groupBy":[{"field":"yes","as":"k"}],"measures":[{"fn":"count"},{"fn":"min","field":"on","as":"first"}],"having":{"field":"first","op":"lt","value":"2025-01-01"}}`, []string{"false 2"}},
			"none":                    {in("UTC"), `{"filter":{"field":"on","op":"between","value":["2026-12-31","2020-01-01"]},"groupBy":[{"field":"on","unit":"year","as":"k"}]}`, nil},
		} {
			ans, err := w.Aggregate(ctx, c.caller, "lab.thing", ask(t, c.ask))
			var got []string
			for _, r := range ans.Rows {
				got = append(got, fmt.Sprint(r["k"], " ", r["count"]))
			}
			if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%s: %v, want %v; %v", name, got, c.want, err)
			}
		}
		w.create(admin(), "lab.thing", map[string]any{"on": "0001-01-01"})
		_, err := w.Aggregate(ctx, admin(), "lab.thing", ask(t, `{"groupBy":[{"field":"on","unit":"day"}]}`))
		wantKind(t, err, problem.Invalid, "too-many-groups")
	})
}

// TestFiguresUnderMergedGroups: what several records of a path have is counted once, and empty titles are no labels.
func TestFiguresUnderMergedGroups(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		up := `{"kind":"form","key":"up","titleField":"name","schema":{"type":"object","properties":{"name":{"type":"string","x-field":{"type":"text"}},"kind":{"type":"string","x-field":{"type":"text"}}}}}`
		down := `{"kind":"form","key":"down","schema":{"type":"object","properties":{"up":{"type":"string","x-field":{"type":"relation","form":"up"}},"n":{"type":"number","x-field":{"type":"number","scale":2}},"on":{"type":"string","x-field":{"type":"date"}}}}}`
		w.publishApp("lab", up, down, `{"kind":"role","key":"r","forms":[{"form":"down","actions":["read"]}]}`)
		a, b, c := w.create(admin(), "lab.up", map[string]any{"kind": "x"}), w.create(admin(), "lab.up", map[string]any{"kind": "x", "name": "B"}), w.create(admin(), "lab.up", nil)
		for i, u := range []*record.Record{a, b, b, c, nil} {
			d := map[string]any{"n": []float64{1.25, 1.25, 2, 7, 9}[i], "on": fmt.Sprintf("2026-01-%02d", i+1)}
			if u != nil {
				d["up"] = u.Doc.ID
			}
			w.create(admin(), "lab.down", d)
		}
		ans, err := w.Aggregate(ctx, admin(), "lab.down", ask(t, `{"groupBy":[{"field":"up.kind","as":"k"}],"measures":[{"fn":"distinct","field":"n","as":"d"},{"fn":"max","field":"on","as":"last"},{"fn":"avg","field":"n","as":"avg"}],"sort":["-last"]}`))
		if err != nil || len(ans.Rows) != 2 || ans.Rows[0]["k"] != nil || ans.Rows[0]["d"] != int64(2) || ans.Rows[1]["d"] != int64(2) || ans.Rows[1]["last"] != "2026-01-03" || fmt.Sprint(ans.Rows[1]["avg"]) != "1.5" {
			t.Errorf("%v %v", ans.Rows, err)
		}
		ans, err = w.Aggregate(ctx, admin(), "lab.down", ask(t, `{"groupBy":["up"]}`))
		if l := ans.Labels["up"]; err != nil || len(l) != 1 || l[b.Doc.ID] != "B" {
			t.Errorf("labels %v %v", l, err)
		}
		// Who may not read the related form learns neither its fields nor its values.
		u := w.as(w.user("u", org.User{}), "r")
		first := ""
		for _, k := range []string{"up.kind", "up.none"} {
			_, err := w.Aggregate(ctx, u, "lab.down", ask(t, `{"groupBy":["`+k+`"]}`))
			_, err2 := w.Query(ctx, u, "lab.down", record.Query{Filter: filter(t, `{"field":"`+k+`","op":"empty"}`)})
			got := fmt.Sprint(len(problem.Of(err)), problem.Of(err)[0].Code, problem.Of(err2)[0].Code, problem.Of(err)[0].Params["suggestion"])
			if first == "" {
				first = got
			}
			if got != first {
				t.Errorf("%s: %s, not as %s", k, got, first)
			}
		}
	})
}

// TestRollupsUnderConcurrentWrites: whoever writes at once, the parent counts every child.
func TestRollupsUnderConcurrentWrites(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publish(partsForm)
		p, q := w.create(admin(), "lab.part", part("p")), w.create(admin(), "lab.part", part("q"))
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for j := range 4 {
					k, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Create, Form: "lab.part", Data: part(fmt.Sprint(i, "-", j), "whole", p.Doc.ID)}, record.WriteOptions{})
					if err == nil && j%2 == 0 {
						_, err = w.patch(admin(), k, map[string]any{"whole": q.Doc.ID})
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		for _, r := range []*record.Record{p, q} {
			if d := w.data(admin(), "lab.part", r.Doc.ID); d["parts"] != 16.0 {
				t.Errorf("%v counts %v", d["name"], d["parts"])
			}
		}
	})
}

// TestFiguresOfASearch: words narrow figures as they narrow a list, and reach only what the caller may search.
func TestFiguresOfASearch(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publish(lab(`"name":{"type":"string","x-field":{"type":"text","search":true}},"n":{"type":"number","x-field":{"type":"number"}}`, ""))
		for i, name := range []string{"华为终端", "华为云", "海尔"} {
			w.create(admin(), "lab.thing", map[string]any{"name": name, "n": float64(i + 1)})
		}
		for words, want := range map[string]string{"华为": "2 3", "hw 云": "1 2", "": "3 6", "没有": "0 0"} {
			ans, err := w.Aggregate(ctx, admin(), "lab.thing", ask(t, fmt.Sprintf(`{"search":%q,"measures":[{"fn":"count"},{"fn":"sum","field":"n","as":"sum"}]}`, words)))
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(ans.Rows[0]["count"], " ", ans.Rows[0]["sum"]); got != want {
				t.Errorf("%q: %s, want %s", words, got, want)
			}
		}
		if _, ps := query.ParseAsk(map[string]any{"search": 1.0}, ""); len(ps) != 1 || ps[0].Pointer != "/search" {
			t.Errorf("a number to search for: %v", ps)
		}
	})
}
