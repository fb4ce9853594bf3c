package record_test

import (
	"strings"
	"testing"

	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/schemas/problem"
)

const (
	aText   = `"a":{"type":"string","x-field":{"type":"text"}}`
	bText   = `"b":{"type":"string","x-field":{"type":"text"}}`
	bNumber = `"b":{"type":"number","x-field":{"type":"number","scale":1}}`
)

func (w *world) convert(forms ...string) {
	w.t.Helper()
	for _, f := range forms {
		if err := w.RunConvert(ctx, map[string]any{"form": f}, nil, w.jobs); err != nil {
			w.t.Fatal(err)
		}
	}
}

// TestAFieldThatIsGone: its values are seen by nobody, and are there when it comes back, whatever its type is then.
func TestAFieldThatIsGone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.user("u", org.User{})
		role := `{"kind":"role","key":"r","forms":[{"form":"thing","actions":["read","update"],"fields":[{"field":"b","access":"hidden"}]}]}`
		open := `{"kind":"role","key":"r","forms":[{"form":"thing","actions":["read","update"]}]}`
		w.publishApp("lab", lab(aText+","+bText, ""), role)
		touched, untouched := w.create(admin(), "lab.thing", map[string]any{"a": "1", "b": "7"}), w.create(admin(), "lab.thing", map[string]any{"a": "2", "b": "8"})
		w.publishApp("lab", lab(aText, ""), open)
		if _, err := w.patch(admin(), touched, map[string]any{"a": "3"}); err != nil {
			t.Fatal(err)
		}
		for _, r := range []*record.Record{touched, untouched} {
			got := w.read(w.as(u, "r"), "lab.thing", r.Doc.ID)
			if d := got["data"].(map[string]any); d["b"] != nil || got["aside"] != nil {
				t.Errorf("a field that is gone shows: %v", got)
			}
		}
		plan := w.publishApp("lab", lab(aText+","+bNumber, ""), open) // under its old name, with another type
		if len(plan.Convert) != 1 {
			t.Errorf("converts %v", plan.Convert)
		}
		for _, r := range []*record.Record{touched, untouched} {
			if d := w.data(w.as(u, "r"), "lab.thing", r.Doc.ID); d["b"] != 7.0 && d["b"] != 8.0 {
				t.Errorf("back, it reads %v", d)
			}
		}
		w.convert(plan.Convert...)
		if n := w.count(admin(), "lab.thing", `{"field":"b","op":"gte","value":7}`); n != 2 {
			t.Errorf("%d records have their value back", n)
		}
		if got := w.read(admin(), "lab.thing", touched.Doc.ID); got["aside"] != nil || got["data"].(map[string]any)["a"] != "3" {
			t.Errorf("%v", got)
		}
		if plan := w.publishApp("lab", lab(aText+","+bNumber+`,"c":{"type":"string","x-field":{"type":"text"}}`, ""), open); len(plan.Convert) != 0 {
			t.Errorf("a field that is new converts %v", plan.Convert)
		}
	})
}

// TestRollbackBringsBackWhatDidNotFit: both of a type that changed and of a form that was away.
func TestRollbackBringsBackWhatDidNotFit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publish(lab(aText+","+bText, ""))
		r := w.create(admin(), "lab.thing", map[string]any{"a": "1", "b": "large"})
		w.publish(lab(aText+","+bNumber, ""))
		w.convert("lab.thing")
		w.publish(strings.Replace(lab(aText, ""), "thing", "other", 1)) // the form is away
		plan, err := w.cat.Rollback(ctx, "lab", 2, "test")
		if err != nil {
			t.Fatal(err)
		}
		w.convert(plan.Convert...)
		if plan, err = w.cat.Rollback(ctx, "lab", 1, "test"); err != nil {
			t.Fatal(err)
		}
		w.convert(plan.Convert...)
		if got := w.read(admin(), "lab.thing", r.Doc.ID); got["data"].(map[string]any)["b"] != "large" || got["aside"] != nil {
			t.Errorf("%v", got)
		}
		if n := w.count(admin(), "lab.thing", `{"field":"b","op":"eq","value":"large"}`); n != 1 {
			t.Errorf("%d found", n)
		}
	})
}

func TestAFormThatComesBackInAnotherShape(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publish(lab(aText+","+bText, ""))
		r := w.create(admin(), "lab.thing", map[string]any{"a": "1", "b": "7"})
		w.publish(strings.Replace(lab(aText, ""), "thing", "other", 1))
		if _, _, err := w.Get(ctx, admin(), "lab.thing", r.Doc.ID); problem.KindOf(err) != problem.NotFound {
			t.Errorf("a form that is away: %v", err)
		}
		plan := w.publishApp("lab", lab(bNumber, ""))
		if d := w.data(admin(), "lab.thing", r.Doc.ID); d["b"] != 7.0 || d["a"] != nil {
			t.Errorf("it reads %v", d)
		}
		w.convert(plan.Convert...)
		if n := w.count(admin(), "lab.thing", `{"field":"b","op":"eq","value":7}`); n != 1 {
			t.Errorf("%d found; converted %v", n, plan.Convert)
		}
	})
}

// TestTheRecycleBinKeepsUp: records in it are converted, and come out as they would be by now.
func TestTheRecycleBinKeepsUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		up := `"up":{"type":"string","x-field":{"type":"relation","form":"thing","onDelete":"cascade"}},"ua":{"x-field":{"type":"lookup","via":"up","field":"a"}},
			"kids":{"x-field":{"type":"rollup","form":"thing","link":"up","fn":"count"}}`
		w.publish(lab(aText+","+bText+","+up, ""))
		do := func(v record.Verb, r *record.Record) error {
			_, _, err := w.Write(ctx, admin(), &record.Intent{Verb: v, Form: "lab.thing", ID: r.Doc.ID}, record.WriteOptions{})
			return err
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		p := w.create(admin(), "lab.thing", map[string]any{"a": "parent"})
		k := w.create(admin(), "lab.thing", map[string]any{"b": "7", "up": p.Doc.ID})
		late := w.create(admin(), "lab.thing", map[string]any{"b": "8", "up": p.Doc.ID})
		must(do(record.Delete, k))
		must(do(record.Delete, late))
		w.publish(lab(aText+","+bNumber+","+up, ""))
		if _, err := w.patch(admin(), p, map[string]any{"a": "renamed"}); err != nil {
			t.Fatal(err)
		}
		must(do(record.Restore, late)) // before the conversion comes to it
		w.jobs.drain(t)
		w.convert("lab.thing")
		must(do(record.Restore, k))
		for _, src := range []string{`{"field":"b","op":"between","value":[7,8]}`, `{"field":"ua","op":"eq","value":"renamed"}`} {
			if n := w.count(admin(), "lab.thing", src); n != 2 {
				t.Errorf("%s: %d restored records", src, n)
			}
		}
		if d := w.data(admin(), "lab.thing", p.Doc.ID); d["kids"] != 2.0 {
			t.Errorf("the parent counts %v", d["kids"])
		}
		must(do(record.Delete, p)) // takes both along
		wantKind(t, do(record.Restore, k), problem.Invalid, "unknown-record")
		must(do(record.Restore, p))
		must(do(record.Restore, k))
		if d := w.data(admin(), "lab.thing", p.Doc.ID); d["kids"] != 1.0 {
			t.Errorf("the parent counts %v", d["kids"])
		}
	})
}

// TestAnOptionThatIsGoneStays: also where the record is lifted for another reason.
func TestAnOptionThatIsGoneStays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		form := func(options, b string) string {
			return lab(`"one":{"type":"string","x-field":{"type":"select","options":[`+options+`]}},"many":{"type":"array","x-field":{"type":"multiselect","options":[`+options+`]}},`+b, "")
		}
		w.publish(form(`{"value":"x"},{"value":"y"}`, bText))
		r := w.create(admin(), "lab.thing", map[string]any{"one": "x", "many": []any{"x", "y"}, "b": "1"})
		w.publish(form(`{"value":"y"}`, bNumber))
		w.convert("lab.thing")
		d := w.data(admin(), "lab.thing", r.Doc.ID)
		if many, _ := d["many"].([]any); d["one"] != "x" || len(many) != 2 || d["b"] != 1.0 {
			t.Errorf("%v", d)
		}
		if _, err := w.patch(admin(), r, map[string]any{"b": 2.0}); err != nil {
			t.Errorf("another field: %v", err)
		}
		_, err := w.patch(admin(), r, map[string]any{"many": []any{"x"}})
		wantKind(t, err, problem.Invalid, "unknown-option")
	})
}

func TestDeletesNameOnlyWhatMayBeKnown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.user("u", org.User{})
		w.publishApp("lab", lab(aText, ""), `{"kind":"form","key":"secret","schema":{"type":"object","properties":{"of":{"type":"string","x-field":{"type":"relation","form":"thing"}}}}}`,
			`{"kind":"role","key":"r","forms":[{"form":"thing","actions":["read","delete"]}]}`)
		r := w.create(admin(), "lab.thing", map[string]any{"a": "1"})
		w.create(admin(), "lab.secret", map[string]any{"of": r.Doc.ID})
		del := func(c record.Caller) error {
			_, _, err := w.Write(ctx, c, &record.Intent{Verb: record.Delete, Form: "lab.thing", ID: r.Doc.ID}, record.WriteOptions{})
			return err
		}
		wantKind(t, del(admin()), problem.Conflict, "in-use")
		err := del(w.as(u, "r"))
		if problem.KindOf(err) != problem.Conflict || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v", err)
		}
	})
}
