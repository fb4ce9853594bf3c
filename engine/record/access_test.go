package record_test

import (
	"encoding/json"
	"sync"
	"testing"

	"formwork/engine/org"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// team makes a department with a leader and two reps, and one rep elsewhere.
func (w *world) team() (lead, anna, ben, carl *org.User) {
	w.t.Helper()
	dep := func(name, parent string) *org.Department {
		d, err := w.org.CreateDepartment(ctx, org.Department{Name: name, Parent: parent})
		if err != nil {
			w.t.Fatal(err)
		}
		return d
	}
	root := dep("总部", "")
	east, west := dep("East", root.ID), dep("West", root.ID)
	lead = w.user("lead", org.User{Department: east.ID})
	anna = w.user("anna", org.User{Department: east.ID})
	ben = w.user("ben", org.User{Department: east.ID})
	carl = w.user("carl", org.User{Department: west.ID})
	if _, err := w.org.UpdateDepartment(ctx, east.ID, 0, func(d *org.Department) error { d.Leader = lead.ID; return nil }); err != nil {
		w.t.Fatal(err)
	}
	return
}

func filter(t *testing.T, src string) query.Filter {
	t.Helper()
	f, ps := query.ParseFilterJSON([]byte(src), "/filter")
	if len(ps) > 0 {
		t.Fatal(ps)
	}
	return f
}

func (w *world) count(c record.Caller, form, src string) int {
	w.t.Helper()
	p, err := w.Query(ctx, c, form, record.Query{Filter: filter(w.t, src), Limit: 500})
	if err != nil {
		w.t.Fatalf("query %s: %v", src, err)
	}
	return len(p.Items)
}

func TestRowsFollowTheOrganisation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.install("sales-crm")
		lead, anna, ben, carl := w.team()
		rep := func(u *org.User) record.Caller { return w.as(u, "rep") }
		mine := w.create(rep(anna), "customer.customer", map[string]any{"name": "甲公司"})
		w.create(rep(ben), "customer.customer", map[string]any{"name": "乙公司"})
		w.create(rep(carl), "customer.customer", map[string]any{"name": "丙公司"})
		boss := w.as(lead, "rep", "manager")
		if a, b, c := w.count(rep(anna), "customer.customer", "{}"), w.count(boss, "customer.customer", "{}"), w.count(admin(), "customer.customer", "{}"); a != 1 || b != 2 || c != 3 {
			t.Errorf("rep sees %d, leader %d, admin %d; want 1, 2, 3", a, b, c)
		}
		if _, _, err := w.Get(ctx, rep(ben), "customer.customer", mine.Doc.ID); problem.KindOf(err) != problem.NotFound {
			t.Errorf("another rep's record: %v, want not found", err)
		}
		_, err := w.patch(rep(ben), mine, map[string]any{"level": "A"})
		if problem.KindOf(err) != problem.NotFound {
			t.Errorf("writing another rep's record: %v", err)
		}
		_, err = w.patch(rep(anna), mine, map[string]any{"owner": ben.ID}) // would leave her scope
		wantKind(t, err, problem.Forbidden, "out-of-scope")
		if _, err = w.patch(boss, mine, map[string]any{"owner": ben.ID}); err != nil {
			t.Errorf("the leader hands over: %v", err)
		}
		_, _, err = w.Write(ctx, rep(ben), &record.Intent{Verb: record.Delete, Form: "customer.customer", ID: mine.Doc.ID}, record.WriteOptions{})
		if problem.KindOf(err) != problem.Forbidden {
			t.Errorf("a rep deletes: %v", err)
		}
		dup := map[string]any{"name": "丙公司"}
		_, _, err = w.Write(ctx, rep(anna), &record.Intent{Verb: record.Create, Form: "customer.customer", Data: dup}, record.WriteOptions{})
		wantKind(t, err, problem.Duplicate, "duplicate")
		if _, leaked := problem.Of(err)[0].Params["record"]; leaked {
			t.Error("the duplicate names a record that the caller may not read")
		}
		ans, err := w.Aggregate(ctx, boss, "customer.customer", ask(t, `{"groupBy":[{"field":"owner.department","level":1,"as":"d"}]}`))
		if err != nil || len(ans.Rows) != 1 || ans.Rows[0]["count"] != int64(2) {
			t.Errorf("the leader's figures: %v %v", ans.Rows, err)
		}
	})
}

func ask(t *testing.T, src string) query.Ask {
	t.Helper()
	a, ps := query.ParseAsk(value.MustDecode([]byte(src)), "")
	if len(ps) > 0 {
		t.Fatal(ps)
	}
	return a
}

func TestHiddenAndMaskedFieldsCannotBeInferred(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.install("sales-crm")
		_, anna, _, _ := w.team()
		rep := w.as(anna, "rep")
		p := w.create(admin(), "customer.product", map[string]any{"name": "泵", "price": 100.0, "cost": 42.0})
		d := w.data(rep, "customer.product", p.Doc.ID)
		if _, ok := d["cost"]; ok || d["price"] != 100.0 {
			t.Errorf("a rep reads %v", d)
		}
		for _, q := range []record.Query{
			{Filter: filter(t, `{"field":"cost","op":"gt","value":1}`)}, {Sort: []string{"cost"}}, {Fields: []string{"cost"}},
		} {
			if _, err := w.Query(ctx, rep, "customer.product", q); problem.KindOf(err) != problem.Invalid {
				t.Errorf("asking for a hidden field: %v", err)
			}
		}
		if _, err := w.Aggregate(ctx, rep, "customer.product", ask(t, `{"measures":[{"fn":"sum","field":"cost"}]}`)); problem.KindOf(err) != problem.Invalid {
			t.Errorf("summing a hidden field: %v", err)
		}
		if _, err := w.Query(ctx, rep, "customer.opportunity", record.Query{Filter: filter(t, `{"field":"product.cost","op":"gt","value":1}`)}); problem.KindOf(err) != problem.Invalid {
			t.Errorf("asking through a relation: %v", err)
		}
		c := w.create(rep, "customer.customer", map[string]any{"name": "甲"})
		if _, err := w.patch(admin(), c, map[string]any{"bankAccount": "6222 0000 1111"}); err != nil {
			t.Fatal(err)
		}
		if got := w.data(rep, "customer.customer", c.Doc.ID)["bankAccount"]; got != "•••" {
			t.Errorf("masked reads as %v", got)
		}
		_, err := w.patch(rep, c, map[string]any{"bankAccount": "1"})
		wantKind(t, err, problem.Invalid, "not-writable")
		h, err := w.History(ctx, rep, "customer.customer", c.Doc.ID, 0, 0)
		if b, _ := json.Marshal(h); err != nil || len(h) != 2 || h[0].Diff["bankAccount"][1] != "•••" {
			t.Errorf("history: %s %v", b, err)
		}
	})
}

func TestStagesMoveOnlyThroughTransitions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.install("sales-crm")
		_, anna, _, _ := w.team()
		rep := w.as(anna, "rep")
		_, _, err := w.Write(ctx, rep, &record.Intent{Verb: record.Create, Form: "customer.opportunity", Data: map[string]any{"name": "x", "stage": "won"}}, record.WriteOptions{})
		if problem.KindOf(err) != problem.Forbidden {
			t.Fatalf("a rep creates in a later stage: %v", err)
		}
		o := w.create(rep, "customer.opportunity", map[string]any{"name": "x"})
		if got := w.data(rep, "customer.opportunity", o.Doc.ID)["stage"]; got != "prospecting" {
			t.Fatalf("initial stage is %v", got)
		}
		_, err = w.patch(rep, o, map[string]any{"stage": "won"})
		wantKind(t, err, problem.Invalid, "no-transition")
		_, err = w.patch(rep, o, map[string]any{"stage": "engaging"})
		wantKind(t, err, problem.Invalid, "required") // the transition asks for more
		c := w.create(rep, "customer.customer", map[string]any{"name": "甲"})
		if _, err = w.patch(rep, o, map[string]any{"stage": "engaging", "account": c.Doc.ID, "engagedAt": "2026-02-01"}); err != nil {
			t.Fatalf("one legal step by patch: %v", err)
		}
		move := func(c record.Caller, to string, data map[string]any) error {
			_, _, err := w.Write(ctx, c, &record.Intent{Verb: record.Move, Form: "customer.opportunity", ID: o.Doc.ID, To: to, Data: data, Comment: "因为"}, record.WriteOptions{})
			return err
		}
		wantKind(t, move(rep, "lost", map[string]any{"closedAt": "2026-03-01"}), problem.Invalid, "required")
		if err := move(rep, "lost", map[string]any{"closedAt": "2026-03-01", "lossReason": lossReason(w)}); err != nil {
			t.Fatalf("lost with a reason: %v", err)
		}
		wantKind(t, move(rep, "negotiation", nil), problem.Invalid, "transition-role")
		h, _ := w.History(ctx, rep, "customer.opportunity", o.Doc.ID, 0, 0)
		if h[0].From != "engaging" || h[0].To != "lost" || h[0].Comment != "因为" {
			t.Errorf("history says %+v", h[0])
		}
		set := w.create(admin(), "customer.opportunity", map[string]any{"name": "imported", "stage": "won", "amount": 5.0, "closedAt": "2026-01-01"})
		h, _ = w.History(ctx, admin(), "customer.opportunity", set.Doc.ID, 0, 0)
		if !h[0].Set {
			t.Error("a stage that was set is not journalled")
		}
	})
}

func lossReason(w *world) string {
	return w.cat.Snapshot().Forms["customer.opportunity"].ByKey["lossReason"].Def.Options[0].Value
}

func TestStaleWritesAndRolledUpValues(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.install("sales-crm")
		c := w.create(admin(), "customer.customer", map[string]any{"name": "甲"})
		first := &record.Rev{Rev: 1, Crev: -1}
		w.create(admin(), "customer.opportunity", map[string]any{"name": "o", "account": c.Doc.ID}) // moves crev only
		_, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Update, Form: "customer.customer", ID: c.Doc.ID, If: first, Data: map[string]any{"level": "A"}}, record.WriteOptions{})
		if err != nil {
			t.Fatalf("a child's roll-up gave a false conflict: %v", err)
		}
		_, _, err = w.Write(ctx, admin(), &record.Intent{Verb: record.Update, Form: "customer.customer", ID: c.Doc.ID, If: first, Data: map[string]any{"level": "B"}}, record.WriteOptions{})
		wantKind(t, err, problem.Stale, "stale")
	})
}

func TestSixtyClaimsOneWinner(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.install("sales-crm")
		c := w.create(admin(), "customer.customer", map[string]any{"name": "公海"})
		var wg sync.WaitGroup
		won := make(chan int, 60)
		for i := range 60 {
			wg.Go(func() {
				_, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Update, Form: "customer.customer", ID: c.Doc.ID,
					If: &record.Rev{Rev: 1, Crev: -1}, Data: map[string]any{"note": string(rune('A' + i))}}, record.WriteOptions{})
				if err == nil {
					won <- i
				} else if problem.KindOf(err) != problem.Stale {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if len(won) != 1 {
			t.Errorf("%d won", len(won))
		}
	})
}

func TestIdempotencyKey(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.install("starter")
		in := func() *record.Intent {
			return &record.Intent{Verb: record.Create, Form: "tasks.task", Data: map[string]any{"title": "once"}}
		}
		o := record.WriteOptions{Key: "k1", Hash: "h1"}
		w.user("admin", org.User{ID: "admin"})
		a, _, err := w.Write(ctx, admin(), in(), o)
		if err != nil {
			t.Fatal(err)
		}
		b, _, err := w.Write(ctx, admin(), in(), o)
		if err != nil || b.Doc.ID != a.Doc.ID || w.count(admin(), "tasks.task", "{}") != 1 {
			t.Errorf("the same key wrote twice: %v", err)
		}
		_, _, err = w.Write(ctx, admin(), in(), record.WriteOptions{Key: "k1", Hash: "other"})
		wantKind(t, err, problem.Invalid, "idempotency-key-reused")
	})
}
