package record_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

const poolForm = `{"kind":"form","key":"lead","titleField":"name","schema":{"type":"object","required":["name"],"properties":{
"name":{"type":"string","x-field":{"type":"text"}},
"phone":{"type":"string","x-field":{"type":"phone"}},
"level":{"type":"string","x-field":{"type":"select","options":[{"value":"A","title":{"en":"Key","zh-CN":"重点"}},{"value":"B"}]}},
"secret":{"type":"string","x-field":{"type":"text"}},
"why":{"type":"string","x-field":{"type":"text"}},
"takenAt":{"type":"string","x-field":{"type":"date"}},
"owner":{"type":"string","x-field":{"type":"user","default":{"expr":"user.id"}}}}},
"limits":[{"key":"held","owner":"owner","max":2,"filter":{"field":"level","op":"eq","value":"A"},"message":"Two are enough"}],
"claims":[{"key":"take","field":"owner","when":{"expr":"level != 'B'"},"refuse":"B is not for taking","set":{"takenAt":{"expr":"today()"},"why":null},
  "release":{"require":["why"],"comment":true,"set":{"takenAt":null}},"wait":7}],
"duplicates":[{"key":"phone","fields":["phone"],"match":"phone","on":"refuse","reveal":["name","owner","level"]},
  {"key":"name","fields":["name"],"match":"name","reveal":["name","owner"]}]}`

const poolRep = `{"kind":"role","key":"rep","forms":[
 {"form":"lead","actions":["read","create","update","delete"],"rows":"own"},
 {"form":"lead","actions":["read"],"where":{"field":"owner","op":"empty"}}]}`

func take(w *world, c record.Caller, id string) error {
	_, _, err := w.Write(ctx, c, &record.Intent{Verb: record.Claim, Form: "lab.lead", ID: id, Claim: "take"}, record.WriteOptions{})
	return err
}

func giveBack(w *world, c record.Caller, id, comment, why string) error {
	in := &record.Intent{Verb: record.Release, Form: "lab.lead", ID: id, Claim: "take", Comment: comment, Data: map[string]any{}}
	if why != "" {
		in.Data["why"] = why
	}
	_, _, err := w.Write(ctx, c, in, record.WriteOptions{})
	return err
}

func TestSixtyClaimOneRecord(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", poolForm, poolRep)
		d := w.create(admin(), "lab.lead", map[string]any{"name": "Acme", "level": "A", "owner": nil})
		var callers []record.Caller
		for i := range 60 {
			callers = append(callers, w.as(w.user(fmt.Sprintf("u%02d", i), org.User{}), "rep"))
		}
		var wait sync.WaitGroup
		errs := make([]error, len(callers))
		for i, c := range callers {
			wait.Go(func() { errs[i] = take(w, c, d.Doc.ID) })
		}
		wait.Wait()
		owner, won := w.data(admin(), "lab.lead", d.Doc.ID)["owner"], 0
		for i, err := range errs {
			if err == nil {
				won++
				if callers[i].User != owner {
					t.Errorf("%s won and %s has it", callers[i].User, owner)
				}
				continue
			}
			ps := problem.Of(err)
			if problem.KindOf(err) != problem.Conflict || ps[0].Code != "already-taken" || ps[0].Params["by"] != owner {
				t.Fatalf("a loser learns %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d won", won)
		}
		h, err := w.History(ctx, admin(), "lab.lead", d.Doc.ID, 0, 0)
		if err != nil || len(h) != 2 || h[0].Verb != record.Claim {
			t.Errorf("history: %+v %v", h, err)
		}
	})
}

// However many write at once, by whatever path, nobody has more than the limit.
func TestALimitHolds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", poolForm, poolRep)
		u := w.user("u", org.User{})
		c := w.as(u, "rep")
		held := func() int {
			page, err := w.Query(ctx, admin(), "lab.lead", record.Query{Count: true,
				Filter: filter(t, `{"and":[{"field":"owner","op":"eq","value":"`+u.ID+`"},{"field":"level","op":"eq","value":"A"}]}`)})
			if err != nil {
				t.Fatal(err)
			}
			return page.Total
		}
		var wait sync.WaitGroup
		for i := range 12 {
			wait.Go(func() {
				switch i % 3 {
				case 0:
					_, _, _ = w.Write(ctx, c, &record.Intent{Verb: record.Create, Form: "lab.lead", Data: map[string]any{"name": fmt.Sprint("n", i), "level": "A"}}, record.WriteOptions{})
				case 1:
					var list []*record.Intent
					for j := range 5 {
						list = append(list, &record.Intent{Verb: record.Create, Form: "lab.lead", Data: map[string]any{"name": fmt.Sprint("b", i, j), "level": "A", "owner": u.ID}})
					}
					_, _ = w.Bulk(ctx, admin(), list, false, record.WriteOptions{})
				case 2:
					rec, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Create, Form: "lab.lead", Data: map[string]any{"name": fmt.Sprint("p", i), "level": "A", "owner": nil}}, record.WriteOptions{})
					if err == nil {
						_ = take(w, c, rec.Doc.ID)
					}
				}
			})
		}
		wait.Wait()
		if n := held(); n != 2 {
			t.Fatalf("somebody has %d", n)
		}
		// What does not count is free; what comes to count is refused, and says why.
		b := w.create(c, "lab.lead", map[string]any{"name": "b", "level": "B"})
		_, err := w.patch(c, b, map[string]any{"level": "A"})
		wantKind(t, err, problem.Invalid, "limit-reached")
		if p := problem.Of(err)[0]; p.Pointer != "/data/owner" || p.Params["max"] != int64(2) {
			t.Errorf("%+v", p)
		}
		// The recycle bin gives a place free, and taking out of it needs one.
		page, err := w.Query(ctx, admin(), "lab.lead", record.Query{Filter: filter(t, `{"field":"owner","op":"eq","value":"`+u.ID+`"}`), Search: ""})
		if err != nil {
			t.Fatal(err)
		}
		var first string
		for _, item := range page.Items {
			if strings.Contains(string(item), `"level":"A"`) {
				first = string(item)[7:31]
			}
		}
		bin := func(verb record.Verb) error {
			_, _, err := w.Write(ctx, c, &record.Intent{Verb: verb, Form: "lab.lead", ID: first}, record.WriteOptions{})
			return err
		}
		if err := bin(record.Delete); err != nil {
			t.Fatal(err)
		}
		if _, err := w.patch(c, b, map[string]any{"level": "A"}); err != nil {
			t.Errorf("a place that became free: %v", err)
		}
		wantKind(t, bin(record.Restore), problem.Invalid, "limit-reached")
		got, err := w.Limits(ctx, c, "lab.lead")
		if err != nil || len(got) != 1 || got[0].Used != 2 || got[0].Max != 2 {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestClaimsAndReleases(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", poolForm, poolRep)
		u, v := w.user("u", org.User{}), w.user("v", org.User{})
		c, other, nobody := w.as(u, "rep"), w.as(v, "rep"), w.as(w.user("x", org.User{}))
		id := w.create(admin(), "lab.lead", map[string]any{"name": "Acme", "level": "A", "owner": nil, "why": "old"}).Doc.ID
		b := w.create(admin(), "lab.lead", map[string]any{"name": "Bolt", "level": "B", "owner": nil}).Doc.ID
		wantKind(t, take(w, c, b), problem.Invalid, "not-claimable")
		wantKind(t, take(w, nobody, id), problem.NotFound, "not-found")
		if err := take(w, c, id); err != nil {
			t.Fatal(err)
		}
		if err := take(w, c, id); err != nil {
			t.Errorf("claiming what one has: %v", err)
		}
		if d := w.data(c, "lab.lead", id); d["owner"] != u.ID || d["takenAt"] != "2026-03-05" || d["why"] != nil {
			t.Errorf("%v", d)
		}
		wantKind(t, take(w, nobody, id), problem.NotFound, "not-found")
		wantKind(t, giveBack(w, other, id, "x", "x"), problem.NotFound, "not-found")
		wantKind(t, giveBack(w, c, id, "", "x"), problem.Invalid, "required")
		wantKind(t, giveBack(w, c, id, "no use", ""), problem.Invalid, "required")
		if err := giveBack(w, c, id, "no use", "silent"); err != nil {
			t.Fatal(err)
		}
		wantKind(t, take(w, c, id), problem.Conflict, "claim-wait")
		if list, err := w.Claims(ctx, other, "lab.lead", id); err != nil || len(list) != 1 || list[0].Can != "claim" {
			t.Errorf("what somebody else can do: %+v %v", list, err)
		}
		if list, err := w.Claims(ctx, c, "lab.lead", id); err != nil || len(list) != 1 || list[0].Can != "" || list[0].Problems[0].Code != "claim-wait" {
			t.Errorf("what who had it can do: %+v %v", list, err)
		}
		w.now = w.now.Add(8 * 24 * time.Hour)
		if err := take(w, c, id); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}

func TestDuplicatesAreFoundBeyondOnesRows(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", poolForm, poolRep)
		u, v := w.user("Ann", org.User{}), w.user("Bob", org.User{})
		c, other := w.as(u, "rep"), w.as(v, "rep")
		a := w.create(c, "lab.lead", map[string]any{"name": "华辰科技有限公司", "phone": "+86 138-0013-8000", "secret": "s", "level": "A"})
		create := func(data map[string]any) (problem.List, error) {
			_, warnings, err := w.Write(ctx, other, &record.Intent{Verb: record.Create, Form: "lab.lead", Data: data}, record.WriteOptions{})
			return warnings, err
		}
		_, err := create(map[string]any{"name": "x", "phone": "13800138000"})
		if problem.KindOf(err) != problem.Invalid || problem.Of(err)[0].Code != "duplicate-record" || problem.Of(err)[0].Params["record"] != nil ||
			problem.Of(err)[0].Params["shown"] != "华辰科技有限公司 · Ann" {
			t.Errorf("a phone that somebody has: %+v", problem.Of(err))
		}
		warnings, err := create(map[string]any{"name": "华辰 科技（集团）"})
		if err != nil || len(warnings) != 1 || warnings[0].Code != "duplicate-record" || warnings[0].Pointer != "/data/name" {
			t.Errorf("a name that is alike: %v %v", warnings, err)
		}
		got, err := w.Duplicates(ctx, other, "lab.lead", "", map[string]any{"name": "华辰科技", "phone": "138 0013 8000"})
		if err != nil || len(got) != 3 || got[0].On != "refuse" || got[0].Data["owner"] != "Ann" || got[0].Record != "" || got[0].Data["secret"] != nil || len(got[0].Data) != 3 ||
			got[0].Data["level"].(definition.Text).In("zh-CN") != "重点" {
			t.Errorf("%+v %v", got, err)
		}
		if _, err := w.Duplicates(ctx, w.as(w.user("x", org.User{})), "lab.lead", "", map[string]any{"phone": "13800138000"}); problem.KindOf(err) != problem.NotFound {
			t.Errorf("for somebody without rights: %v", err)
		}
		// One's own record is no duplicate of itself, and what changed is found by its new value only.
		if _, err := w.patch(c, a, map[string]any{"phone": "13800138000"}); err != nil {
			t.Errorf("the same number written otherwise: %v", err)
		}
		if _, err := w.patch(c, a, map[string]any{"phone": "13900139000"}); err != nil {
			t.Fatal(err)
		}
		if _, err := create(map[string]any{"name": "y", "phone": "13800138000"}); err != nil {
			t.Errorf("a number that became free: %v", err)
		}
		// Of many who write at once, one has the number.
		var wait sync.WaitGroup
		var mu sync.Mutex
		made := 0
		for i := range 10 {
			wait.Go(func() {
				_, _, err := w.Write(ctx, other, &record.Intent{Verb: record.Create, Form: "lab.lead", Data: map[string]any{"name": fmt.Sprint("n", i), "phone": "13700137000"}}, record.WriteOptions{})
				if err == nil {
					mu.Lock()
					made++
					mu.Unlock()
				}
			})
		}
		wait.Wait()
		if made != 1 {
			t.Errorf("%d have the number", made)
		}
		res, err := w.Bulk(ctx, other, []*record.Intent{
			{Verb: record.Create, Form: "lab.lead", Data: map[string]any{"name": "one", "phone": "13600136000"}},
			{Verb: record.Create, Form: "lab.lead", Data: map[string]any{"name": "two", "phone": "13600136000"}}}, false, record.WriteOptions{})
		if err != nil || res[0].Err != nil || problem.KindOf(res[1].Err) == "" {
			t.Errorf("two in one batch: %+v %v", res, err)
		}
	})
}

// A rule that a form is given later finds what was there before.
func TestARuleForRecordsThatWereThere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		i := strings.Index(poolForm, `"duplicates"`)
		w.publishApp("lab", strings.TrimRight(strings.TrimSpace(poolForm[:i]), ",")+"}", poolRep)
		w.create(admin(), "lab.lead", map[string]any{"name": "Acme", "phone": "13800138000", "level": "A"})
		plan := w.publishApp("lab", poolForm, poolRep)
		if len(plan.Convert) != 1 {
			t.Fatalf("to convert: %v", plan.Convert)
		}
		if err := w.RunConvert(ctx, map[string]any{"form": "lab.lead"}, nil, w.jobs); err != nil {
			t.Fatal(err)
		}
		got, err := w.Duplicates(ctx, admin(), "lab.lead", "", map[string]any{"phone": "13800138000", "name": "ACME Ltd."})
		if err != nil || len(got) != 2 {
			t.Errorf("%+v %v", got, err)
		}
	})
}
