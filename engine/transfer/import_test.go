package transfer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"formwork/engine/outbox"
	"formwork/engine/record"
	"formwork/schemas/problem"
)

const goods = `{"form": "shop.good", "key": ["name"], "columns": [
	{"column": "name", "field": "name"}, {"column": "price", "field": "price"}, {"column": "kind", "field": "kind", "nearest": true},
	{"column": "tags", "field": "tags"}, {"column": "part of", "field": "parent"}]}`

const goodsCSV = "name,price,kind,tags,part of\nPen,1.50,technolgy,a;Beta,Desk\nDesk,\"1,200\",食品,,\nCup,3,Food,,\n"

func TestImportCreatesUpdatesAndLeavesAlone(t *testing.T) {
	r := newRig(t, memory(), shop())
	m := r.mapping(goods)
	r.expect(r.run(goodsCSV, m), 3, 0, 0, 0)
	all := r.all("shop.good", "name")
	pen := all["Pen"].Data()
	if pen["price"] != 1.5 || pen["kind"] != "technology" || pen["parent"] != all["Desk"].Doc.ID || fmt.Sprint(pen["tags"]) != "[a b]" {
		t.Errorf("Pen: %v, Desk is %s", pen, all["Desk"].Doc.ID)
	}
	if d := all["Desk"].Data(); d["price"] != 1200.0 || d["kind"] != "food" {
		t.Errorf("Desk: %v", d)
	}
	r.expect(r.run(goodsCSV, m), 0, 0, 3, 0)
	r.expect(r.run(strings.Replace(goodsCSV, "Cup,3", "Cup,4", 1)+"Jar,1,,,\n", m), 1, 1, 3-1, 0)
	if v := r.all("shop.good", "name")["Cup"].Data()["price"]; v != 4.0 {
		t.Errorf("Cup costs %v", v)
	}
}

func TestModes(t *testing.T) {
	r := newRig(t, memory(), shop())
	m := r.mapping(goods)
	r.run("name,price,kind,tags,part of\nPen,1,,,\n", m)
	m.Mode = Create
	job := r.run(goodsCSV, m)
	r.expect(job, 2, 0, 0, 1)
	if s := r.errorSheet(job); !strings.Contains(s, "record-exists") || !strings.Contains(s, "Pen") {
		t.Errorf("error sheet %q", s)
	}
	m.Mode = Update
	job = r.run("name,price,kind,tags,part of\nPen,2,,,\nNew,2,,,\n", m)
	r.expect(job, 0, 1, 0, 1)
	if s := r.errorSheet(job); !strings.Contains(s, "record-missing") {
		t.Errorf("error sheet %q", s)
	}
}

const orders = `{"form": "shop.order", "key": ["no"], "columns": [
	{"column": "no", "field": "no"}, {"column": "good", "field": "good", "match": {"nearest": true, "values": {"Penn": "Pen"}}},
	{"column": "state", "field": "stage"}, {"column": "date", "field": "placedAt"}, {"column": "amount", "field": "amount"},
	{"column": "who", "field": "owner"}], "set": {"secret": "s"}}`

func TestRelationsStagesAndDates(t *testing.T) {
	r := newRig(t, memory(), shop())
	r.run("name,price,kind,tags,part of\nGTX Pro,1,,,\nPen,1,,,\n", r.mapping(goods))
	m := r.mapping(orders)
	csv := "no,good,state,date,amount,who\n1,GTXPro,Done,13/02/2017,5,boss\n2,Penn,完成,03/04/2017,6,Boss\n3,,new,,7,\n4,Wheel,new,,8,\n5,Pen,newish,,9,Nobody\n"
	p := r.preview(csv, m)
	if p.Create != 3 || p.Refused != 2 || p.Problems.Blocks() {
		t.Fatalf("preview %+v", p)
	}
	if c := p.Columns[1]; c.Empty != 1 || len(c.Reread) != 1 || c.Reread[0] != (Text{"GTXPro", "GTX Pro", 1}) || len(c.Unmatched) != 1 || c.Unmatched[0].Value != "Wheel" {
		t.Errorf("good: %+v", c)
	}
	if p.Columns[3].Format != "D/M/YYYY" {
		t.Errorf("format %q", p.Columns[3].Format)
	}
	if !has(p.Problems, "empty-references") || r.count("shop.order") != 0 {
		t.Errorf("problems %v, records %d", p.Problems, r.count("shop.order"))
	}
	job := r.run(csv, m)
	r.expect(job, 3, 0, 0, 2)
	all, items := r.all("shop.order", "no"), r.all("shop.good", "name")
	one, two := all["1"].Data(), all["2"].Data()
	if one["good"] != items["GTX Pro"].Doc.ID || two["good"] != items["Pen"].Doc.ID || one["stage"] != "done" || two["stage"] != "done" {
		t.Errorf("1: %v\n2: %v", one, two)
	}
	if one["placedAt"] != "2017-02-13" || two["placedAt"] != "2017-04-03" || one["owner"] != boss || one["secret"] != "s" || all["3"].Data()["stage"] != "new" {
		t.Errorf("1: %v\n2: %v", one, two)
	}
	s := r.errorSheet(job)
	for _, want := range []string{"Row,no,good,state,date,amount,who,Reasons", "5,4,Wheel,new,,8,,", "unknown-reference", "6,5,Pen,newish", "unknown-option"} {
		if !strings.Contains(s, want) {
			t.Errorf("no %q in error sheet %q", want, s)
		}
	}
}

func has(l problem.List, code string) bool {
	return slices.ContainsFunc(l, func(p problem.Problem) bool { return p.Code == code })
}

func TestDatesThatSettleNoFormatBlock(t *testing.T) {
	r := newRig(t, memory(), shop())
	m := r.mapping(`{"form": "shop.order", "columns": [{"column": "no", "field": "no"}, {"column": "date", "field": "placedAt"}]}`)
	for _, c := range []struct{ dates, code string }{
		{"03/04/2017 04/05/2017", "ambiguous-dates"},
		{"13/04/2017 04/25/2017", "mixed-dates"},
		{"2017-03-01 03/04/2017", "mixed-dates"},
		{"soon later 2017-01-01", "not-dates"},
	} {
		csv := "no,date\n"
		for i, d := range strings.Fields(c.dates) {
			csv += fmt.Sprintf("%d,%s\n", i, d)
		}
		p := r.preview(csv, m)
		_, err := r.t.Start(r.ctx, r.caller(boss), r.upload("in.csv", csv), m, StartOptions{})
		if !p.Problems.Blocks() || p.Problems[0].Code != c.code || problem.KindOf(err) != problem.Invalid || problem.Of(err)[0].Code != c.code {
			t.Errorf("%s: preview %v, start %v", c.dates, p.Problems, err)
		}
	}
	if n := r.count("shop.order"); n != 0 {
		t.Errorf("%d records", n)
	}
	// A text that is no date in any format refuses its row; the format is the others' to settle, or the mapping's.
	r.expect(r.run("no,date\n1,2017-03-01\n2,2017-03-02\n3,n/a\n", m), 2, 0, 0, 1)
	m.Columns[1].Format = "M/D/YYYY"
	r.expect(r.run("no,date\n4,03/04/2017\n", m), 1, 0, 0, 0)
	if d := r.all("shop.order", "no")["4"].Data()["placedAt"]; d != "2017-03-04" {
		t.Errorf("date %v", d)
	}
}

// A process that dies anywhere in a batch leaves an import that ends as if nothing had happened.
func TestCrashes(t *testing.T) {
	var csv strings.Builder
	csv.WriteString("no,amount\n")
	for i := range 30 {
		amount := fmt.Sprint(i)
		if i%10 == 7 {
			amount = "many"
		}
		fmt.Fprintf(&csv, "%d,%s\n", i, amount)
	}
	for _, key := range []string{`"key": ["no"], `, ""} {
		for cut := 0; cut <= 5; cut++ {
			st, at := memory(), cut
			if cut == 0 { // the database of one machine, too
				st, at = onSQLite(t), 2
			}
			r := newRig(t, st, shop())
			r.t.Batch = 7
			m := r.mapping(`{"form": "shop.order", ` + key + `"columns": [{"column": "no", "field": "no"}, {"column": "amount", "field": "amount"}]}`)
			n := 0
			r.t.fault = func(context.Context) error {
				if n++; n == at {
					return errors.New("power cut")
				}
				return nil
			}
			job := r.run(csv.String(), m)
			if n <= at { // it went on after the cut
				t.Errorf("cut %d: %d batches", at, n)
			}
			r.expect(job, 27, 0, 0, 3)
			if len(r.all("shop.order", "no")) != 27 {
				t.Errorf("cut %d: %d records", at, r.count("shop.order"))
			}
			if s := r.errorSheet(job); strings.Count(s, "not-a-number") != 3 {
				t.Errorf("cut %d: error sheet %q", at, s)
			}
		}
	}
}

// Rows that the pipeline refuses in a transaction that then commits get their reasons, crash or not.
func TestReasonsSurviveACrash(t *testing.T) {
	for _, crash := range []bool{false, true} {
		r := newRig(t, memory(), shop())
		m := r.mapping(`{"form": "shop.good", "columns": [{"column": "name", "field": "name"}, {"column": "price", "field": "price"}]}`)
		r.t.lost = func() error {
			if crash {
				crash = false
				return errors.New("power cut")
			}
			return nil
		}
		job := r.run("name,price\nA,1\n,2\nB,3\nA,4\n", m)
		r.expect(job, 2, 0, 0, 2)
		if s := r.errorSheet(job); !strings.Contains(s, "required") || !strings.Contains(s, "duplicate") {
			t.Errorf("attempts %d: error sheet %q", job.Attempts, s)
		}
		if n := r.count("shop.good"); n != 2 {
			t.Errorf("%d records", n)
		}
	}
}

func TestRepeatedKeysUpdateWithAWarning(t *testing.T) {
	r := newRig(t, memory(), shop())
	m := r.mapping(goods)
	csv := "name,price,kind,tags,part of\nPen,1,,,\nCup,2,,,\nPen,3,,,\n"
	if p := r.preview(csv, m); p.Create != 2 || p.Update != 1 {
		t.Errorf("preview %+v", p)
	}
	job := r.run(csv, m)
	r.expect(job, 2, 1, 0, 0)
	if w := countsOf(job.Progress).Warnings; w != 1 {
		t.Errorf("%d warnings", w)
	}
	if v := r.all("shop.good", "name")["Pen"].Data()["price"]; v != 3.0 {
		t.Errorf("Pen costs %v", v)
	}
}

func TestMissingRelationsAreMade(t *testing.T) {
	r := newRig(t, memory(), shop())
	m := r.mapping(`{"form": "shop.order", "key": ["no"], "columns": [{"column": "no", "field": "no"}, {"column": "good", "field": "good", "match": {"missing": "create"}}]}`)
	csv := "no,good\n1,Pen\n2,pen\n3,Cup\n"
	if p := r.preview(csv, m); p.Create != 3 || len(p.Columns[1].Made) != 3 {
		t.Errorf("preview %+v", p)
	}
	job := r.run(csv, m)
	r.expect(job, 3, 0, 0, 0)
	items, all := r.all("shop.good", "name"), r.all("shop.order", "no")
	if len(items) != 2 || all["1"].Data()["good"] != items["Pen"].Doc.ID || all["2"].Data()["good"] != items["Pen"].Doc.ID {
		t.Errorf("goods %v, orders %v", items, all)
	}
	r.expect(r.run(csv, m), 0, 0, 3, 0)
	undo, err := r.t.StartUndo(r.ctx, r.caller(boss), job.ID)
	r.must(err)
	undo = r.finish(undo)
	if undo.Result["removed"] != 5.0 || r.count("shop.good")+r.count("shop.order") != 0 {
		t.Errorf("undo %v; %d goods, %d orders", undo.Result, r.count("shop.good"), r.count("shop.order"))
	}
}

func TestUndo(t *testing.T) {
	r := newRig(t, memory(), shop())
	m := r.mapping(goods)
	r.run("name,price,kind,tags,part of\nPen,1,food,,\nCup,2,food,,\n", m)
	job := r.run("name,price,kind,tags,part of\nPen,9,technology,,Desk\nCup,8,,,\nDesk,1,,,\nLamp,1,,,Desk\nJar,2,,,\n", m)
	r.expect(job, 3, 2, 0, 0)
	all := r.all("shop.good", "name")
	touch := func(name string, data map[string]any) {
		_, _, err := r.records.Write(r.ctx, r.caller(boss), &record.Intent{Verb: record.Update, Form: "shop.good", ID: all[name].Doc.ID, Data: data}, record.WriteOptions{})
		r.must(err)
	}
	touch("Pen", map[string]any{"price": 7.0}) // the price is somebody's since, the kind is not
	touch("Jar", map[string]any{"price": 7.0})
	undo, err := r.t.StartUndo(r.ctx, r.caller(boss), job.ID)
	r.must(err)
	undo = r.finish(undo)
	if undo.State != outbox.Done || undo.Result["conflicts"] != 2.0 || undo.Result["removed"] != 2.0 || undo.Result["restored"] != 3.0 {
		t.Errorf("undo %s %s %v", undo.State, undo.Error, undo.Result)
	}
	all = r.all("shop.good", "name")
	pen, cup := all["Pen"].Data(), all["Cup"].Data()
	if pen["price"] != 7.0 || pen["kind"] != "food" || pen["parent"] != nil || cup["price"] != 2.0 || all["Desk"] != nil || all["Lamp"] != nil || all["Jar"] == nil {
		t.Errorf("after undo: %v %v %v", pen, cup, all)
	}
}

// Who may import may set the stage, under their own field rights, and nobody else imports.
func TestRightsOfAnImport(t *testing.T) {
	r := newRig(t, memory(), shop())
	c := r.clerk()
	m := r.mapping(`{"form": "shop.order", "key": ["no"], "columns": [{"column": "no", "field": "no"}, {"column": "state", "field": "stage"}]}`)
	start := func(m Mapping, csv string) (outbox.Job, error) {
		return r.t.Start(r.ctx, c, r.upload("in.csv", csv), m, StartOptions{})
	}
	job, err := start(m, "no,state\n1,done\n")
	r.must(err)
	r.expect(r.finish(job), 1, 0, 0, 0)
	if v := r.all("shop.order", "no")["1"].Data()["stage"]; v != "done" {
		t.Errorf("stage %v", v)
	}
	// What was there moves through transitions, of which this form has none from there.
	job, err = start(m, "no,state\n1,new\n2,new\n")
	r.must(err)
	r.expect(r.finish(job), 1, 0, 0, 1)
	if v := r.all("shop.order", "no")["1"].Data()["stage"]; v != "done" {
		t.Errorf("an import moved it to %v", v)
	}
	hidden := r.mapping(`{"form": "shop.order", "columns": [{"column": "no", "field": "secret"}]}`)
	if _, err := start(hidden, "no\n1\n"); problem.KindOf(err) != problem.Invalid || problem.Of(err)[0].Code != "unknown-field" {
		t.Errorf("hidden field: %v", err)
	}
	if _, err := start(r.mapping(goods), goodsCSV); problem.KindOf(err) != problem.Forbidden {
		t.Errorf("without the right: %v", err)
	}
	if _, err := start(r.mapping(`{"target": "users", "columns": [{"column": "no", "field": "name"}]}`), "no\n1\n"); problem.KindOf(err) != problem.Forbidden {
		t.Errorf("users: %v", err)
	}
}

func TestConditionsSkipRows(t *testing.T) {
	r := newRig(t, memory(), shop())
	m := r.mapping(`{"form": "shop.order", "columns": [{"column": "no", "field": "no"}, {"column": "state", "ignore": true}], "when": [{"column": "state", "notIn": ["DRAFT"]}]}`)
	r.expect(r.run("no,state\n1,draft\n2,ok\n", m), 1, 0, 0, 0)
}

func TestMappingsAreStrict(t *testing.T) {
	for source, want := range map[string]string{
		`{"form": "a.b", "colums": []}`:                                                            "unknown-field /colums",
		`{"form": "a.b", "columns": [{"column": "x", "feild": "y"}]}`:                              "unknown-field /columns/0/feild",
		`{"form": "a.b", "columns": [{"column": "x", "field": "y", "match": {"mising": "warn"}}]}`: "unknown-field /columns/0/match/mising",
		`{"form": "a.b", "columns": [{"column": "x", "field": "y", "format": "DD-MM"}]}`:           "unknown-value /columns/0/format",
		`{"form": "a.b", "mode": "merge", "columns": []}`:                                          "unknown-value /mode",
		`{"form": "a.b", "mode": "upsert", "columns": []}`:                                         "key-needed /key",
		`{"columns": []}`: "required /form",
		`{"form": "a.b", "columns": [{"column": "x", "field": "y"}, {"column": "z", "field": "y"}]}`: "repeated /columns/1/field",
		`[]`:                         "type ",
		`{"form": 7, "columns": []}`: "type /form",
		`{`:                          "malformed-json ",
	} {
		_, err := ParseMapping([]byte(source))
		ps := problem.Of(err)
		if len(ps) == 0 || ps[0].Code+" "+ps[0].Pointer != want {
			t.Errorf("%s: %v, want %s", source, err, want)
		}
	}
}

func TestCancelStopsBetweenBatches(t *testing.T) {
	r := newRig(t, memory(), shop())
	r.t.Batch = 2
	m := r.mapping(goods)
	job, err := r.t.Start(r.ctx, r.caller(boss), r.upload("in.csv", "name,price,kind,tags,part of\nA,1,,,\nB,1,,,\nC,1,,,\nD,1,,,\n"), m, StartOptions{})
	r.must(err)
	r.t.lost = func() error {
		_, err := r.box.Cancel(r.ctx, job.ID)
		return err
	}
	job = r.finish(job)
	if job.State != outbox.Cancelled || r.count("shop.good") != 2 {
		t.Errorf("%s with %d records", job.State, r.count("shop.good"))
	}
	undo, err := r.t.StartUndo(r.ctx, r.caller(boss), job.ID)
	r.must(err)
	if undo = r.finish(undo); r.count("shop.good") != 0 {
		t.Errorf("after undo %d records, %v", r.count("shop.good"), undo.Result)
	}
}
