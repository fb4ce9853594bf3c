package record_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"formwork/engine/access"
	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/schemas/problem"
)

const dealForm = `{"kind":"form","key":"deal","titleField":"name","schema":{"type":"object","required":["name"],"properties":{
"name":{"type":"string","x-field":{"type":"text"}},
"amount":{"type":"number","x-field":{"type":"number","scale":2}},
"reason":{"type":"string","x-field":{"type":"text"}},
"owner":{"type":"string","x-field":{"type":"user","default":{"expr":"user.id"}}},
"since":{"type":"string","x-field":{"type":"datetime"}},
"due":{"type":"string","x-field":{"type":"date"}},
"stage":{"type":"string","x-field":{"type":"select"}}}},
"rules":[{"key":"why","when":{"expr":"stage == 'lost'"},"require":["reason"]}],
"stages":{"field":"stage","initial":"new","since":"since","due":"due",
 "states":[{"key":"new","limit":7},{"key":"offer","limit":14,"require":["amount"]},{"key":"won"},{"key":"lost"}],
 "transitions":[{"key":"offer","from":["new"],"to":"offer"},
  {"key":"win","from":["offer"],"to":"won","roles":["lead"],"guard":{"expr":"amount >= 100"},"refuse":"too small"},
  {"key":"lose","from":["*"],"to":"lost","comment":true}]}}`

const (
	dealRep  = `{"kind":"role","key":"rep","forms":[{"form":"deal","actions":["read","create","update","transition","delete"]}]}`
	dealLead = `{"kind":"role","key":"lead","forms":[{"form":"deal","actions":["read","create","update","transition"]}]}`
)

func move(w *world, c record.Caller, id, to, comment string, data map[string]any) error {
	_, _, err := w.Write(ctx, c, &record.Intent{Verb: record.Move, Form: "lab.deal", ID: id, To: to, Comment: comment, Data: data}, record.WriteOptions{})
	return err
}

func TestTheClockOfAStage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", dealForm, dealRep, dealLead)
		c := w.as(w.user("u", org.User{}), "rep")
		d := w.create(c, "lab.deal", map[string]any{"name": "d"})
		clock := func() string {
			m := w.data(admin(), "lab.deal", d.Doc.ID)
			return fmt.Sprint(m["stage"], " ", m["since"], " ", m["due"])
		}
		if got := clock(); got != "new 2026-03-05T09:30:00.000Z 2026-03-12" {
			t.Errorf("a new record: %s", got)
		}
		w.now = w.now.Add(48 * time.Hour)
		if _, err := w.patch(c, d, map[string]any{"name": "e"}); err != nil || clock() != "new 2026-03-05T09:30:00.000Z 2026-03-12" {
			t.Errorf("what does not move it: %s %v", clock(), err)
		}
		for _, k := range []string{"since", "due"} {
			_, err := w.patch(c, d, map[string]any{k: "2026-01-01"})
			wantKind(t, err, problem.Invalid, "not-writable")
		}
		w.now = time.Date(2026, 3, 7, 20, 0, 0, 0, time.UTC) // the 8th in the workspace
		if err := move(w, c, d.Doc.ID, "offer", "", map[string]any{"amount": 5.0}); err != nil || clock() != "offer 2026-03-07T20:00:00.000Z 2026-03-22" {
			t.Errorf("a transition: %s %v", clock(), err)
		}
		late, err := w.Query(ctx, c, "lab.deal", record.Query{Filter: filter(t, `{"field":"due","op":"lt","value":"2026-04-01"}`), Sort: []string{"since"}})
		if err != nil || len(late.Items) != 1 {
			t.Errorf("asking by the clock: %d %v", len(late.Items), err)
		}
		if _, err := w.patch(admin(), d, map[string]any{"stage": "won", "since": "2026-02-01T00:00:00Z"}); err != nil || clock() != "won 2026-02-01T00:00:00.000Z <nil>" {
			t.Errorf("set with its history: %s %v", clock(), err)
		}
	})
}

func TestEveryPathKeepsToTransitions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", dealForm, dealRep, dealLead)
		c := w.as(w.user("u", org.User{}), "rep")
		d := w.create(c, "lab.deal", map[string]any{"name": "d", "amount": 500.0})
		illegal := map[string]func() error{
			"a transition": func() error { return move(w, c, d.Doc.ID, "won", "", nil) },
			"a patch":      func() error { _, err := w.patch(c, d, map[string]any{"stage": "won"}); return err },
			"in bulk": func() error {
				got, err := w.Bulk(ctx, c, []*record.Intent{{Verb: record.Update, Form: "lab.deal", ID: d.Doc.ID, Data: map[string]any{"stage": "won"}}}, false, record.WriteOptions{})
				if err != nil {
					return err
				}
				return got[0].Err
			},
			"an import": func() error {
				i := c
				i.Via, i.Bound, i.Subject = "import", true, access.Subject{User: "admin", Admin: true}
				_, err := w.patch(i, d, map[string]any{"stage": "won"})
				return err
			},
			"an automation": func() error {
				a := record.System(record.ViaAutomation)
				_, err := w.patch(a, d, map[string]any{"stage": "won"})
				return err
			},
		}
		for name, try := range illegal {
			if err := try(); problem.KindOf(err) != problem.Invalid || problem.Of(err)[0].Code != "no-transition" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := w.data(c, "lab.deal", d.Doc.ID)["stage"]; got != "new" {
			t.Fatalf("it stands in %v", got)
		}
		// Going back to an old version is a write like any other.
		if err := move(w, c, d.Doc.ID, "offer", "", nil); err != nil {
			t.Fatal(err)
		}
		_, _, err := w.Revert(ctx, c, "lab.deal", d.Doc.ID, 1, nil, record.WriteOptions{})
		if got := w.data(c, "lab.deal", d.Doc.ID)["stage"]; got != "offer" {
			t.Errorf("a revert moved it to %v (%v)", got, err)
		}
		// The recycle bin changes no stage.
		for _, verb := range []record.Verb{record.Delete, record.Restore} {
			if _, _, err := w.Write(ctx, c, &record.Intent{Verb: verb, Form: "lab.deal", ID: d.Doc.ID, Data: nil}, record.WriteOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.data(c, "lab.deal", d.Doc.ID); got["stage"] != "offer" || got["since"] != "2026-03-05T09:30:00.000Z" {
			t.Errorf("out of the bin it stands in %v since %v", got["stage"], got["since"])
		}
		// An automation makes the moves that there are, roles or not, and fills what people may not.
		a := record.System(record.ViaAutomation)
		if _, err := w.patch(a, d, map[string]any{"stage": "won"}); err != nil {
			t.Errorf("a legal move by an automation: %v", err)
		}
	})
}

func TestWhatAMoveNeeds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", dealForm, dealRep, dealLead)
		c, l := w.as(w.user("u", org.User{}), "rep"), w.as(w.user("v", org.User{}), "lead")
		d := w.create(c, "lab.deal", map[string]any{"name": "d"})
		wantKind(t, move(w, c, d.Doc.ID, "offer", "", nil), problem.Invalid, "required")
		_, err := w.patch(c, d, map[string]any{"stage": "offer"})
		wantKind(t, err, problem.Invalid, "required")
		wantKind(t, move(w, c, d.Doc.ID, "lost", "", map[string]any{"reason": "price"}), problem.Invalid, "required")
		ways := func(c record.Caller) string {
			t.Helper()
			list, err := w.Ways(ctx, c, "lab.deal", d.Doc.ID)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, x := range list {
				codes := []string{}
				for _, p := range x.Problems {
					codes = append(codes, p.Code)
				}
				out = append(out, fmt.Sprintf("%s %v %v needs%v lacks%v %v%v", x.To, x.Allowed, x.Open, x.Require, x.Missing, x.Comment, codes))
			}
			return strings.Join(out, "; ")
		}
		if got, want := ways(c), "offer false true needs[amount] lacks[amount] false[]; lost false true needs[] lacks[reason] true[]"; got != want {
			t.Errorf("ways are %s\nwant %s", got, want)
		}
		if err := move(w, c, d.Doc.ID, "offer", "", map[string]any{"amount": 5.0}); err != nil {
			t.Fatal(err)
		}
		if got, want := ways(c), "won false false needs[] lacks[] false[transition-role]; lost false true needs[] lacks[reason] true[]"; got != want {
			t.Errorf("ways of a rep are %s\nwant %s", got, want)
		}
		if got := ways(l); !strings.HasPrefix(got, "won false false needs[] lacks[] false[guard]; ") {
			t.Errorf("a guard that does not hold: %s", got)
		}
		if _, err := w.patch(l, d, map[string]any{"amount": nil}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.patch(l, d, map[string]any{"amount": 100.0}); err != nil {
			t.Fatal(err)
		}
		if got := ways(l); !strings.HasPrefix(got, "won true true ") {
			t.Errorf("a way that is open: %s", got)
		}
		if _, err := w.Ways(ctx, w.as(w.user("x", org.User{})), "lab.deal", d.Doc.ID); problem.KindOf(err) != problem.NotFound {
			t.Errorf("for somebody without rights: %v", err)
		}
	})
}

func TestHowLongInWhichStage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", dealForm, dealRep, dealLead)
		c := w.as(w.user("u", org.User{}), "rep")
		d := w.create(c, "lab.deal", map[string]any{"name": "d", "amount": 5.0})
		w.now = w.now.Add(4 * 24 * time.Hour)
		if err := move(w, c, d.Doc.ID, "offer", "", nil); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(20 * 24 * time.Hour)
		log, err := w.StageLog(ctx, c, "lab.deal", d.Doc.ID)
		if err != nil {
			t.Fatal(err)
		}
		if log.Stage != "offer" || log.Days != 20 || log.Limit != 14 || log.Due != "2026-03-23" || log.Total["new"] != 4 || len(log.Stays) != 2 || log.Stays[0].Until != log.Since || log.Stays[1].By != c.User {
			t.Errorf("%+v", log)
		}
		if err := move(w, c, d.Doc.ID, "lost", "too dear", map[string]any{"reason": "price"}); err != nil {
			t.Fatal(err)
		}
		log, err = w.StageLog(ctx, c, "lab.deal", d.Doc.ID)
		if err != nil || log.Limit != 0 || log.Due != "" || log.Total["offer"] != 20 || log.Stays[2].Comment != "too dear" {
			t.Errorf("%+v %v", log, err)
		}
	})
}

// A clock that a form is given later is set by what the journal says.
func TestAClockForRecordsThatWereThere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		plain := strings.Replace(dealForm, `"since":"since","due":"due",`, "", 1)
		w.publishApp("lab", plain, dealRep, dealLead)
		c := w.as(w.user("u", org.User{}), "rep")
		d := w.create(c, "lab.deal", map[string]any{"name": "d", "amount": 5.0})
		w.now = w.now.Add(24 * time.Hour)
		if err := move(w, c, d.Doc.ID, "offer", "", nil); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(24 * time.Hour)
		w.publishApp("lab", dealForm, dealRep, dealLead)
		if err := w.RunConvert(ctx, map[string]any{"form": "lab.deal"}, nil, w.jobs); err != nil {
			t.Fatal(err)
		}
		got := w.data(c, "lab.deal", d.Doc.ID)
		if got["since"] != "2026-03-06T09:30:00.000Z" || got["due"] != "2026-03-20" {
			t.Errorf("since %v, due %v", got["since"], got["due"])
		}
	})
}

func TestFiguresOfMoves(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", dealForm, strings.Replace(dealRep, `"delete"]`, `"delete"],"rows":"own"`, 1), dealLead)
		u, v := w.user("u", org.User{}), w.user("v", org.User{})
		c, other := w.as(u, "rep"), w.as(v, "rep")
		for i, by := range []record.Caller{c, c, other} {
			d := w.create(by, "lab.deal", map[string]any{"name": "d", "amount": float64(i + 1)})
			w.now = w.now.Add(time.Duration(i+1) * 24 * time.Hour)
			if err := move(w, by, d.Doc.ID, "offer", "", nil); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				if err := move(w, by, d.Doc.ID, "lost", "x", map[string]any{"reason": "r"}); err != nil {
					t.Fatal(err)
				}
			}
		}
		figures := func(c record.Caller, a string) string {
			t.Helper()
			got, err := w.Moves(ctx, c, "lab.deal", ask(t, a))
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, r := range got.Rows {
				out = append(out, fmt.Sprint(r["to"], r["record.amount"], " ", r["n"], " ", r["days"]))
			}
			return strings.Join(out, "; ")
		}
		byTo := `{"groupBy":[{"field":"to"}],"measures":[{"fn":"count","as":"n"},{"fn":"avg","field":"days","as":"days"}],"sort":["to"]}`
		if got := figures(admin(), byTo); got != "lost<nil> 1 0; offer<nil> 3 2" {
			t.Errorf("everybody's: %s", got)
		}
		if got := figures(c, byTo); got != "lost<nil> 1 0; offer<nil> 2 1.5" {
			t.Errorf("one's own: %s", got)
		}
		if got := figures(admin(), `{"filter":{"field":"record.amount","op":"gt","value":1},"groupBy":[{"field":"to"}],"measures":[{"fn":"count","as":"n"}]}`); got != "offer<nil> 2 <nil>" {
			t.Errorf("through the record: %s", got)
		}
		if got := figures(admin(), `{"filter":{"field":"owner","op":"eq","value":"`+v.ID+`"},"groupBy":[{"field":"to"}],"measures":[{"fn":"count","as":"n"}]}`); got != "offer<nil> 1 <nil>" {
			t.Errorf("of one owner: %s", got)
		}
		if _, err := w.Moves(ctx, w.as(w.user("x", org.User{})), "lab.deal", ask(t, byTo)); problem.KindOf(err) != problem.NotFound {
			t.Errorf("for somebody without rights: %v", err)
		}
	})
}

// Who brings records from elsewhere may bring along how they came to their stage.
func TestAPastThatIsBroughtAlong(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", dealForm, dealRep, dealLead)
		day := func(n int) time.Time { return w.now.Add(-time.Duration(n) * 24 * time.Hour) }
		in := func(past ...record.Past) *record.Intent {
			return &record.Intent{Verb: record.Create, Form: "lab.deal", Data: map[string]any{"name": "d", "amount": 1.0, "stage": "offer"}, Past: past}
		}
		d, _, err := w.Write(ctx, admin(), in(record.Past{Stage: "new", At: day(20)}, record.Past{Stage: "offer", At: day(5)}), record.WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		log, err := w.StageLog(ctx, admin(), "lab.deal", d.Doc.ID)
		if err != nil || log.Days != 5 || log.Total["new"] != 15 || log.Total["offer"] != 5 || log.Due != "2026-03-14" {
			t.Errorf("%+v %v", log, err)
		}
		if err := move(w, admin(), d.Doc.ID, "won", "", map[string]any{"amount": 100.0}); err != nil {
			t.Fatal(err)
		}
		if log, err = w.StageLog(ctx, admin(), "lab.deal", d.Doc.ID); err != nil || len(log.Stays) != 3 || log.Total["offer"] != 5 {
			t.Errorf("%+v %v", log, err)
		}
		rep := w.as(w.user("u", org.User{}), "rep")
		_, _, err = w.Write(ctx, rep, in(record.Past{Stage: "new", At: day(2)}), record.WriteOptions{})
		wantKind(t, err, problem.Forbidden, "forbidden")
		for _, bad := range [][]record.Past{{{Stage: "nowhere", At: day(1)}}, {{Stage: "new", At: day(1)}}, {{Stage: "new", At: day(1)}, {Stage: "offer", At: day(2)}}, {{Stage: "offer", At: day(-1)}}} {
			if _, _, err := w.Write(ctx, admin(), in(bad...), record.WriteOptions{}); problem.KindOf(err) != problem.Invalid {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}
