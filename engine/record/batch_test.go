package record_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

const partsForm = `{"kind":"form","key":"part","titleField":"name","schema":{"type":"object","required":["name"],"properties":{
"name":{"type":"string","x-field":{"type":"text","unique":true}},"n":{"type":"number","x-field":{"type":"number"}},
"whole":{"type":"string","x-field":{"type":"relation","form":"part"}},
"parts":{"type":"number","x-field":{"type":"rollup","form":"part","link":"whole","fn":"count"}}}}}`

func part(name string, more ...any) map[string]any {
	d := map[string]any{"name": name}
	for i := 0; i+1 < len(more); i += 2 {
		d[more[i].(string)] = more[i+1]
	}
	return d
}

func makes(names ...string) []*record.Intent {
	var out []*record.Intent
	for i, n := range names {
		out = append(out, &record.Intent{Verb: record.Create, Form: "lab.part", Data: part(n), At: fmt.Sprintf("/create/%d", i)})
	}
	return out
}

// TestABatchLosesNothing: whatever one item meets in the transaction, the others are written as their results say, and
// the checkpoint commits with them, once.
func TestABatchLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publish(partsForm)
		whole := w.create(admin(), "lab.part", part("whole"))
		w.create(admin(), "lab.part", part("child", "whole", whole.Doc.ID))
		free := w.create(admin(), "lab.part", part("free"))
		del := func(id string) *record.Intent {
			return &record.Intent{Verb: record.Delete, Form: "lab.part", ID: id}
		}
		marks := 0
		within := record.WriteOptions{Within: func(ctx context.Context, tx store.Tx) error {
			marks++
			return tx.Insert(ctx, "once", store.New(fmt.Sprintf("mark%d", marks), map[string]any{"at": "2026-01-01T00:00:00.000Z"}))
		}}
		marked := func() (n int) {
			_ = w.Store.View(ctx, func(r store.Reader) error {
				for i := range marks + 1 {
					if _, err := r.Get(ctx, "once", fmt.Sprintf("mark%d", i)); err == nil {
						n++
					}
				}
				return nil
			})
			return n
		}
		got, err := w.Bulk(ctx, admin(), []*record.Intent{del(free.Doc.ID), del(whole.Doc.ID), makes("new")[0]}, false, within)
		if err != nil {
			t.Fatal(err)
		}
		wantKind(t, got[1].Err, problem.Conflict, "in-use")
		if got[0].Err != nil || got[2].Err != nil || w.count(admin(), "lab.part", `{"field":"name","op":"in","value":["free","new"]}`) != 1 {
			t.Errorf("the others: %v %v; %d there", got[0].Err, got[2].Err, w.count(admin(), "lab.part", "{}"))
		}
		if marked() != 1 {
			t.Errorf("%d checkpoints", marked())
		}
		var names []string // many that are taken, some twice among themselves
		for i := range 40 {
			names = append(names, fmt.Sprintf("p%d", i), "new", "Whole", fmt.Sprintf("p%d", i-i%4))
		}
		got, err = w.Bulk(ctx, admin(), makes(names...), false, within)
		if err != nil || marked() != 2 {
			t.Fatalf("%v, %d checkpoints", err, marked())
		}
		written := 0
		for i, x := range got {
			if x.Err == nil {
				written++
				continue
			}
			wantKind(t, x.Err, problem.Duplicate, "duplicate")
			if want := fmt.Sprintf("/create/%d/data/name", i); problem.Of(x.Err)[0].Pointer != want {
				t.Errorf("pointer %s, want %s", problem.Of(x.Err)[0].Pointer, want)
			}
		}
		if n := w.count(admin(), "lab.part", `{"field":"name","op":"startsWith","value":"p"}`); written != 40 || n != 40 {
			t.Errorf("%d said to be written, %d are there, want 40", written, n)
		}
		up := &record.Intent{Verb: record.Update, Form: "lab.part", ID: whole.Doc.ID, Data: map[string]any{"n": 7.0}}
		got, err = w.Bulk(ctx, admin(), append(makes("new"), up), false, record.WriteOptions{})
		if err != nil || problem.KindOf(got[0].Err) != problem.Duplicate || got[1].Err != nil || w.data(admin(), "lab.part", whole.Doc.ID)["n"] != 7.0 {
			t.Errorf("an update behind a value that is taken: %v %v", got, err)
		}
		got, err = w.Bulk(ctx, admin(), makes("new"), false, within) // one alone is a batch too
		if err != nil || len(got) != 1 || problem.KindOf(got[0].Err) != problem.Duplicate || marked() != 3 {
			t.Errorf("a batch of one: %v %v, %d checkpoints", got, err, marked())
		}
		stop := errors.New("stop")
		_, err = w.Bulk(ctx, admin(), makes("late", "new"), false, record.WriteOptions{Within: func(context.Context, store.Tx) error { return stop }})
		if !errors.Is(err, stop) || w.count(admin(), "lab.part", `{"field":"name","op":"eq","value":"late"}`) != 0 {
			t.Errorf("a checkpoint that fails: %v", err)
		}
		_, err = w.Bulk(ctx, admin(), makes("a", "b", "A"), true, record.WriteOptions{})
		wantKind(t, err, problem.Duplicate, "duplicate")
		if w.count(admin(), "lab.part", `{"field":"name","op":"in","value":["a","b"]}`) != 0 {
			t.Error("an atomic batch left something")
		}
	})
}

func TestTheSameRecordTwiceInABatch(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publish(partsForm)
		a := w.create(admin(), "lab.part", part("a"))
		up := func(rev int64, k string, v any) *record.Intent {
			return &record.Intent{Verb: record.Update, Form: "lab.part", ID: a.Doc.ID, If: &record.Rev{Rev: rev, Crev: -1}, Data: map[string]any{k: v}}
		}
		got, err := w.Bulk(ctx, admin(), []*record.Intent{up(1, "n", 1.0), up(1, "n", 2.0), up(2, "name", "b"), {Verb: record.Delete, Form: "lab.part", ID: a.Doc.ID},
			up(3, "n", 9.0)}, false, record.WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		wantKind(t, got[1].Err, problem.Stale, "stale")
		// The third was stale when it was prepared, and is not in its turn: each counts as it stands when the batch began.
		if got[0].Err != nil || got[3].Err != nil || problem.KindOf(got[4].Err) == "" {
			t.Errorf("%+v", got)
		}
	})
}

func TestIdsMadeByClients(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publish(partsForm)
		for _, id := range []string{"x", "0123456789abcdef0123456", "0123456789ABCDEF01234567", "0123456789abcdef012345678", "../../etc/passwd........", "01234567 9abcdef01234567"} {
			_, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Create, Form: "lab.part", ID: id, Data: part("p"), At: "/create/3"}, record.WriteOptions{})
			wantKind(t, err, problem.Invalid, "not-an-id")
			if p := problem.Of(err)[0].Pointer; p != "/create/3/id" {
				t.Errorf("pointer %s", p)
			}
		}
		const id = "0123456789abcdef01234567"
		make := func(name string) error {
			_, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Create, Form: "lab.part", ID: id, Data: part(name)}, record.WriteOptions{})
			return err
		}
		if err := make("p"); err != nil {
			t.Fatal(err)
		}
		wantKind(t, make("q"), problem.Duplicate, "duplicate-id")
	})
}
