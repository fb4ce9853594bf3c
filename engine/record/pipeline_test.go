package record_test

import (
	"testing"

	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/schemas/problem"
)

func TestTemplateRecordsThroughThePipeline(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.install("sales-crm")
		boss := w.user("admin", org.User{ID: "admin", Admin: true})
		_ = boss
		acme := w.create(admin(), "customer.customer", map[string]any{"name": "Acme", "sector": "retail"})
		deal := w.create(admin(), "customer.opportunity", map[string]any{
			"name": "Big deal", "account": acme.Doc.ID, "amount": 1200.005, "stage": "won", "engagedAt": "2026-01-01", "closedAt": "2026-02-01"})
		d := w.data(admin(), "customer.opportunity", deal.Doc.ID)
		if d["sector"] != "retail" || d["daysToClose"] != 31.0 || d["amount"] != 1200.01 || d["no"] != "OP-202603-00001" {
			t.Errorf("deal is %v", d)
		}
		c := w.read(admin(), "customer.customer", acme.Doc.ID)
		if got := c["data"].(map[string]any)["wonAmount"]; got != 1200.01 {
			t.Errorf("wonAmount is %v", got)
		}
		if c["rev"] != 1.0 || c["crev"] != 1.0 {
			t.Errorf("rev.crev is %v.%v, want 1.1", c["rev"], c["crev"])
		}
		if _, err := w.patch(admin(), acme, map[string]any{"sector": "medical"}); err != nil {
			t.Fatal(err)
		}
		w.jobs.drain(t)
		if got := w.data(admin(), "customer.opportunity", deal.Doc.ID)["sector"]; got != "medical" {
			t.Errorf("looked-up sector is %v", got)
		}
		_, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Delete, Form: "customer.customer", ID: acme.Doc.ID}, record.WriteOptions{})
		wantKind(t, err, problem.Conflict, "in-use")
		if _, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Delete, Form: "customer.opportunity", ID: deal.Doc.ID}, record.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		if got := w.data(admin(), "customer.customer", acme.Doc.ID)["wonAmount"]; got != 0.0 {
			t.Errorf("wonAmount after delete is %v", got)
		}
		if _, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Restore, Form: "customer.opportunity", ID: deal.Doc.ID}, record.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		if got := w.data(admin(), "customer.customer", acme.Doc.ID)["wonAmount"]; got != 1200.01 {
			t.Errorf("wonAmount after restore is %v", got)
		}
	})
}
