package automation_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"formwork/engine/org"
	"formwork/engine/outbox"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/value"
)

// steps publishes automation `a` that does these steps when an order is created.
func (r *rig) steps(steps string) {
	r.Helper()
	r.automate(`"form":"order","trigger":{"on":"created"},"steps":[` + steps + `]`)
}

// step writes a step with a config.
func step(key, typ, config string) string {
	return `{"key":"` + key + `","type":"` + typ + `","config":` + config + `}`
}

func words(list ...any) string { return strings.TrimSpace(fmt.Sprintln(list...)) }

// say creates a line with a text.
func say(key, expr string) string {
	return step(key, "create", `{"form":"line","data":{"text":{"expr":"`+expr+`"}}}`)
}

func TestStepsThatRead(t *testing.T) {
	onEachStore(t, func(r *rig) {
		old := r.create("order", object{"name": "old", "region": "north", "total": 5})
		r.create("order", object{"name": "older", "region": "north", "total": 3})
		r.create("order", object{"name": "none"}) // without region
		for _, c := range []struct{ name, steps, want string }{
			{"find by filter, first of an order", step("f", "find", `{"form":"order","filter":{"and":[{"field":"region","op":"eq","value":{"expr":"record.region"}},{"field":"total","op":"lt","value":100}]},"sort":["-total"],"limit":10}`) + `,` +
				say("s", "steps.f.record.name + ' ' + text(steps.f.count) + ' ' + text(sum(steps.f.records, .total))"), "old 2 8"},
			{"find nothing", step("f", "find", `{"form":"order","filter":{"field":"name","op":"eq","value":"?"}}`) + `,` +
				say("s", "steps.f.found ? 'found' : 'nothing'"), "nothing"},
			{"an empty value finds nothing", step("f", "find", `{"form":"order","filter":{"field":"region","op":"eq","value":{"expr":"record.note"}}}`) + `,` +
				say("s", "text(steps.f.count)"), "0"},
			{"find by id", step("f", "find", `{"form":"order","record":{"expr":"record.parent"}}`) + `,` + say("s", "steps.f.record.name"), "old"},
			{"aggregate", step("g", "aggregate", `{"form":"order","fn":"sum","field":"total","filter":{"field":"region","op":"eq","value":"north"}}`) + `,` +
				say("s", "text(steps.g.value)"), "108"},
			{"aggregate by group", step("g", "aggregate", `{"form":"order","fn":"count","groupBy":"region","filter":{"field":"region","op":"notEmpty"}}`) + `,` +
				say("s", "text(steps.g.rows[0].value) + steps.g.rows[0].key"), "3north"},
			{"set and calculate", step("v", "set", `{"values":{"rate":0.1,"who":{"expr":"user.name"}}}`) + `,` +
				step("k", "calculate", `{"lines":[{"key":"base","title":{"en":"Base"},"value":{"expr":"record.total"}},{"key":"share","value":{"expr":"lines.base * vars.rate / 3"},"scale":2}]}`) + `,` +
				step("s", "create", `{"form":"line","data":{"text":{"expr":"vars.who + ' ' + text(steps.k.lines.share)"},"trace":{"expr":"steps.k.trace"}}}`), "ann 3.33"},
			{"branch", step("b", "branch", `{"cases":[{"when":{"expr":"record.total > 1000"},"steps":[`+say("x", "'much'")+`]},{"when":{"expr":"record.total > 50"},"steps":[`+say("y", "'some'")+`]}],"else":[`+say("z", "'little'")+`]}`), "some"},
			{"branch otherwise", step("b", "branch", `{"cases":[{"when":{"expr":"record.total > 1000"},"steps":[`+say("x", "'much'")+`]}],"else":[`+say("z", "'little'")+`]}`) + `,` + say("s", "'after'"), "little after"},
			{"left out", `{"key":"s","type":"create","when":{"expr":"record.total < 0"},"config":{"form":"line","data":{}}},` + say("t", "'t'"), "t"},
			{"stop", step("x", "stop", `{"reason":"enough of {{ record.name }}"}`) + `,` + say("s", "'never'"), ""},
		} {
			r.steps(c.steps)
			id := r.create("order", object{"name": "o", "region": "north", "total": 100, "parent": old})
			r.drain()
			r.wants(c.name, r.all("line", "text"), c.want)
			if r.Failed() {
				x := r.runs()
				r.Fatalf("%s: %+v %v %v", c.name, x[len(x)-1].Result, x[len(x)-1].Error, x[len(x)-1].Progress)
			}
			r.clear("line")
			r.write(&record.Intent{Verb: record.Delete, Form: "shop.order", ID: id})
		}
		runs := r.runs()
		if reason, _ := runs[len(runs)-1].Result["reason"].(map[string]any); reason[""] != "enough of o" {
			r.Errorf("the reason is not in the run: %v", runs[len(runs)-1].Result)
		}
	})
}

// The trace of a calculation is in the log, with what each line read, and goes into a sub-table.
func TestCalculationIsTraced(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.steps(step("k", "calculate", `{"lines":[{"key":"base","title":{"en":"Base"},"value":{"expr":"record.total"}},{"key":"half","value":{"expr":"lines.base / 2"}}]}`) + `,` +
			step("s", "create", `{"form":"line","data":{"trace":{"expr":"steps.k.trace"}}}`))
		r.create("order", object{"name": "o", "total": 9})
		r.drain()
		log, _ := r.one(outbox.Done).Progress["log"].([]any)
		text := string(value.AppendJSON(nil, log[0]))
		if !strings.Contains(text, `{"expr":"lines.base / 2","key":"half","read":{"lines.base":9},"value":4.5}`) {
			r.Errorf("the log is %s", text)
		}
		recs, err := r.e.Records.Find(r.ctx, r.admin(), "shop.line", record.Query{})
		r.must(err)
		rows, _ := r.e.Records.Values(recs[0])["trace"].([]any)
		first, _ := rows[0].(map[string]any)
		if len(rows) != 2 || first["title"] != "Base" || first["value"] != 9.0 {
			r.Errorf("the sub-table is %v", rows)
		}
	})
}

func TestStepsThatWrite(t *testing.T) {
	onEachStore(t, func(r *rig) {
		a := r.create("order", object{"name": "a", "region": "south", "total": 1})
		b := r.create("order", object{"name": "b", "region": "south", "total": 2})
		for _, c := range []struct {
			name, steps string
			check       func(id string) string
			want        string
		}{
			{"update the record itself, a read-only field too", step("u", "update", `{"data":{"note":{"expr":"item.name + record.name"},"locked":"yes"}}`),
				func(id string) string { return words(r.get("order", id)["note"], r.get("order", id)["locked"]) }, "oo yes"},
			{"update another", step("u", "update", `{"form":"order","record":{"expr":"record.parent"},"data":{"note":{"expr":"'of ' + item.name"}}}`),
				func(string) string { return fmt.Sprint(r.get("order", a)["note"]) }, "of a"},
			{"update all that match", step("u", "update", `{"form":"order","filter":{"field":"region","op":"eq","value":"south"},"data":{"total":{"expr":"item.total * 10"}}}`) + `,` + say("s", "text(steps.u.count)"),
				func(string) string {
					return words(r.get("order", a)["total"], r.get("order", b)["total"], r.all("line", "text"))
				}, "10 20 2"},
			{"clear a value", step("u", "update", `{"data":{"total":{"expr":"nil"}}}`), func(id string) string { return fmt.Sprint(r.get("order", id)["total"]) }, "<nil>"},
			{"create sees what it made", step("c", "create", `{"form":"order","data":{"name":"made","total":4}}`) + `,` + say("s", "text(steps.c.record.twice)"),
				func(string) string { return r.all("line", "text") }, "8"},
			{"delete", step("d", "delete", `{}`), func(id string) string {
				rec, err := r.e.Records.Load(r.ctx, r.admin(), "shop.order", id)
				r.must(err)
				return fmt.Sprint(rec.Doc.Deleted)
			}, "true"},
			{"transition through a legal move", step("m", "transition", `{"to":"won","comment":"by {{ user.name }}"}`), func(id string) string {
				h, err := r.e.Records.History(r.ctx, r.admin(), "shop.order", id, 0, 1)
				r.must(err)
				return fmt.Sprint(r.get("order", id)["stage"], " ", h[0].Comment, " ", h[0].Via, " ", h[0].Automation, " ", h[0].Run != "")
			}, "won by ann automation shop.a true"},
		} {
			r.steps(c.steps)
			id := r.create("order", object{"name": "o", "region": "north", "total": 7, "parent": a})
			r.define(`{"kind":"automation","key":"a","disabled":true,"form":"order","trigger":{"on":"created"},"steps":[` + c.steps + `]}`)
			r.drain()
			r.wants(c.name, c.check(id), c.want)
			r.clear("line")
		}
	})
}

// A stage is moved through transitions alone: no automation gets round the rules.
func TestIllegalMovesAreRefused(t *testing.T) {
	onEachStore(t, func(r *rig) {
		for _, s := range []string{
			step("m", "transition", `{"to":"won"}`), // without the total that it requires
			step("u", "update", `{"data":{"stage":"won"}}`),
		} {
			r.steps(s)
			id := r.create("order", object{"name": "o"})
			r.drain()
			runs := r.runs()
			last := runs[len(runs)-1]
			if last.State != outbox.Failed || last.Problems[0].Code != "required" || r.get("order", id)["stage"] != "new" {
				r.Errorf("%s: %s %v", s, last.State, last.Problems)
			}
			if failed, _ := last.Result["failed"].(map[string]any); failed["step"] != "m" && failed["step"] != "u" {
				r.Errorf("it does not say where: %v", last.Result)
			}
		}
	})
}

func TestEach(t *testing.T) {
	onEachStore(t, func(r *rig) {
		for i := range 120 {
			r.create("order", object{"name": fmt.Sprint("o", i), "region": "south", "total": i})
		}
		one := `{"form":"order","filter":{"field":"region","op":"eq","value":"south"},"steps":[`
		for _, c := range []struct{ name, steps, lines, total string }{
			{"together", step("e", "each", one+`{"key":"u","type":"update","when":{"expr":"item.total >= 100"},"config":{"form":"order","record":{"expr":"item.id"},"data":{"note":"big"}}}]}`) + `,` + say("s", "text(steps.e.count)"), "120", "20"},
			{"one by one", step("e", "each", one+step("v", "set", `{"values":{"n":{"expr":"item.total"}}}`)+`,`+
				step("u", "update", `{"form":"order","record":{"expr":"item.id"},"data":{"note":{"expr":"vars.n >= 100 ? 'big' : nil"}}}`)+`]}`) + `,` + say("s", "text(steps.e.count)"), "120", "20"},
			{"a list", step("e", "each", `{"list":{"expr":"[1, 2, 3]"},"steps":[`+say("s", "text(item)")+`]}`), "1 2 3", "20"},
		} {
			r.steps(c.steps)
			r.create("order", object{"name": "start"})
			r.drain()
			r.wants(c.name, r.all("line", "text"), c.lines)
			recs, err := r.e.Records.Find(r.ctx, r.admin(), "shop.order", record.Query{Limit: 500})
			r.must(err)
			n := 0
			for _, rec := range recs {
				if rec.Data()["note"] == "big" {
					n++
				}
			}
			r.wants(c.name+": changed", n, c.total)
			r.clear("line")
		}
		r.steps(step("e", "each", `{"form":"order","limit":50,"steps":[`+say("s", "'x'")+`]}`))
		r.create("order", object{"name": "start"})
		r.drain()
		runs := r.runs()
		if last := runs[len(runs)-1]; last.State != outbox.Failed || last.Problems[0].Code != "each-limit" {
			r.Errorf("too many items: %s %v", last.State, last.Problems)
		}
	})
}

// A page of a loop in which one record is refused is written up to that record, and the run says which it was.
func TestEachStopsAtTheRecordThatIsRefused(t *testing.T) {
	onEachStore(t, func(r *rig) {
		for i := range 10 {
			r.create("order", object{"name": fmt.Sprint("o", i), "region": "south", "total": i})
		}
		r.steps(step("e", "each", `{"form":"order","filter":{"field":"region","op":"eq","value":"south"},"steps":[`+
			step("u", "update", `{"form":"order","record":{"expr":"item.id"},"data":{"name":{"expr":"item.total == 5 ? '' : 'done'"}}}`)+`]}`))
		r.create("order", object{"name": "start"})
		r.drain()
		run := r.one(outbox.Failed)
		failed, _ := run.Result["failed"].(map[string]any)
		item, _ := failed["item"].(map[string]any)
		if run.Problems[0].Code != "required" || item["total"] != 5.0 {
			r.Errorf("%v at %v", run.Problems, failed)
		}
		if got := strings.Count(r.all("order", "name"), "done"); got != 5 {
			r.Errorf("%d were done", got)
		}
		for _, rec := range []string{"5"} { // mended, it goes on where it stopped
			recs, err := r.e.Records.Find(r.ctx, r.admin(), "shop.order", record.Query{Limit: 50})
			r.must(err)
			for _, x := range recs {
				if fmt.Sprint(x.Data()["total"]) == rec {
					r.update("order", x.Doc.ID, object{"total": 50})
				}
			}
		}
		_, err := r.e.Outbox.Retry(r.ctx, run.ID)
		r.must(err)
		r.drain()
		r.one(outbox.Done)
		if got := strings.Count(r.all("order", "name"), "done"); got != 10 {
			r.Errorf("%d are done in the end", got)
		}
	})
}

func TestPost(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.automate(`"form":"order","trigger":{"on":"saved","fields":["total"]},"steps":[` +
			step("p", "post", `{"form":"line","keyField":"text","key":{"expr":"record.id"},"amountField":"amount","amount":{"expr":"record.total * 0.1"},"data":{"order":{"expr":"record.id"}}}`) + `]`)
		id := r.create("order", object{"name": "o", "total": 100})
		r.drain()
		r.update("order", id, object{"total": 250})
		r.drain()
		r.update("order", id, object{"total": 250.001}) // rounds to the same
		r.drain()
		r.update("order", id, object{"total": 30})
		r.drain()
		r.wants("postings", r.all("line", "amount"), "10 15 -22")
		for _, run := range r.runs() { // and nothing again
			_, err := r.e.Automation.Replay(r.ctx, run.ID, r.ann)
			r.must(err)
		}
		r.drain()
		r.wants("postings after replays", r.all("line", "amount"), "10 15 -22")
		r.wants("the parent's sum", r.get("order", id)["sum"], 3)
	})
}

func TestAssign(t *testing.T) {
	onEachStore(t, func(r *rig) {
		names := map[any]string{r.dora: "dora", r.ann: "ann", r.ben: "ben", r.cho: "cho", r.max: "max", nil: "-"}
		assign := func(config string, orders ...object) string {
			r.clear("order")
			r.steps(step("a", "assign", `{"field":"owner",`+config+`}`))
			var out []string
			for _, o := range orders {
				o["name"] = "o"
				id := r.create("order", o)
				r.drain()
				out = append(out, names[r.get("order", id)["owner"]])
			}
			return strings.Join(out, " ")
		}
		some := func(n int, o object) []object {
			var out []object
			for range n {
				c := object{}
				for k, v := range o {
					c[k] = v
				}
				out = append(out, c)
			}
			return out
		}
		all := `"rules":[{"among":{"users":["` + r.ann + `","` + r.ben + `","` + r.cho + `"]}}]`
		r.wants("in turn", assign(`"by":"round-robin",`+all, some(4, nil)...), "ann ben cho ann")
		r.wants("up to the capacity", assign(`"by":"first","capacity":2,`+all, some(7, nil)...), "ann ann ben ben cho cho -")
		r.wants("by the person", assign(`"by":"first","capacity":{"expr":"candidate.name == 'ann' ? 1 : 2"},`+all, some(4, nil)...), "ann ben ben cho")
		r.wants("what counts", assign(`"by":"first","capacity":1,"load":{"field":"region","op":"eq","value":"north"},`+all, object{"region": "south"}, object{"region": "north"}, object{"region": "north"}), "ann ann ben")
		r.wants("least loaded", assign(`"by":"least-loaded",`+all, object{"owner": r.ann}, object{}, object{}, object{}), "cho ann ben cho")
		r.wants("by rules", assign(`"by":"round-robin","rules":[{"when":{"expr":"record.region == 'north'"},"among":{"users":["`+r.ben+`"]}},{"when":{"expr":"record.region == 'south'"},"among":{"role":"rep"}}]`,
			object{"region": "north"}, object{"region": "east"}), "ben -")
		_, err := r.e.Org.UpdateUser(r.ctx, r.ann, 0, func(u *org.User) error { u.Active = false; return nil })
		r.must(err)
		r.wants("only who is active", assign(`"by":"first",`+all, some(1, nil)...), "ben")
		if run := r.runs(); len(run) == 0 {
			r.Error("no runs")
		}
	})
}

func TestNotify(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.steps(step("n", "notify", `{"to":[{"field":"owner"},{"role":"rep"}],"title":{"en":"{{ record.name }}: {{ record.total }} on {{ record.due }}","zh-CN":"{{ record.name }}"},"body":"see"}`) + `,` +
			step("m", "notify", `{"to":[{"field":"owner","leaders":true}],"title":"to the leader","key":{"expr":"record.region"}}`))
		for range 2 {
			r.create("order", object{"name": "o", "total": 2.5, "due": "2026-03-04", "owner": r.ben, "region": "north"})
			r.drain()
		}
		r.wants("ben", r.told(r.ben), "o: 2.5 on 2026-03-04; o: 2.5 on 2026-03-04")
		r.wants("dora, once for the region", strings.Count(r.told(r.dora), "leader"), 1)
		r.wants("max", r.told(r.max), "")
		runs := r.runs()
		r.must(func() error { _, err := r.e.Automation.Replay(r.ctx, runs[0].ID, ""); return err }())
		r.drain()
		r.wants("a replay tells again", strings.Count(r.told(r.ben), "o: 2.5"), 3)
	})
}

// A step that fails ends the run with the step and the problem; what was done before stays, and resuming goes on behind it.
func TestFailingStep(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.steps(say("s", "'once'") + `,` + step("u", "update", `{"form":"order","record":{"expr":"record.parent"},"data":{"name":{"expr":"record.note"}}}`) + `,` + say("e", "'end'"))
		other := r.create("order", object{"name": "other"})
		r.drain()
		r.clear("line")
		id := r.create("order", object{"name": "o", "parent": other})
		r.drain()
		runs := r.runs()
		run := runs[len(runs)-1]
		failed, _ := run.Result["failed"].(map[string]any)
		if run.State != outbox.Failed || failed["step"] != "u" || run.Problems[0].Code != "required" || run.Problems[0].Pointer != "/steps/u/data/name" {
			r.Fatalf("%s %v %v", run.State, run.Problems, run.Result)
		}
		r.wants("before the failure", r.all("line", "text"), "once")
		r.update("order", id, object{"note": "named"})
		_, err := r.e.Outbox.Retry(r.ctx, run.ID)
		r.must(err)
		r.drain()
		r.wants("after resuming", r.all("line", "text"), "once end")
		r.wants("the other", r.get("order", other)["name"], "named")
	})
}

func TestEndlessLoopIsStopped(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.automate(`"form":"order","trigger":{"on":"created"},"limits":{"steps":50},"steps":[` +
			step("e", "each", `{"list":{"expr":"1..1000"},"steps":[`+step("v", "set", `{"values":{"n":{"expr":"item"}}}`)+`]}`) + `]`)
		r.create("order", object{"name": "o"})
		r.drain()
		if run := r.one(outbox.Failed); run.Problems[0].Code != "step-limit" {
			r.Errorf("%v", run.Problems)
		}
	})
}

// A run keeps to the definition that it began with; where the forms do not fit it any more it stops, and can be resumed.
func TestDefinitionChangedInTheMiddle(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.steps(say("s", "'old ' + record.region"))
		r.create("order", object{"name": "o", "region": "north"})
		r.define(`{"kind":"automation","key":"a","form":"order","trigger":{"on":"created"},"steps":[` + say("s", "'new'") + `]}`)
		r.drain()
		r.wants("pinned", r.all("line", "text"), "old north")
		r.clear("line")
		r.steps(say("s", "'old ' + record.region"))
		r.create("order", object{"name": "o", "region": "south"})
		form := r.defs["form/order"]
		r.define(strings.Replace(form, `"region":{"x-field":{"type":"text"}},`, ``, 1), `{"kind":"automation","key":"a","form":"order","trigger":{"on":"created"},"steps":[`+say("s", "'new'")+`]}`)
		r.drain()
		runs := r.runs()
		run := runs[len(runs)-1]
		if run.State != outbox.Failed || len(run.Problems) != 2 || run.Problems[0].Code != "definition-changed" || run.Problems[1].Code != "unknown-name" {
			r.Fatalf("%s %v", run.State, run.Problems)
		}
		r.define(form)
		_, err := r.e.Outbox.Retry(r.ctx, run.ID)
		r.must(err)
		r.drain()
		r.wants("resumed", r.all("line", "text"), "old south")
	})
}

// A rehearsal shows what would happen, steps after seeing those before, and writes nothing.
func TestRehearsal(t *testing.T) {
	onEachStore(t, func(r *rig) {
		id := r.create("order", object{"name": "o", "total": 1})
		r.automate(`"form":"order","trigger":{"on":"changed"},"when":{"expr":"before.total < record.total"},"steps":[` +
			step("u", "update", `{"data":{"total":{"expr":"record.total + 1"}}}`) + `,` + say("s", "text(record.twice)") + `,` +
			step("n", "notify", `{"to":[{"role":"rep"}],"title":"x"}`) + `]`)
		got, err := r.e.Automation.Rehearse(r.ctx, "shop", "a", id, r.ann, nil)
		r.must(err)
		r.wants("starts", got.Starts, false)
		got, err = r.e.Automation.Rehearse(r.ctx, "shop", "a", id, r.ann, object{"total": 0.0})
		r.must(err)
		text := string(value.AppendJSON(nil, got.Steps))
		if !got.Starts || len(got.Problems) > 0 || !strings.Contains(text, `"data":{"text":"4"}`) || !strings.Contains(text, `"count":4`) {
			r.Errorf("%v %v %s", got.Starts, got.Problems, text)
		}
		r.wants("written", words(r.all("line", "text"), r.get("order", id)["total"], r.told(r.ben), len(r.runs())), "1  0")
	})
}

// A run whose writes race with others' does not work with what it read before they came.
func TestWritesAreMadeOnWhatWasRead(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.automate(`"form":"line","trigger":{"on":"created"},"steps":[` +
			step("u", "update", `{"form":"order","record":{"expr":"record.order"},"data":{"total":{"expr":"item.total + 1"}}}`) + `]`)
		id := r.create("order", object{"name": "o", "total": 0})
		ctx, cancel := context.WithCancel(r.ctx)
		done := make(chan error)
		go func() { done <- r.e.Run(ctx) }()
		for range 40 {
			r.create("line", object{"order": id})
		}
		r.drain()
		cancel()
		if err := <-done; err != nil && !errors.Is(err, store.ErrClosed) {
			r.Fatal(err)
		}
		for _, run := range r.runs() {
			if run.State != outbox.Done {
				r.Errorf("%s is %s after %d attempts: %s", run.ID, run.State, run.Attempts, run.Error)
			}
		}
		r.wants("total", r.get("order", id)["total"], 40)
	})
}
