package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"testing"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/engine/store/sqlite"
)

func deals() store.Collection {
	col := func(key string, kind query.Kind) query.Column {
		return query.Column{Key: key, Path: []string{"data", key}, Kind: kind}
	}
	find := func(key string) query.Column {
		c := col(key, query.Text)
		c.Order, c.Search = true, true
		return c
	}
	amount := col("amount", query.Number)
	amount.Scale = 2
	cost := amount
	cost.Key, cost.Path = "cost", []string{"data", "cost"}
	return store.Collection{
		Name: "bench.deal",
		Columns: []query.Column{find("name"), find("contact"), find("phone"), col("stage", query.Text), col("owner", query.Text),
			col("level", query.Text), col("source", query.Text), col("city", query.Text), amount, cost, col("probability", query.Number),
			col("won", query.Bool), col("closeOn", query.Date), {Key: "updatedAt", Path: []string{"updatedAt"}, Kind: query.Instant},
			{Key: "createdAt", Path: []string{"createdAt"}, Kind: query.Instant}},
		Indexes: []store.Index{
			{Key: "updated", Columns: []query.Order{{Column: "updatedAt", Desc: true}}},
			{Key: "owner", Columns: []query.Order{{Column: "owner"}, {Column: "stage"}, {Column: "updatedAt", Desc: true}}},
			{Key: "stage", Columns: []query.Order{{Column: "stage"}}, Include: []string{"amount"}},
		},
	}
}

var syllables = []string{"华", "为", "中", "兴", "海", "尔", "金", "桥", "天", "下", "北", "方", "Nova", "Tech", "Delta", "Group", "Stone", "River"}

func word(r *rand.Rand, n int) string {
	s := ""
	for range n {
		s += syllables[r.IntN(len(syllables))]
	}
	return s
}

func deal(r *rand.Rand, i int64) *store.Doc {
	at := fmt.Sprintf("2026-%02d-%02dT%02d:%02d:%02d.000Z", 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60))
	return store.New(fmt.Sprintf("%024x", i), map[string]any{
		"createdAt": at, "updatedAt": at, "createdBy": "u1",
		"data": map[string]any{
			"name": word(r, 4) + fmt.Sprint(i), "contact": word(r, 3), "phone": fmt.Sprintf("138%08d", r.IntN(1e8)),
			"stage": fmt.Sprintf("stage-%d", r.IntN(7)), "owner": fmt.Sprintf("user-%d", r.IntN(200)), "level": string(rune('A' + r.IntN(4))),
			"source": "web", "city": "Shanghai", "amount": float64(r.IntN(1e8)) / 100, "cost": float64(r.IntN(1e6)), "probability": float64(r.IntN(100)),
			"won": r.IntN(2) == 0, "closeOn": "2026-05-01", "remark": "a remark of ordinary length that nobody filters by",
		},
	})
}

func filled(b *testing.B, n int) *sqlite.Store {
	b.Helper()
	dir := b.TempDir()
	s, err := sqlite.Open(b.Context(), sqlite.Options{Path: filepath.Join(dir, "bench.db")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	if err := s.Ensure(b.Context(), deals()); err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := 0; i < n; i += 1000 {
		err := s.Update(b.Context(), func(t store.Tx) error {
			docs := make([]*store.Doc, 0, 1000)
			for j := range min(1000, n-i) {
				docs = append(docs, deal(r, int64(i+j)))
			}
			return t.Insert(b.Context(), "bench.deal", docs...)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	return s
}

func callers(b *testing.B, n int, fn func(r *rand.Rand)) {
	var left atomic.Int64
	left.Store(int64(b.N))
	done := make(chan struct{})
	b.ResetTimer()
	for c := range n {
		go func() {
			r := rand.New(rand.NewPCG(uint64(c), 7))
			for left.Add(-1) >= 0 {
				fn(r)
			}
			done <- struct{}{}
		}()
	}
	for range n {
		<-done
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "op/s")
}

func BenchmarkInsert(b *testing.B) {
	for _, n := range []int{1, 8, 32} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := filled(b, 0)
			var id atomic.Int64
			callers(b, n, func(r *rand.Rand) {
				d := deal(r, id.Add(1))
				d.JSON()
				if err := s.Update(context.Background(), func(t store.Tx) error { return t.Insert(context.Background(), "bench.deal", d) }); err != nil {
					b.Error(err)
				}
			})
		})
	}
}

// BenchmarkInsertRaw is the same rows and indexes through database/sql, one transaction each, without search.
func BenchmarkInsertRaw(b *testing.B) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "raw.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)")
	if err != nil {
		b.Skip(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range []string{
		"CREATE TABLE t(n INTEGER PRIMARY KEY,id TEXT UNIQUE,version INT,deleted INT,a TEXT,b TEXT,c TEXT,d TEXT,e TEXT,f TEXT,g TEXT,h TEXT,i INT,j INT,k INT,l INT,m INT,o INT,p INT,doc BLOB)",
		"CREATE INDEX x1 ON t(o,id)", "CREATE INDEX x2 ON t(e,d,o,id)", "CREATE INDEX x3 ON t(d,id,i)"} {
		if _, err := db.Exec(q); err != nil {
			b.Skip(err)
		}
	}
	st, err := db.Prepare("INSERT INTO t(id,version,deleted,a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,doc) VALUES(?,1,0,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
	if err != nil {
		b.Fatal(err)
	}
	var id atomic.Int64
	callers(b, 32, func(r *rand.Rand) {
		d := deal(r, id.Add(1))
		m := d.Tree()["data"].(map[string]any)
		if _, err := st.Exec(d.ID, m["name"], m["contact"], m["phone"], m["stage"], m["owner"], m["level"], m["source"], m["city"], 1, 2, 3, 1, 5, r.IntN(1e9), 7, d.JSON()); err != nil {
			b.Error(err)
		}
	})
}

func BenchmarkReplace(b *testing.B) {
	s := filled(b, 20000)
	callers(b, 32, func(r *rand.Rand) {
		id := fmt.Sprintf("%024x", r.IntN(20000))
		err := s.Update(context.Background(), func(t store.Tx) error {
			d, err := t.Get(context.Background(), "bench.deal", id)
			if err != nil {
				return err
			}
			tree := map[string]any{}
			for k, v := range d.Tree() {
				tree[k] = v
			}
			data := map[string]any{}
			for k, v := range tree["data"].(map[string]any) {
				data[k] = v
			}
			data["level"] = string(rune('A' + r.IntN(26)))
			tree["data"] = data
			return t.Replace(context.Background(), "bench.deal", store.New(id, tree), d.Version)
		})
		if err != nil {
			b.Error(err)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	sizes := []int{100_000}
	if more, err := strconv.Atoi(os.Getenv("FORMWORK_BENCH_ROWS")); err == nil {
		sizes = []int{more}
	}
	ctx := context.Background()
	for _, n := range sizes {
		s := filled(b, n)
		view := func(b *testing.B, fn func(r store.Reader) error) {
			if err := s.View(ctx, fn); err != nil {
				b.Fatal(err)
			}
		}
		find := func(f query.Find) func(b *testing.B) {
			return func(b *testing.B) {
				rows := 0
				for b.Loop() {
					view(b, func(r store.Reader) error {
						docs, err := store.All(ctx, r, "bench.deal", f)
						rows = len(docs)
						return err
					})
				}
				b.ReportMetric(float64(rows), "rows")
			}
		}
		recent := []query.Order{{Column: "updatedAt", Desc: true}}
		b.Run(fmt.Sprintf("%d/get", n), func(b *testing.B) {
			rd := rand.New(rand.NewPCG(1, 1))
			for b.Loop() {
				view(b, func(r store.Reader) error {
					_, err := r.Get(ctx, "bench.deal", fmt.Sprintf("%024x", rd.IntN(n)))
					return err
				})
			}
		})
		b.Run(fmt.Sprintf("%d/page", n), find(query.Find{Sort: recent, Limit: 25}))
		b.Run(fmt.Sprintf("%d/page-owner-stage", n), find(query.Find{Where: query.And(query.Is("owner", "user-7"), query.Is("stage", "stage-3")), Sort: recent, Limit: 25}))
		b.Run(fmt.Sprintf("%d/page-owner-stages", n), find(query.Find{Where: query.And(query.Is("owner", "user-7"), query.Is("stage", "stage-3", "stage-4", "stage-5")), Sort: recent, Limit: 25}))
		b.Run(fmt.Sprintf("%d/page-unindexed", n), find(query.Find{Where: query.Is("level", "A"), Sort: recent, Limit: 25}))
		b.Run(fmt.Sprintf("%d/page-no-index", n), find(query.Find{Sort: []query.Order{{Column: "cost"}}, Limit: 25}))
		search := func(term string) query.Where {
			return query.Where{Leaf: &query.Leaf{Test: query.Search, Among: []string{"name", "contact", "phone"}, Values: []any{term}}}
		}
		b.Run(fmt.Sprintf("%d/search-rare", n), find(query.Find{Where: search("99871"), Sort: recent, Limit: 25}))
		b.Run(fmt.Sprintf("%d/search-common", n), find(query.Find{Where: search("华为"), Sort: recent, Limit: 25}))
		b.Run(fmt.Sprintf("%d/search-none", n), find(query.Find{Where: search("qqzz"), Sort: recent, Limit: 25}))
		aggregate := func(a query.Aggregate) func(b *testing.B) {
			return func(b *testing.B) {
				for b.Loop() {
					view(b, func(r store.Reader) error { _, err := r.Aggregate(ctx, "bench.deal", a); return err })
				}
			}
		}
		b.Run(fmt.Sprintf("%d/group-covering", n), aggregate(query.Aggregate{Group: []query.Group{{Column: "stage"}}, Measures: []query.Measure{{Fn: query.Sum, Column: "amount"}, {Fn: query.Count}}}))
		b.Run(fmt.Sprintf("%d/group-scan", n), aggregate(query.Aggregate{Group: []query.Group{{Column: "level"}}, Measures: []query.Measure{{Fn: query.Sum, Column: "cost"}}}))
		b.Run(fmt.Sprintf("%d/count", n), func(b *testing.B) {
			for b.Loop() {
				view(b, func(r store.Reader) error {
					_, err := r.Count(ctx, "bench.deal", query.Is("stage", "stage-2"), query.Live, 0)
					return err
				})
			}
		})
	}
}

func free() { debug.FreeOSMemory() }
