package automation_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"formwork/engine/outbox"
	"formwork/engine/store"
	"formwork/engine/store/sqlite"
)

// forgetful is a store whose connection is lost right when a commit is answered: it does not know that the transaction was
// made, and makes it again, as drivers do.
type forgetful struct {
	store.Store
	in int // this many updates from now; 0: never
}

func (f *forgetful) Update(ctx context.Context, fn func(store.Tx) error) error {
	if f.in > 0 {
		if f.in--; f.in == 0 {
			if err := f.Store.Update(ctx, fn); err != nil {
				return err
			}
		}
	}
	return f.Store.Update(ctx, fn)
}

// A step whose commit was not answered is not done a second time, whichever of the run's transactions it was.
func TestLostAnswerOfACommit(t *testing.T) {
	for lost := 2; lost <= 4; lost++ { // the first claims the job
		inner, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "test.db")})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = inner.Close() })
		st := &forgetful{Store: inner}
		r := newRig(t, st)
		id := r.create("order", object{"name": "o", "total": 0})
		r.automate(`"form":"line","trigger":{"on":"created"},"steps":[` +
			step("u", "update", `{"form":"order","record":{"expr":"record.order"},"data":{"total":{"expr":"item.total + 1"}}}`) + `,` +
			step("n", "notify", `{"to":[{"role":"rep"}],"title":"x"}`) + `,` +
			step("v", "update", `{"form":"order","record":{"expr":"record.order"},"data":{"total":{"expr":"item.total + 10"}}}`) + `]`)
		r.create("line", object{"order": id})
		st.in = lost
		r.drain()
		r.pass(time.Minute) // where it had to begin anew from what is stored
		r.drain()
		r.one(outbox.Done)
		r.wants("total", r.get("order", id)["total"], 11)
		r.wants("told", r.told(r.ben), "x")
	}
}

// A write to a form that no automation waits for stores nothing for automations, however many there are elsewhere.
func TestWritesPayForTheirOwnAutomations(t *testing.T) {
	onEachStore(t, func(r *rig) {
		var defs []string
		for _, key := range []string{"a", "b", "c", "d"} {
			defs = append(defs, `{"kind":"automation","key":"`+key+`","form":"line","trigger":{"on":"created"},"steps":[`+step("s", "stop", `{}`)+`]}`)
		}
		r.define(defs...)
		r.create("order", object{"name": "o"})
		jobs, err := r.e.Outbox.List(r.ctx, outbox.Filter{})
		r.must(err)
		r.wants("jobs", len(jobs), 0)
	})
}
