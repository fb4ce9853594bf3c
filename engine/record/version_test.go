package record_test

import (
	"fmt"
	"strings"
	"testing"

	"formwork/engine/catalog"
	"formwork/engine/record"
	"formwork/schemas/problem"
)

func lab(properties, rest string) string {
	return `{"kind":"form","key":"thing","title":"Thing","schema":{"type":"object","properties":{` + properties + `}}` + rest + `}`
}

func TestATypeChangeMovesAsideWhatDoesNotFit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publish(lab(`"size":{"type":"string","x-field":{"type":"text"}},"note":{"type":"string","x-field":{"type":"text"}}`, ""))
		good := w.create(admin(), "lab.thing", map[string]any{"size": "12.5", "note": "old"})
		bad := w.create(admin(), "lab.thing", map[string]any{"size": "large"})
		w.publish(lab(`"size":{"type":"number","x-field":{"type":"number","scale":1}},"double":{"type":"number","x-field":{"type":"formula","expr":"size * 2","scale":1}}`, ""))
		if got := w.data(admin(), "lab.thing", good.Doc.ID); got["size"] != 12.5 || got["note"] != nil {
			t.Errorf("before conversion it reads %v", got)
		}
		if err := w.RunConvert(ctx, map[string]any{"form": "lab.thing"}, nil, w.jobs); err != nil {
			t.Fatal(err)
		}
		if n := w.count(admin(), "lab.thing", `{"field":"double","op":"eq","value":25}`); n != 1 {
			t.Errorf("%d records have the computed value", n)
		}
		got := w.read(admin(), "lab.thing", bad.Doc.ID)
		if aside, _ := got["aside"].(map[string]any); aside["size"] != "large" || got["data"].(map[string]any)["size"] != nil {
			t.Errorf("what does not fit: %v", got)
		}
		if got["rev"] != 1.0 {
			t.Errorf("conversion counted as a write: rev %v", got["rev"])
		}
		if _, err := w.patch(admin(), bad, map[string]any{"size": 3.0}); err != nil {
			t.Error(err)
		}
		if _, err := w.cat.Rollback(ctx, "lab", 1, "test"); err != nil {
			t.Fatal(err)
		}
		if got := w.data(admin(), "lab.thing", good.Doc.ID); got["note"] != "old" {
			t.Errorf("after rollback the removed field reads %v", got["note"])
		}
	})
}

func TestAMisspeltFieldIsRefusedWithLineColumnAndSuggestion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.cat.PublishSources(ctx, "t", "", map[string]catalog.Sources{"lab": {
			"app/lab": `{"kind":"app","key":"lab","title":"Lab"}`,
			"form/thing": lab(`"lines":{"type":"array","items":{"type":"object","properties":{"qty":{"type":"number"}}},"x-field":{"type":"table"}},
			"total":{"type":"number","x-field":{"type":"formula","expr":"1 +\nsum(lines, .qtty)"}}`, "")}})
		p := problem.Of(err)
		if len(p) != 1 || p[0].Pointer != "/lab/form/thing/schema/properties/total/x-field/expr" || p[0].Params["line"] != 2 || p[0].Params["suggestion"] != "qty" {
			t.Errorf("problems: %v", err)
		}
		if len(w.cat.Snapshot().Apps) != 0 {
			t.Error("it was published all the same")
		}
	})
}

func TestOldProblemsDoNotBlockOtherFields(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publish(lab(`"a":{"type":"string","x-field":{"type":"text"}},"b":{"type":"string","x-field":{"type":"text"}}`, ""))
		r := w.create(admin(), "lab.thing", map[string]any{"a": "much too long"})
		w.publish(lab(`"a":{"type":"string","maxLength":3,"x-field":{"type":"text"}},"b":{"type":"string","x-field":{"type":"text"}}`, ""))
		_, warnings, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Update, Form: "lab.thing", ID: r.Doc.ID, Data: map[string]any{"b": "x"}}, record.WriteOptions{})
		if err != nil || len(warnings) != 1 || warnings[0].Pointer != "/data/a" {
			t.Errorf("touching another field: %v %v", warnings, err)
		}
		_, err = w.patch(admin(), r, map[string]any{"a": "still long"})
		wantKind(t, err, problem.Invalid, "max-length")
	})
}

func TestRollupsOfEveryKindStayExact(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		form := func(key, props string) string {
			return `{"kind":"form","key":"` + key + `","title":"` + key + `","schema":{"type":"object","properties":{` + props + `}}}`
		}
		roll := func(fn string) string {
			return fmt.Sprintf(`"%s":{"type":"number","x-field":{"type":"rollup","form":"child","link":"up","fn":"%s","field":"n","filter":{"field":"on","op":"eq","value":true}}}`, fn+"N", fn)
		}
		parent := form("parent", strings.Join([]string{roll("sum"), roll("min"), roll("max"), roll("avg"),
			`"countN":{"type":"number","x-field":{"type":"rollup","form":"child","link":"up","fn":"count"}}`,
			`"twice":{"type":"number","x-field":{"type":"formula","expr":"sumN * 2","scale":2}}`}, ","))
		child := form("child", `"up":{"type":"string","x-field":{"type":"relation","form":"parent","onDelete":"unlink"}},"n":{"type":"number","x-field":{"type":"number","scale":2}},"on":{"type":"boolean","x-field":{"type":"switch"}}`)
		_, err := w.cat.PublishSources(ctx, "t", "", map[string]catalog.Sources{"lab": {"app/lab": `{"kind":"app","key":"lab","title":"Lab"}`, "form/parent": parent, "form/child": child}})
		if err != nil {
			t.Fatal(err)
		}
		p, q := w.create(admin(), "lab.parent", nil), w.create(admin(), "lab.parent", nil)
		var kids []*record.Record
		for _, n := range []float64{0.1, 0.2, 0.7, -3} {
			kids = append(kids, w.create(admin(), "lab.child", map[string]any{"up": p.Doc.ID, "n": n, "on": n != 0.7}))
		}
		want := func(id string, vals map[string]any) {
			t.Helper()
			got := w.data(admin(), "lab.parent", id)
			for k, v := range vals {
				if got[k] != v {
					t.Errorf("%s is %v, want %v", k, got[k], v)
				}
			}
		}
		want(p.Doc.ID, map[string]any{"countN": 4.0, "sumN": -2.7, "minN": -3.0, "maxN": 0.2, "avgN": -0.9, "twice": -5.4})
		if _, err := w.patch(admin(), kids[3], map[string]any{"up": q.Doc.ID}); err != nil { // the minimum leaves
			t.Fatal(err)
		}
		want(p.Doc.ID, map[string]any{"countN": 3.0, "sumN": 0.3, "minN": 0.1, "maxN": 0.2, "avgN": 0.15, "twice": 0.6})
		want(q.Doc.ID, map[string]any{"countN": 1.0, "sumN": -3.0, "minN": -3.0, "maxN": -3.0})
		if err := w.RunConvert(ctx, map[string]any{"form": "lab.parent"}, nil, w.jobs); err != nil { // a rebuild agrees
			t.Fatal(err)
		}
		want(p.Doc.ID, map[string]any{"countN": 3.0, "sumN": 0.3, "minN": 0.1, "maxN": 0.2, "avgN": 0.15, "twice": 0.6})
		if _, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Delete, Form: "lab.parent", ID: q.Doc.ID}, record.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		if got := w.data(admin(), "lab.child", kids[3].Doc.ID)["up"]; got != nil {
			t.Errorf("the unlinked child still points to %v", got)
		}
	})
}
