package record_test

import (
	"fmt"
	"strings"
	"testing"

	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/schemas/problem"
)

const bill = `{"kind":"form","key":"bill","title":"Bill","schema":{"type":"object","properties":{
	"lines":{"type":"array","items":{"type":"object","required":["qty"],"properties":{
		"gross":{"type":"number","x-field":{"type":"formula","expr":"net * 1.25","scale":2,"result":"currency","currency":"CNY"}},
		"qty":{"type":"number","x-field":{"type":"number","scale":1}},"price":{"type":"number","x-field":{"type":"currency","scale":2}},
		"net":{"type":"number","x-field":{"type":"formula","expr":"qty * price","scale":2}},
		"each":{"type":"number","x-field":{"type":"formula","expr":"net / qty","scale":2}}}},"x-field":{"type":"table"}},
	"total":{"type":"number","x-field":{"type":"formula","expr":"sum(lines, .gross)","scale":2}}}}}`

// cellsOf writes the rows of a bill short.
func cellsOf(d map[string]any) string {
	var out []string
	rows, _ := d["lines"].([]any)
	for _, r := range rows {
		m := r.(map[string]any)
		out = append(out, fmt.Sprint(m["qty"], " ", m["net"], " ", m["gross"], " ", m["each"]))
	}
	return strings.Join(out, "; ")
}

func TestColumnsThatCompute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", bill)
		r := w.create(admin(), "lab.bill", map[string]any{"lines": []any{
			map[string]any{"qty": 2.0, "price": 10.0, "net": 999.0}, // what a client says of a computed column does not count
			map[string]any{"qty": 0.0, "price": 5.0},
		}})
		if got := cellsOf(r.Data()); got != "2 20 25 10; 0 0 0 <nil>" || r.Data()["total"] != 25.0 {
			t.Errorf("%s, in all %v", got, r.Data()["total"])
		}
		rows := r.Data()["lines"].([]any)
		same, err := w.patch(admin(), r, map[string]any{"lines": rows})
		if err != nil || same.Rev() != r.Rev() {
			t.Errorf("sending back what was read changed it: %v", err)
		}
		second := rows[1].(map[string]any)
		r, err = w.patch(admin(), r, map[string]any{"lines": []any{rows[0], map[string]any{"_id": second["_id"], "qty": 3.0, "price": 1.5}}})
		if err != nil || cellsOf(r.Data()) != "2 20 25 10; 3 4.5 5.63 1.5" || r.Data()["total"] != 30.63 {
			t.Errorf("%s, in all %v: %v", cellsOf(r.Data()), r.Data()["total"], err)
		}
		_, _, err = w.Write(ctx, admin(), &record.Intent{Verb: record.Create, Form: "lab.bill", Data: map[string]any{"lines": []any{map[string]any{"price": 1.0}}}}, record.WriteOptions{})
		wantKind(t, err, problem.Invalid, "required")
		// Another formula: what is stored is computed anew.
		plan := w.publishApp("lab", strings.Replace(bill, "net * 1.25", "net * 2", 1))
		w.convert(plan.Convert...)
		if d := w.data(admin(), "lab.bill", r.Doc.ID); cellsOf(d) != "2 20 40 10; 3 4.5 9 1.5" || d["total"] != 49.0 {
			t.Errorf("after the formula changed: %s, in all %v", cellsOf(d), d["total"])
		}
	})
}

// TestRowsPointToWhatIsThere: and to nothing that the caller may not see.
func TestRowsPointToWhatIsThere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab",
			`{"kind":"form","key":"good","title":"Good","titleField":"name","schema":{"type":"object","properties":{"name":{"type":"string","x-field":{"type":"text"}}}}}`,
			`{"kind":"form","key":"order","title":"Order","schema":{"type":"object","properties":{"lines":{"type":"array","items":{"type":"object","properties":{
				"good":{"type":"string","x-field":{"type":"relation","form":"good"}},"by":{"type":"string","x-field":{"type":"user"}},"n":{"type":"number"}}},"x-field":{"type":"table"}}}}}`,
			`{"kind":"role","key":"r","forms":[{"form":"order","actions":["read","create","update"]}]}`)
		u := w.user("u", org.User{})
		poor := w.as(u, "r")
		good := w.create(admin(), "lab.good", map[string]any{"name": "螺丝"})
		line := func(data map[string]any) map[string]any { return map[string]any{"lines": []any{data}} }
		for pointer, data := range map[string]map[string]any{
			"/data/lines/0/good": {"good": "000000000000000000000000"}, "/data/lines/0/by": {"by": "000000000000000000000000"},
		} {
			_, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Create, Form: "lab.order", Data: line(data)}, record.WriteOptions{})
			if l := problem.Of(err); len(l) != 1 || l[0].Pointer != pointer {
				t.Errorf("%v: %v", data, err)
			}
		}
		_, _, err := w.Write(ctx, poor, &record.Intent{Verb: record.Create, Form: "lab.order", Data: line(map[string]any{"good": good.Doc.ID})}, record.WriteOptions{})
		wantKind(t, err, problem.Invalid, "unknown-record") // who may not read it cannot tell that it is there
		order := w.create(admin(), "lab.order", line(map[string]any{"good": good.Doc.ID, "by": u.ID, "n": 1.0}))
		page, err := w.Query(ctx, admin(), "lab.order", record.Query{Titles: true})
		if err != nil || page.Labels["lines.good"][good.Doc.ID] != "螺丝" || page.Labels["lines.by"][u.ID] != "u" {
			t.Errorf("labels %v, %v", page.Labels, err)
		}
		if page, _ := w.Query(ctx, poor, "lab.order", record.Query{Titles: true}); page.Labels["lines.good"] != nil {
			t.Errorf("labels of what the caller may not read: %v", page.Labels)
		}
		// What a row pointed to before stays, also for who may not see it.
		row := order.Data()["lines"].([]any)[0].(map[string]any)
		if _, err := w.patch(poor, order, line(map[string]any{"_id": row["_id"], "good": good.Doc.ID, "n": 2.0})); err != nil {
			t.Error(err)
		}
	})
}
