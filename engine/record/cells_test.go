package record_test

import (
	"fmt"
	"strings"
	"testing"

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
