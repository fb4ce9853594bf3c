package automation_test

import (
	"fmt"
	"testing"
	"time"

	"formwork/engine/automation"
	"formwork/engine/outbox"
	"formwork/engine/record"
	"formwork/schemas/problem"
)

// line notes that a run happened, with a text.
const noteIt = `"steps":[{"key":"c","type":"create","config":{"form":"line","data":{"text":{"expr":"record.name"}}}}]`

func TestTriggersOfChanges(t *testing.T) {
	onEachStore(t, func(r *rig) {
		for _, c := range []struct{ name, trigger, want string }{
			{"created", `"trigger":{"on":"created"}`, "o"},
			{"created, condition", `"trigger":{"on":"created"},"when":{"expr":"record.total > 5"}`, ""},
			{"created, condition holds", `"trigger":{"on":"created"},"when":{"expr":"record.total == 1 and user.name == 'ann'"}`, "o"},
			{"changed", `"trigger":{"on":"changed"}`, "o o o"},
			{"changed field", `"trigger":{"on":"changed","fields":["region"]}`, "o"},
			{"changed from", `"trigger":{"on":"changed","fields":["total"],"from":["1"],"to":["2"]}`, "o"},
			{"changed from elsewhere", `"trigger":{"on":"changed","fields":["total"],"from":["2"]}`, ""},
			{"changed, before", `"trigger":{"on":"changed"},"when":{"expr":"before.total < record.total"}`, "o"},
			{"changed, computed", `"trigger":{"on":"changed","fields":["twice"]}`, "o"},
			{"saved", `"trigger":{"on":"saved","fields":["total"]}`, "o o"},
			{"stage", `"trigger":{"on":"stage","to":["won"]}`, "o"},
			{"stage elsewhere", `"trigger":{"on":"stage","to":["lost"]}`, ""},
			{"deleted", `"trigger":{"on":"deleted"}`, "o"},
			{"disabled", `"trigger":{"on":"created"},"disabled":true`, ""},
		} {
			r.automate(`"form":"order",` + c.trigger + `,` + noteIt)
			id := r.create("order", object{"name": "o", "total": 1})
			r.drain()
			for _, data := range []object{{"region": "north"}, {"total": 2}} {
				r.update("order", id, data)
				r.drain()
			}
			r.update("order", id, object{"total": 2}) // nothing changes
			r.write(&record.Intent{Verb: record.Move, Form: "shop.order", ID: id, To: "won"})
			r.drain()
			r.write(&record.Intent{Verb: record.Delete, Form: "shop.order", ID: id})
			r.drain()
			r.wants(c.name, r.all("line", "text"), c.want)
			r.clear("line")
		}
	})
}

// clear deletes all records of a form.
func (r *rig) clear(form string) {
	r.Helper()
	recs, err := r.e.Records.Find(r.ctx, r.admin(), "shop."+form, record.Query{Limit: 500})
	r.must(err)
	for _, rec := range recs {
		r.write(&record.Intent{Verb: record.Delete, Form: "shop." + form, ID: rec.Doc.ID})
	}
}

// What children add up to sets off who listens to the parent's figure, and nobody else.
func TestRollUpsSetOff(t *testing.T) {
	onEachStore(t, func(r *rig) {
		id := r.create("order", object{"name": "o"})
		r.automate(`"form":"order","trigger":{"on":"changed","fields":["sum"]},"when":{"expr":"record.sum > 10"},
			"steps":[{"key":"u","type":"update","config":{"data":{"note":{"expr":"'sum ' + text(record.sum)"}}}}]`)
		r.create("line", object{"order": id, "amount": 7})
		r.create("line", object{"order": id, "amount": 8})
		r.drain()
		r.wants("note", r.get("order", id)["note"], "sum 15")
		r.one(outbox.Done)
	})
}

// A record's runs start in the order of its changes, and see the record as it is then; before is what it was.
func TestRunsFollowTheChanges(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.automate(`"form":"order","trigger":{"on":"changed","fields":["total"]},
			"steps":[{"key":"c","type":"create","config":{"form":"line","data":{"text":{"expr":"text(before.total) + ' now ' + text(record.total)"}}}}]`)
		id := r.create("order", object{"name": "o", "total": 1})
		for n := range 4 {
			r.update("order", id, object{"total": n + 2})
		}
		r.drain()
		r.wants("lines", r.all("line", "text"), "1 now 5 2 now 5 3 now 5 4 now 5")
	})
}

// Installing and importing bring records in without setting anything off, unless the import is asked to.
func TestImportsAreQuiet(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.automate(`"form":"order","trigger":{"on":"created"},` + noteIt)
		for _, via := range []string{"import", "install", "import-automated"} {
			c := r.admin()
			c.Via = via
			_, _, err := r.e.Records.Write(r.ctx, c, &record.Intent{Verb: record.Create, Form: "shop.order", Data: object{"name": via}}, record.WriteOptions{})
			r.must(err)
		}
		r.drain()
		r.wants("lines", r.all("line", "text"), "import-automated")
	})
}

func TestButtons(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.automate(`"form":"order","trigger":{"on":"button","roles":["rep"]},"when":{"expr":"record.total > 1"},
			"steps":[{"key":"u","type":"update","config":{"data":{"note":{"expr":"user.name"}}}}]`)
		id := r.create("order", object{"name": "o", "total": 1})
		press := func(user string) problem.Kind {
			c := r.e.Caller(user, "api")
			c.Subject.Trusted = user != r.max // max may read nothing
			_, err := r.e.Automation.Press(r.ctx, c, "shop.order", id, "a")
			if err != nil && problem.KindOf(err) == "" {
				r.Fatal(err)
			}
			return problem.KindOf(err)
		}
		r.wants("condition does not hold", press(r.ben), problem.Conflict)
		r.update("order", id, object{"total": 2})
		r.wants("who cannot read the record", press(r.max), problem.NotFound)
		r.wants("who has the role", press(r.ben), "")
		r.drain()
		r.wants("note", r.get("order", id)["note"], "ben")
		if _, err := r.e.Automation.SetPaused(r.ctx, "shop.a", true, r.ann); err != nil {
			r.Fatal(err)
		}
		r.wants("while paused", press(r.ben), problem.Conflict)
		c := r.e.Caller(r.max, "api")
		c.Subject.Trusted = true
		if _, err := r.e.Automation.Press(r.ctx, c, "shop.order", id, "a"); problem.KindOf(err) != problem.Forbidden {
			r.Errorf("who has not the role: %v", err)
		}
	})
}

func TestPause(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.automate(`"form":"order","trigger":{"on":"created"},` + noteIt)
		pause := func(on bool) {
			r.pass(time.Second)
			if _, err := r.e.Automation.SetPaused(r.ctx, "shop.a", on, r.ann); err != nil {
				r.Fatal(err)
			}
		}
		pause(true)
		r.create("order", object{"name": "missed"})
		r.drain()
		other := r.open(r.st) // another process, or this one started again
		if p := other.Automation.Paused("shop.a"); !p.Paused || p.By != r.ann {
			r.Errorf("the pause is not known: %+v", p)
		}
		pause(false)
		r.create("order", object{"name": "seen"})
		r.drain()
		r.wants("lines", r.all("line", "text"), "seen")
	})
}

// Automations that set each other off come to an end, and the last run says why.
func TestRecursionEnds(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.automate(`"form":"order","trigger":{"on":"changed"},"limits":{"depth":4},
			"steps":[{"key":"u","type":"update","config":{"data":{"total":{"expr":"record.total + 1"}}}}]`)
		id := r.create("order", object{"name": "o", "total": 0})
		r.update("order", id, object{"total": 1})
		r.drain()
		runs := r.runs()
		last := runs[len(runs)-1]
		if len(runs) != 5 || last.State != outbox.Failed || last.Problems[0].Code != "recursion" || last.Cause.Run != runs[3].ID {
			r.Errorf("%d runs, the last %s %v", len(runs), last.State, last.Problems)
		}
		r.wants("total", r.get("order", id)["total"], 5)
	})
}

// What comes above the limit waits for the next minute, and nothing is lost.
func TestStartsInAMinute(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.automate(`"form":"order","trigger":{"on":"created"},"limits":{"perMinute":2},` + noteIt)
		for i := range 5 {
			r.create("order", object{"name": fmt.Sprint("o", i)})
		}
		for _, want := range []int{2, 4, 5} {
			r.drain()
			r.wants("done", r.lines(), want)
			r.pass(time.Minute)
		}
	})
}

func TestRunsAreListed(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.automate(`"form":"order","trigger":{"on":"created"},` + noteIt)
		one := r.create("order", object{"name": "o"})
		r.create("order", object{"name": "p"})
		r.drain()
		runs, _, err := r.e.Automation.Runs(r.ctx, automation.Filter{Automation: "shop.a", Form: "shop.order", Record: one, State: outbox.Done})
		r.must(err)
		if len(runs) != 1 || runs[0].Cause.Record != one || runs[0].Cause.By != r.ann || runs[0].Version == 0 {
			r.Errorf("found %+v", runs)
		}
	})
}
