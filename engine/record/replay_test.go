package record_test

import (
	"context"
	"reflect"
	"strings"
	"sync"
	"testing"

	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

func TestRepeatedRequests(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", secretForm, `{"kind":"role","key":"own","forms":[{"form":"deal","actions":["read","create","update","delete"],"rows":"own"}]}`,
			`{"kind":"role","key":"box","forms":[{"form":"deal","actions":["create"]}]}`)
		u, v := w.user("u", org.User{}), w.user("v", org.User{})
		c := w.as(u, "own")
		write := func(c record.Caller, key string, in record.Intent) (*record.Record, problem.List, error) {
			in.Form = "lab.deal"
			return w.Write(ctx, c, &in, record.WriteOptions{Key: key, Hash: "h"})
		}
		make := record.Intent{Verb: record.Create, Data: map[string]any{"name": "d"}}
		d, _, err := write(c, "make", make)
		if err != nil {
			t.Fatal(err)
		}
		up := record.Intent{Verb: record.Update, ID: d.Doc.ID, If: &record.Rev{Rev: 1, Crev: -1}, Data: map[string]any{"price": 1.0}}
		for range 2 { // the second time it would be stale
			if got, _, err := write(c, "up", up); err != nil || got.Rev() != 2 {
				t.Fatalf("update: %v", err)
			}
		}
		two := func() ([]record.Result, error) {
			return w.Bulk(ctx, c, []*record.Intent{{Verb: record.Update, Form: "lab.deal", ID: d.Doc.ID, If: &record.Rev{Rev: 2, Crev: -1}, Data: map[string]any{"price": 2.0}},
				{Verb: record.Create, Form: "lab.deal", Data: map[string]any{"name": "e"}}}, true, record.WriteOptions{Key: "two", Hash: "h"})
		}
		first, err := two()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := two(); err != nil || again[1].Record.Doc.ID != first[1].Record.Doc.ID {
			t.Errorf("an atomic batch again: %v", err)
		}
		// Problems come back as they were.
		dear := record.Intent{Verb: record.Create, Data: map[string]any{"name": "d", "cost": 200.0, "price": 1.0, "stage": "new"}}
		_, _, err = write(c, "dear", dear)
		_, _, err2 := write(c, "dear", dear)
		if !reflect.DeepEqual(problem.Of(err), problem.Of(err2)) || len(problem.Of(err)) != 1 {
			t.Errorf("%#v, again %#v", problem.Of(err), problem.Of(err2))
		}
		// What was handed away, or deleted, is not shown again.
		if _, err := w.patch(admin(), d, map[string]any{"owner": v.ID}); err != nil {
			t.Fatal(err)
		}
		if got, _, err := write(c, "make", make); problem.KindOf(err) != problem.NotFound {
			t.Errorf("a record of somebody else now: %v %v", got, err)
		}
		e := first[1].Record
		for range 2 {
			if _, _, err := write(c, "gone", record.Intent{Verb: record.Delete, ID: e.Doc.ID}); err != nil {
				t.Errorf("deleting: %v", err)
			}
		}
		if again, err := two(); err != nil || problem.KindOf(again[1].Err) != problem.NotFound {
			t.Errorf("a batch of which a record is gone: %v %v", again, err)
		}
		if n := w.count(admin(), "lab.deal", "{}"); n != 1 {
			t.Errorf("%d records", n)
		}
		// Who may only put in sees what they put in, once more too.
		box := w.as(v, "box")
		a, _, err := write(box, "box", make)
		b, _, err2 := write(box, "box", make)
		if err != nil || err2 != nil || a.Doc.ID != b.Doc.ID {
			t.Errorf("%v %v", err, err2)
		}
		// The form may be gone.
		if _, err := w.tryApp("lab", partsForm); err != nil {
			t.Fatal(err)
		}
		if _, _, err := write(admin(), "other", make); problem.KindOf(err) != problem.NotFound {
			t.Errorf("a form that is gone: %v", err)
		}
	})
}

// TestTheSameRequestAtOnce: of requests with one key, one writes, whether alone or a batch.
func TestTheSameRequestAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publish(partsForm)
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				got, err := w.Bulk(ctx, admin(), makes("a", "b", "a"), false, record.WriteOptions{Key: "k", Hash: "h"})
				if err != nil || got[0].Err != nil || got[1].Err != nil || problem.KindOf(got[2].Err) != problem.Duplicate {
					t.Errorf("%v %v", got, err)
				}
			})
		}
		wg.Wait()
		if n := w.count(admin(), "lab.part", "{}"); n != 2 {
			t.Errorf("%d records", n)
		}
	})
}

func replace(s string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(s) }

// between calls fn once, between what a write reads and its transaction.
type between struct {
	store.Store
	fn func()
}

func (b *between) Update(ctx context.Context, fn func(store.Tx) error) error {
	if do := b.fn; do != nil {
		b.fn = nil
		do()
	}
	return b.Store.Update(ctx, fn)
}

// TestWhatChangesWhileAWriteIsUnderWay: the target of a relation, its looked-up values and the definitions.
func TestWhatChangesWhileAWriteIsUnderWay(t *testing.T) {
	const form = `{"kind":"form","key":"item","titleField":"name","schema":{"type":"object","properties":{"name":{"type":"string","x-field":{"type":"text"}},
		"amount":{"type":"number","x-field":{"type":"number","scale":2}},
		"up":{"type":"string","x-field":{"type":"relation","form":"item"}},"of":{"x-field":{"type":"lookup","via":"up","field":"name"}},
		"sum":{"x-field":{"type":"rollup","form":"item","link":"up","fn":"sum","field":"amount"}}}}}`
	each(t, func(t *testing.T, w *world) {
		w.publish(form)
		b := &between{Store: w.Store}
		w.Store = b
		up := w.create(admin(), "lab.item", map[string]any{"name": "one"})
		child := &record.Intent{Verb: record.Create, Form: "lab.item", Data: map[string]any{"name": "c", "up": up.Doc.ID, "amount": 1.5}}
		b.fn = func() {
			if _, err := w.patch(admin(), up, map[string]any{"name": "two"}); err != nil {
				t.Error(err)
			}
		}
		rec, _, err := w.Write(ctx, admin(), child, record.WriteOptions{})
		if err != nil || rec.Data()["of"] != "two" {
			t.Errorf("looked up %v, %v", rec.Data(), err)
		}
		next := w.create(admin(), "lab.item", map[string]any{"name": "next"})
		b.fn = func() {
			if _, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Delete, Form: "lab.item", ID: next.Doc.ID}, record.WriteOptions{}); err != nil {
				t.Error(err)
			}
		}
		_, err = w.patch(admin(), rec, map[string]any{"up": next.Doc.ID})
		wantKind(t, err, problem.Invalid, "unknown-record")
		b.fn = func() { // amount becomes text: what is stored must be of the version that it says
			w.publish(replace(form, `"amount":{"type":"number","x-field":{"type":"number","scale":2}}`, `"amount":{"type":"string","x-field":{"type":"text"}}`,
				`"fn":"sum","field":"amount"`, `"fn":"count"`))
		}
		rec, _, err = w.Write(ctx, admin(), &record.Intent{Verb: record.Update, Form: "lab.item", ID: rec.Doc.ID, Data: map[string]any{"amount": 2.5}}, record.WriteOptions{})
		if err != nil || rec.Data()["amount"] != "2.5" || rec.Form.Version != 2 || rec.Doc.Tree()["version"] != 2.0 {
			t.Errorf("%v %v", rec, err)
		}
	})
}
