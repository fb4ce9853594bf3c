// Package bench_test measures the write pipeline and guarded queries of engine/record beside the embedded store doing the
// same writes and reads on the same collections. Each benchmark reports op/s of the pipeline, raw-op/s of the store, and
// of-raw, their ratio. FORMWORK_BENCH_ROWS are the table sizes, 10000,100000 by default.
package bench_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"formwork/engine"
	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/store/sqlite"
	"formwork/schemas/problem"
	"formwork/schemas/value"
	"formwork/templates"
)

const (
	form    = "bench.customer"
	changes = "changes"
	batch   = 500
	page    = 20
)

// world is an engine on a store of its own with the bench app and some customers.
type world struct {
	*engine.Engine
	caller record.Caller
	newID  func() string
	table  string       // the collection of the form
	next   atomic.Int64 // number of the next customer
	sample *store.Doc   // a customer as it is stored
	change *store.Doc   // the change of its creation
}

func open(b *testing.B, rows int) *world {
	b.Helper()
	st, err := sqlite.Open(b.Context(), sqlite.Options{Path: filepath.Join(b.TempDir(), "bench.db")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = st.Close() })
	w := &world{newID: engine.NewIDs(time.Now), caller: record.Caller{User: "bench", Subject: access.Subject{User: "bench", Admin: true}, Via: "api"}}
	w.Engine, err = engine.Open(b.Context(), st, engine.Options{NewID: w.newID, Log: slog.New(slog.DiscardHandler), Templates: templates.FS, Exclusive: true})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := w.Catalog.PublishSources(b.Context(), "bench", "", map[string]catalog.Sources{"bench": definitions(b)}); err != nil {
		b.Fatal(err)
	}
	w.table = w.Catalog.Snapshot().Forms[form].Collection.Name
	for n := 0; n < rows; n += batch {
		if err := w.bulk(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	w.take(b)
	return w
}

// definitions reads the app that bench/start publishes.
func definitions(b *testing.B) catalog.Sources {
	b.Helper()
	out := catalog.Sources{}
	files, err := filepath.Glob("app/*.json")
	if err != nil || len(files) == 0 {
		b.Fatal("no definitions: ", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		var d struct{ Kind, Key string }
		if err := json.Unmarshal(text, &d); err != nil {
			b.Fatal(err)
		}
		out[d.Kind+"/"+d.Key] = string(text)
	}
	return out
}

// take writes one customer through the pipeline and keeps what that stored, for raw writes of the same size.
func (w *world) take(b *testing.B) {
	b.Helper()
	r, _, err := w.Records.Write(b.Context(), w.caller, w.intent(), record.WriteOptions{})
	if err != nil {
		b.Fatal(err)
	}
	err = w.Store.View(b.Context(), func(rd store.Reader) error {
		if w.sample, err = rd.Get(b.Context(), w.table, r.Doc.ID); err != nil {
			return err
		}
		w.change, err = store.One(b.Context(), rd, changes, query.Find{Where: query.Is("record", r.Doc.ID)})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

var (
	stages = []string{"lead", "qualified", "proposal", "negotiation", "won", "lost"}
	given  = []string{"Avery", "Blake", "Casey", "Devon", "Emery", "Finley", "Gray", "Harper", "Indigo", "Jules"}
	family = []string{"Alder", "Birch", "Cedar", "Dale", "Ember", "Fjord", "Glen", "Heath", "Inlet", "Jasper", "Kestrel", "Lumen", "Marsh",
		"Noble", "Onyx", "Pine", "Quartz", "Ridge", "Stone", "Thorn", "Umber", "Vale", "Wren", "Yarrow", "Zephyr"}
)

const owners = 50

// customer is number n: 15 fields, the same for the same number.
func customer(n int64) map[string]any {
	last := family[n*7919/7%int64(len(family))]
	return map[string]any{
		"name": fmt.Sprintf("%s %s %07d", given[n%10], last, n), "email": fmt.Sprintf("%s.%d@example.test", last, n),
		"phone": fmt.Sprintf("+351 900 %06d", n%1_000_000), "company": last + " Lisbon Ltd", "stage": stages[n/owners%6], "industry": "retail",
		"owner": owner(n), "amount": float64(n*7919%10_000_000) / 100, "employees": float64(n % 5000),
		"signed": time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n%2000)).Format(time.DateOnly), "city": "Lisbon", "country": "PT",
		"notes": "Met at the spring fair, asked for a written offer and a follow-up call after the budget round; prefers mail over phone.",
		"tags":  []any{"vip", "renewal"}, "active": n%3 != 0,
	}
}

func owner(n int64) string { return fmt.Sprintf("user%03d", n%owners) }

func (w *world) intent() *record.Intent {
	return &record.Intent{Verb: record.Create, Form: form, Data: customer(w.next.Add(1))}
}

func (w *world) create(ctx context.Context) error {
	_, _, err := w.Records.Write(ctx, w.caller, w.intent(), record.WriteOptions{})
	return err
}

func (w *world) bulk(ctx context.Context) error {
	intents := make([]*record.Intent, batch)
	for i := range intents {
		intents[i] = w.intent()
	}
	results, err := w.Records.Bulk(ctx, w.caller, intents, false, record.WriteOptions{})
	for _, r := range results {
		err = errors.Join(err, r.Err)
	}
	return err
}

// documents are a new customer and its change, as the pipeline would store them.
func (w *world) documents() (customerDoc, changeDoc *store.Doc) {
	tree := maps.Clone(w.sample.Tree())
	tree["data"] = customer(w.next.Add(1))
	id, change := w.newID(), maps.Clone(w.change.Tree())
	change["record"] = id
	return store.New(id, tree), store.New(w.newID(), change)
}

func (w *world) rawInsert(ctx context.Context, n int) error {
	docs, log := make([]*store.Doc, n), make([]*store.Doc, n)
	for i := range docs {
		docs[i], log[i] = w.documents()
	}
	return w.Store.Update(ctx, func(tx store.Tx) error {
		if err := tx.Insert(ctx, w.table, docs...); err != nil {
			return err
		}
		return tx.Insert(ctx, changes, log...)
	})
}

// compare runs the pipeline's operation and the store's, b.N times each with as many callers, and reports both. They take
// turns, so that what else the machine does falls on both. An operation deals with each things.
func compare(b *testing.B, callers, each int, pipeline, raw func(n int) error) {
	b.Helper()
	var ours, theirs time.Duration
	b.ResetTimer()
	for from := 0; from < b.N; {
		to := min(b.N, from+max(callers, b.N/10))
		ours += timed(b, callers, from, to, pipeline)
		theirs += timed(b, callers, from, to, raw)
		from = to
	}
	b.StopTimer()
	things := float64(b.N * each)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(things/ours.Seconds(), "op/s")
	b.ReportMetric(things/theirs.Seconds(), "raw-op/s")
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "of-raw")
}

// timed says how long the operations from one number up to another take.
func timed(b *testing.B, callers, from, to int, op func(n int) error) time.Duration {
	b.Helper()
	var turn atomic.Int64
	turn.Store(int64(from) - 1)
	failed := make([]error, callers)
	var wait sync.WaitGroup
	began := time.Now()
	for i := range callers {
		wait.Go(func() {
			for n := turn.Add(1); n < int64(to) && failed[i] == nil; n = turn.Add(1) {
				failed[i] = op(int(n))
			}
		})
	}
	wait.Wait()
	took := time.Since(began)
	if err := errors.Join(failed...); err != nil {
		b.Fatal(err)
	}
	return took
}

func eachCallers(b *testing.B, fn func(b *testing.B, callers int)) {
	for _, callers := range []int{1, 32} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) { fn(b, callers) })
	}
}

func BenchmarkCreate(b *testing.B) {
	eachCallers(b, func(b *testing.B, callers int) {
		w := open(b, 0)
		compare(b, callers, 1,
			func(int) error { return w.create(b.Context()) },
			func(int) error { return w.rawInsert(b.Context(), 1) })
	})
}

// BenchmarkUpdate changes one field.
func BenchmarkUpdate(b *testing.B) {
	eachCallers(b, func(b *testing.B, callers int) {
		w := open(b, 2000)
		ids := w.ids(b, 2000)
		compare(b, callers, 1, func(n int) error {
			in := &record.Intent{Verb: record.Update, Form: form, ID: ids[n%len(ids)], Data: map[string]any{"phone": fmt.Sprintf("+351 910 %06d", n)}}
			_, _, err := w.Records.Write(b.Context(), w.caller, in, record.WriteOptions{})
			return err
		}, func(n int) error {
			return w.rawUpdate(b.Context(), ids[n%len(ids)], fmt.Sprintf("+351 920 %06d", n))
		})
	})
}

func (w *world) rawUpdate(ctx context.Context, id, phone string) error {
	return w.Store.Update(ctx, func(tx store.Tx) error {
		doc, err := tx.Get(ctx, w.table, id)
		if err != nil {
			return err
		}
		tree := maps.Clone(doc.Tree())
		data, _ := tree["data"].(map[string]any)
		was := data["phone"]
		data = maps.Clone(data)
		data["phone"], tree["data"] = phone, data
		if err := tx.Replace(ctx, w.table, store.New(id, tree), doc.Version); err != nil {
			return err
		}
		change := maps.Clone(w.change.Tree())
		change["record"], change["rev"], change["diff"] = id, float64(doc.Version+1), map[string]any{"phone": []any{was, phone}}
		return tx.Insert(ctx, changes, store.New(w.newID(), change))
	})
}

// ids are the first n customers there are.
func (w *world) ids(b *testing.B, n int) (out []string) {
	err := w.Store.View(b.Context(), func(rd store.Reader) error {
		docs, err := store.All(b.Context(), rd, w.table, query.Find{Limit: n})
		for _, d := range docs {
			out = append(out, d.ID)
		}
		return err
	})
	if err != nil || len(out) == 0 {
		b.Fatal("no customers: ", err)
	}
	return out
}

// BenchmarkBulk writes rows by the batch, as imports do.
func BenchmarkBulk(b *testing.B) {
	w := open(b, 0)
	compare(b, 1, batch,
		func(int) error { return w.bulk(b.Context()) },
		func(int) error { return w.rawInsert(b.Context(), batch) })
}

// BenchmarkReading reads from tables of every size, each filled once.
func BenchmarkReading(b *testing.B) {
	sizes := os.Getenv("FORMWORK_BENCH_ROWS")
	if sizes == "" {
		sizes = "10000,100000"
	}
	for size := range strings.SplitSeq(sizes, ",") {
		rows, err := strconv.Atoi(size)
		if err != nil {
			b.Fatal("FORMWORK_BENCH_ROWS: ", err)
		}
		b.Run("rows="+size, func(b *testing.B) {
			w := open(b, rows)
			b.Run("get", w.get)
			b.Run("page", w.page)
			b.Run("search", w.search)
			b.Run("aggregate", w.aggregate)
		})
	}
}

func (w *world) get(b *testing.B) {
	ids := w.ids(b, 2000)
	compare(b, 1, 1, func(n int) error {
		_, _, err := w.Records.Get(b.Context(), w.caller, form, ids[n*7919%len(ids)])
		return err
	}, func(n int) error {
		return w.Store.View(b.Context(), func(rd store.Reader) error {
			_, err := rd.Get(b.Context(), w.table, ids[n*7919%len(ids)])
			return err
		})
	})
}

// newest is the order of every list, wire form and resolved.
var newest = []query.Order{{Column: "updatedAt", Desc: true}}

// page lists the newest customers of an owner in a stage: about one in 300.
func (w *world) page(b *testing.B) {
	w.list(b, func(n int) (any, query.Where) {
		who, stage := owner(int64(n)), stages[n%6]
		return map[string]any{"and": []any{
			map[string]any{"field": "owner", "op": "eq", "value": who}, map[string]any{"field": "stage", "op": "eq", "value": stage},
		}}, query.And(query.Is("owner", value.Fold(who)), query.Is("stage", stage))
	})
}

// search lists the newest customers whose name contains a text that is in a few dozen names at most.
func (w *world) search(b *testing.B) {
	w.settle(b)
	w.list(b, func(n int) (any, query.Where) {
		term := fmt.Sprintf("%s 00%02d", family[n%len(family)][1:], n%10)
		return map[string]any{"field": "name", "op": "contains", "value": term},
			query.Where{Leaf: &query.Leaf{Column: "name", Test: query.Contains, Values: []any{value.Fold(term)}}}
	})
}

// settle waits until the search index has what was written, which it follows when the writer is idle: only then does a
// search for what nobody is called look at no document.
func (w *world) settle(b *testing.B) {
	nobody := query.Where{Leaf: &query.Leaf{Column: "name", Test: query.Contains, Values: []any{"qzqzqz"}}}
	for deadline := time.Now().Add(2 * time.Minute); ; {
		began := time.Now()
		err := w.Store.View(b.Context(), func(rd store.Reader) error {
			_, err := rd.Count(b.Context(), w.table, nobody, query.Live, 0)
			return err
		})
		switch took := time.Since(began); {
		case err != nil:
			b.Fatal(err)
		case took < time.Millisecond:
			return
		case began.After(deadline):
			b.Fatalf("the search index is not up to date after two minutes: a search for nobody takes %v", took)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (w *world) list(b *testing.B, ask func(n int) (wire any, where query.Where)) {
	var listed atomic.Int64
	pipeline := func(n int) error {
		wire, _ := ask(n)
		f, problems := query.ParseFilter(wire, "")
		if err := problem.Refuse(problems); err != nil {
			return err
		}
		p, err := w.Records.Query(b.Context(), w.caller, form, record.Query{Filter: f, Sort: []string{"-updatedAt"}, Limit: page})
		listed.Add(int64(len(p.Items)))
		return err
	}
	raw := func(n int) error {
		_, where := ask(n)
		return w.Store.View(b.Context(), func(rd store.Reader) error {
			docs, err := store.All(b.Context(), rd, w.table, query.Find{Where: where, Sort: newest, Limit: page})
			for _, d := range docs {
				_ = d.JSON()
			}
			listed.Add(-int64(len(docs)))
			return err
		})
	}
	compare(b, 1, 1, pipeline, raw)
	if n := listed.Load(); n != 0 {
		b.Fatalf("the pipeline lists %+d records against the store", n)
	}
}

// aggregate counts and sums per stage over all rows.
func (w *world) aggregate(b *testing.B) {
	ask, problems := query.ParseAsk(map[string]any{"groupBy": []any{"stage"}, "measures": []any{
		map[string]any{"fn": "count", "as": "n"}, map[string]any{"fn": "sum", "field": "amount", "as": "total"},
	}}, "")
	if problems.Blocks() {
		b.Fatal(problems)
	}
	groups := func(n int, err error) error {
		if err == nil && n != len(stages) {
			return fmt.Errorf("%d groups", n)
		}
		return err
	}
	compare(b, 1, 1, func(int) error {
		a, err := w.Records.Aggregate(b.Context(), w.caller, form, ask)
		return groups(len(a.Rows), err)
	}, func(int) error {
		return w.Store.View(b.Context(), func(rd store.Reader) error {
			rows, err := rd.Aggregate(b.Context(), w.table, query.Aggregate{
				Group: []query.Group{{Column: "stage"}}, Measures: []query.Measure{{Fn: query.Count}, {Fn: query.Sum, Column: "amount"}},
			})
			return groups(len(rows), err)
		})
	})
}
