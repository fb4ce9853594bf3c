package automation_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"formwork/engine"
	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/record"
	"formwork/engine/store/sqlite"
)

// BenchmarkEffect is the benchmark's W9 without HTTP: an order is created, and its automation writes to the account. It
// ends when the effect is committed.
func BenchmarkEffect(b *testing.B) {
	for _, clients := range []int{1, 32} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			st, err := sqlite.Open(b.Context(), sqlite.Options{Path: filepath.Join(b.TempDir(), "bench.db")})
			if err != nil {
				b.Fatal(err)
			}
			defer st.Close()
			seen := make(chan string, 10000)
			e, err := engine.Open(b.Context(), st, engine.Options{Exclusive: true, Changed: func(form string, ids []string) {
				if form == "shop.account" {
					for _, id := range ids {
						seen <- id
					}
				}
			}})
			if err != nil {
				b.Fatal(err)
			}
			_, err = e.Catalog.PublishSources(b.Context(), "x", "", map[string]catalog.Sources{"shop": {
				"app/shop":     `{"kind":"app","key":"shop"}`,
				"form/account": `{"kind":"form","key":"account","schema":{"properties":{"name":{"x-field":{"type":"text"}},"last":{"x-field":{"type":"text"}}}}}`,
				"form/order":   `{"kind":"form","key":"order","schema":{"properties":{"target":{"x-field":{"type":"relation","form":"account"}},"nonce":{"x-field":{"type":"text"}}}}}`,
				"automation/a": `{"kind":"automation","key":"a","form":"order","trigger":{"on":"created"},"steps":[{"key":"u","type":"update","config":{"form":"account","record":{"expr":"record.target"},"data":{"last":{"expr":"record.nonce"}}}}]}`,
			}})
			if err != nil {
				b.Fatal(err)
			}
			c := record.Caller{User: "x", Subject: access.Subject{User: "x", Admin: true}, Via: "api"}
			write := func(form string, data map[string]any) string {
				rec, _, err := e.Records.Write(b.Context(), c, &record.Intent{Verb: record.Create, Form: form, Data: data}, record.WriteOptions{Prompt: true})
				if err != nil {
					b.Error(err)
					return ""
				}
				return rec.Doc.ID
			}
			accounts, done := make([]string, clients), map[string]chan struct{}{}
			for i := range accounts {
				accounts[i] = write("shop.account", map[string]any{"name": "acc"})
				done[accounts[i]] = make(chan struct{}, 1)
				<-seen
			}
			ctx, cancel := context.WithCancel(b.Context())
			go func() { _ = e.Run(ctx) }()
			go func() {
				for id := range seen {
					done[id] <- struct{}{}
				}
			}()
			var next atomic.Int64
			b.ResetTimer()
			var all sync.WaitGroup
			for _, account := range accounts {
				all.Go(func() {
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						write("shop.order", map[string]any{"target": account, "nonce": fmt.Sprint(n)})
						<-done[account]
					}
				})
			}
			all.Wait()
			b.StopTimer()
			cancel()
		})
	}
}
