package record_test

import (
	"fmt"
	"testing"
	"time"

	"sync/atomic"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/org"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store/sqlite"
)

const benchForm = `{"kind":"form","key":"person","title":"Person","titleField":"name","schema":{"type":"object","required":["name"],"properties":{
"name":{"type":"string","x-field":{"type":"text","search":true}},"email":{"type":"string","x-field":{"type":"email"}},
"phone":{"type":"string","x-field":{"type":"phone"}},"company":{"type":"string","x-field":{"type":"text"}},
"stage":{"type":"string","x-field":{"type":"select","options":[{"value":"lead"},{"value":"won"}]}},
"industry":{"type":"string","x-field":{"type":"text"}},"owner":{"type":"string","x-field":{"type":"text"}},
"amount":{"type":"number","x-field":{"type":"currency","scale":2}},"employees":{"type":"number","x-field":{"type":"number","scale":0}},
"signed":{"type":"string","x-field":{"type":"date"}},"city":{"type":"string","x-field":{"type":"text"}},
"country":{"type":"string","x-field":{"type":"text"}},"notes":{"type":"string","x-field":{"type":"longtext"}},
"tags":{"type":"array","x-field":{"type":"multiselect","options":[{"value":"a"},{"value":"b"}]}},"active":{"type":"boolean","x-field":{"type":"switch"}}}},
"indexes":[{"key":"list","fields":["owner","stage","-updatedAt"]}]}`

func benchData(i int64) map[string]any {
	return map[string]any{"name": fmt.Sprintf("Avery Alder %07d", i), "email": fmt.Sprintf("a.%d@example.test", i), "phone": fmt.Sprintf("+351 900 %06d", i%1000000),
		"company": "Alder Lisbon Ltd", "stage": "lead", "industry": "retail", "owner": fmt.Sprintf("user%03d", i%50), "amount": float64(i%10000000) / 100,
		"employees": float64(i % 5000), "signed": "2024-02-03", "city": "Lisbon", "country": "PT",
		"notes": "Met at the spring fair, asked for a written offer and a follow-up call after the budget round; prefers mail over phone.",
		"tags":  []any{"a", "b"}, "active": i%3 != 0}
}

func benchWorld(b *testing.B) (*record.Records, record.Caller) {
	st, err := sqlite.Open(ctx, sqlite.Options{Path: b.TempDir() + "/bench.db"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { st.Close() })
	var n atomic.Int64
	newID := func() string { return fmt.Sprintf("%024x", n.Add(1)) }
	cat, err := catalog.Open(ctx, st, catalog.Options{Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	people, err := org.Open(ctx, st, newID)
	if err != nil {
		b.Fatal(err)
	}
	r, err := record.Open(ctx, record.Options{Store: st, Catalog: cat, People: func() record.People { return people.Directory() }, Jobs: &jobs{},
		Now: time.Now, NewID: newID, Zone: func() *time.Location { return time.UTC }})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := cat.PublishSources(ctx, "t", "", map[string]catalog.Sources{"lab": {"app/lab": `{"kind":"app","key":"lab","title":"Lab"}`, "form/person": benchForm}}); err != nil {
		b.Fatal(err)
	}
	return r, record.Caller{User: "u", Subject: access.Subject{User: "u", Admin: true}, Via: "api"}
}

func BenchmarkCreate(b *testing.B) {
	for _, callers := range []int{1, 32} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			r, c := benchWorld(b)
			var n atomic.Int64
			b.SetParallelism(max(1, callers/2))
			b.ReportAllocs()
			create := func() {
				_, _, err := r.Write(ctx, c, &record.Intent{Verb: record.Create, Form: "lab.person", Data: benchData(n.Add(1))}, record.WriteOptions{})
				if err != nil {
					b.Fatal(err)
				}
			}
			if callers == 1 {
				for b.Loop() {
					create()
				}
				return
			}
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					create()
				}
			})
		})
	}
}

func BenchmarkListPage(b *testing.B) {
	r, c := benchWorld(b)
	for i := int64(0); i < 10000; i += 500 {
		var in []*record.Intent
		for j := range int64(500) {
			in = append(in, &record.Intent{Verb: record.Create, Form: "lab.person", Data: benchData(i + j)})
		}
		if _, err := r.Bulk(ctx, c, in, false, record.WriteOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	f, _ := query.ParseFilter(map[string]any{"and": []any{map[string]any{"field": "owner", "op": "eq", "value": "user007"},
		map[string]any{"field": "stage", "op": "eq", "value": "lead"}}}, "")
	b.ReportAllocs()
	for b.Loop() {
		p, err := r.Query(ctx, c, "lab.person", record.Query{Filter: f, Sort: []string{"-updatedAt"}, Limit: 20})
		if err != nil || len(p.Items) != 20 {
			b.Fatal(err, len(p.Items))
		}
	}
}
