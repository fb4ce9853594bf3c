package automation_test

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"formwork/engine"
	"formwork/engine/outbox"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/store/mongo"
	"formwork/engine/store/sqlite"
	"formwork/engine/store/storetest/mongoserver"
	"formwork/schemas/problem"
)

// counted counts the transactions that were committed.
type counted struct {
	store.Store
	commits atomic.Int64
}

func (c *counted) Update(ctx context.Context, fn func(store.Tx) error) error {
	err := c.Store.Update(ctx, fn)
	if err == nil {
		c.commits.Add(1)
	}
	return err
}

// atWork runs a test with workers: on SQLite, whose database is this process's alone, and on MongoDB.
func atWork(t *testing.T, test func(r *rig)) {
	t.Helper()
	run := func(t *testing.T, st store.Store, exclusive bool) {
		t.Cleanup(func() { _ = st.Close() })
		r := newRig(t, &counted{Store: st})
		e, err := engine.Open(r.ctx, r.st, engine.Options{Now: r.now, Exclusive: exclusive, Patience: time.Minute})
		r.must(err)
		r.e = e
		ctx, cancel := context.WithCancel(r.ctx)
		begun, ended := make(chan struct{}), make(chan error)
		r.e.Outbox.Handle("probe", func(context.Context, *outbox.Run) error { close(begun); return nil })
		go func() { ended <- r.e.Outbox.Run(ctx) }()
		t.Cleanup(func() { cancel(); <-ended })
		_, err = r.e.Outbox.Submit(r.ctx, outbox.Job{Kind: "probe"})
		r.must(err)
		<-begun
		r.drain()
		test(r)
	}
	t.Run("sqlite", func(t *testing.T) {
		st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "test.db")})
		if err != nil {
			t.Fatal(err)
		}
		run(t, st, true)
	})
	t.Run("mongo", func(t *testing.T) {
		st, err := mongo.Open(t.Context(), mongo.Options{URI: mongoserver.SharedDatabase(t)})
		if err != nil {
			t.Fatal(err)
		}
		run(t, st, false)
	})
}

// ask writes as somebody does who waits for the answer.
func (r *rig) ask(in *record.Intent) map[string]any {
	r.Helper()
	rec, _, err := r.e.Records.Write(r.ctx, r.admin(), in, record.WriteOptions{Prompt: true})
	r.must(err)
	return r.e.Records.Values(rec)
}

// within says whether runs are done in the transaction that sets them off.
func (r *rig) within() bool {
	st := r.st.(*counted).Store
	_, ok := st.(*sqlite.Store)
	return ok
}

// Who saves sees what automations did about it at once, and saves again over that.
func TestTheAnswerHasTheEffects(t *testing.T) {
	atWork(t, func(r *rig) {
		r.define(`{"kind":"automation","key":"a","form":"order","trigger":{"on":"saved","fields":["total"]},"steps":[` +
			step("u", "update", `{"data":{"note":{"expr":"'of ' + text(record.total)"}}}`) + `,` + say("c", "record.note") + `,` +
			step("n", "notify", `{"to":[{"role":"rep"}],"title":"{{record.note}}"}`) + `]}`)
		commits := r.st.(*counted)
		before := commits.commits.Load()
		got := r.ask(&record.Intent{Verb: record.Create, Form: "shop.order", Data: object{"name": "o", "total": 3}})
		id, _ := got["id"].(string)
		if r.within() {
			r.wants("transactions", commits.commits.Load()-before, 1)
		}
		r.wants("the answer", words(got["note"], got["rev"]), "of 3 2")
		r.wants("what is stored", r.get("order", id)["rev"], got["rev"])
		r.wants("lines", r.all("line", "text"), "of 3")
		r.wants("told", r.told(r.ben), "of 3")
		again := r.ask(&record.Intent{Verb: record.Update, Form: "shop.order", ID: id, Data: object{"total": 4}, If: &record.Rev{Rev: 2, Crev: -1}})
		r.wants("the answer to the next", words(again["note"], again["rev"]), "of 4 4")
		runs := r.runs()
		if len(runs) != 2 || runs[0].State != outbox.Done || len(runs[0].Progress["log"].([]any)) != 3 || runs[0].Attempts != 1 {
			r.Fatalf("runs %+v", runs)
		}
		r.wants("subject", runs[0].Subject, "shop.order/"+id)
		changes, err := r.e.Records.History(r.ctx, r.admin(), "shop.order", id, 0, 10)
		r.must(err)
		r.wants("changes", len(changes), 4)
		r.wants("who changed it", words(changes[0].Automation, changes[0].Run, changes[1].Automation), words("shop.a", runs[1].ID, ""))
	})
}

// What an automation cannot do does not touch the write that set it off: it fails later, by itself, as a run that can be
// resumed, and nothing of it is done in between.
func TestAFailingEffectLeavesTheWrite(t *testing.T) {
	atWork(t, func(r *rig) {
		other := r.create("order", object{"name": "other"})
		r.define(`{"kind":"automation","key":"a","form":"order","trigger":{"on":"created"},"steps":[` + say("s", "'once'") + `,` +
			step("u", "update", `{"form":"order","record":{"expr":"record.parent"},"data":{"name":{"expr":"record.note"}}}`) + `]}`)
		got := r.ask(&record.Intent{Verb: record.Create, Form: "shop.order", Data: object{"name": "o", "parent": other}})
		r.wants("the write", words(got["name"], got["rev"]), "o 1")
		r.drain()
		run := r.one(outbox.Failed)
		if run.Problems[0].Code != "required" || run.Problems[0].Pointer != "/steps/u/data/name" {
			r.Errorf("%v", run.Problems)
		}
		r.wants("lines", r.all("line", "text"), "once")
		r.wants("the other", r.get("order", other)["name"], "other")
	})
}

// Runs of a record's changes keep their order: behind one that is not finished nothing is done at once.
func TestPromptRunsWaitForTheirTurn(t *testing.T) {
	atWork(t, func(r *rig) {
		r.define(`{"kind":"automation","key":"b","form":"order","trigger":{"on":"created"},"limits":{"perMinute":1},"steps":[` + say("s", "'b ' + record.name") + `]}`)
		r.ask(&record.Intent{Verb: record.Create, Form: "shop.order", Data: object{"name": "first"}}) // takes the minute
		id, _ := r.ask(&record.Intent{Verb: record.Create, Form: "shop.order", Data: object{"name": "second"}})["id"].(string)
		r.define(`{"kind":"automation","key":"a","form":"order","trigger":{"on":"changed"},"steps":[` + say("s", "'a ' + record.name") + `]}`)
		r.ask(&record.Intent{Verb: record.Update, Form: "shop.order", ID: id, Data: object{"note": "x"}})
		r.wants("before the minute is over", r.all("line", "text"), "b first")
		r.one(outbox.Queued)
		r.pass(2 * time.Minute)
		r.drain()
		r.wants("after", r.all("line", "text"), "b first b second a second")
	})
}

// What runs set off is done too, in order, and stops where runs that set each other off always stop.
func TestPromptRunsSetOffOthers(t *testing.T) {
	atWork(t, func(r *rig) {
		r.define(`{"kind":"automation","key":"a","form":"order","trigger":{"on":"changed"},"limits":{"depth":3},"steps":[`+
			step("u", "update", `{"data":{"total":{"expr":"record.total + 1"}}}`)+`]}`,
			`{"kind":"automation","key":"b","form":"order","trigger":{"on":"changed","fields":["total"]},"limits":{"depth":1},"steps":[`+say("s", "text(before.total)")+`]}`)
		id := r.create("order", object{"name": "o", "total": 0})
		r.ask(&record.Intent{Verb: record.Update, Form: "shop.order", ID: id, Data: object{"total": 1}})
		r.drain()
		runs := r.runs()
		last := runs[len(runs)-1]
		if len(runs) != 4 || last.State != outbox.Failed || last.Problems[0].Code != "recursion" || last.Cause.Run != runs[2].ID {
			r.Errorf("%d runs, the last %s %v", len(runs), last.State, last.Problems)
		}
		r.wants("total", r.get("order", id)["total"], 4)
		r.wants("lines", r.all("line", "text"), "0")
	})
}

// What asks for many records is not done while everybody who writes waits, but the answer waits for it.
func TestTheAnswerWaitsForLongerRuns(t *testing.T) {
	atWork(t, func(r *rig) {
		r.define(`{"kind":"automation","key":"a","form":"order","trigger":{"on":"saved","fields":["total"]},"steps":[` +
			step("g", "aggregate", `{"form":"order","fn":"count"}`) + `,` +
			step("u", "update", `{"data":{"note":{"expr":"'one of ' + text(steps.g.value)"}}}`) + `]}`)
		commits := r.st.(*counted)
		before := commits.commits.Load()
		got := r.ask(&record.Intent{Verb: record.Create, Form: "shop.order", Data: object{"name": "o", "total": 3}})
		r.drain()
		if commits.commits.Load() == before+1 {
			r.Error("it was done in the write's transaction")
		}
		now := r.get("order", got["id"].(string))
		r.wants("note", now["note"], "one of 1")
		r.wants("the answer", words(got["note"], got["rev"]), words(now["note"], now["rev"]))
	})
}

// A record that an automation takes out of the sight of who wrote it is answered as they wrote it.
func TestTheAnswerShowsNoMoreThanMayBeSeen(t *testing.T) {
	atWork(t, func(r *rig) {
		r.define(`{"kind":"role","key":"rep","title":"Rep","forms":[{"form":"order","actions":["create","update"]},{"form":"order","actions":["read"],"rows":"own"}]}`,
			`{"kind":"automation","key":"a","form":"order","trigger":{"on":"created"},"steps":[`+
				step("u", "update", `{"data":{"owner":{"expr":"record.note"},"locked":"secret"}}`)+`]}`)
		c := r.e.Caller(r.ann, "api")
		rec, _, err := r.e.Records.Write(r.ctx, c, &record.Intent{Verb: record.Create, Form: "shop.order", Data: object{"name": "o", "owner": r.ann, "note": r.ben}}, record.WriteOptions{Prompt: true})
		r.must(err)
		r.wants("the answer", words(rec.Data()["owner"] == r.ann, rec.Data()["locked"]), "true <nil>")
		r.wants("what is stored", r.get("order", rec.Doc.ID)["locked"], "secret")
		_, err = r.e.Records.Load(r.ctx, c, "shop.order", rec.Doc.ID)
		r.wants("reading it", problem.KindOf(err), problem.NotFound)
	})
}

// Who presses a button is told what came of it.
func TestTheAnswerToAButton(t *testing.T) {
	atWork(t, func(r *rig) {
		r.define(`{"kind":"automation","key":"a","form":"order","trigger":{"on":"button"},"steps":[` + step("u", "update", `{"data":{"note":"pressed"}}`) + `]}`)
		id := r.create("order", object{"name": "o"})
		run, err := r.e.Automation.Press(r.ctx, r.admin(), "shop.order", id, "a")
		r.must(err)
		r.drain()
		r.wants("the run", words(run.State, run.Result["steps"]), "done 1")
		r.wants("note", r.get("order", id)["note"], "pressed")
	})
}
