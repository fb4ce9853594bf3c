package e2e

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// lab is an app whose parents count and sum their children.
func (s *server) lab() {
	s.t.Helper()
	field := func(typ, x string) string { return `{"type":"` + typ + `","x-field":{` + x + `}}` }
	put := func(kind, key, body string) {
		s.t.Helper()
		s.must(200, "PUT", "/apps/lab/definitions/"+kind+"/"+key, []byte(`{"kind":"`+kind+`","key":"`+key+`","title":"`+key+`"`+body+`}`))
	}
	put("app", "lab", "")
	put("form", "parent", `,"schema":{"type":"object","properties":{"name":`+field("string", `"type":"text"`)+
		`,"n":`+field("number", `"type":"rollup","form":"child","link":"up","fn":"count"`)+
		`,"total":`+field("number", `"type":"rollup","form":"child","link":"up","fn":"sum","field":"v"`)+`}}`)
	put("form", "child", `,"schema":{"type":"object","properties":{"up":`+field("string", `"type":"relation","form":"parent"`)+
		`,"v":`+field("number", `"type":"number","scale":2`)+`,"no":`+field("string", `"type":"serial","pattern":"{0000}"`)+`}}`)
	s.must(200, "POST", "/apps/lab/publish", map[string]any{})
}

// TestTortureKilledInAStormOfWrites kills the server at random moments while clients write. Whatever was acknowledged is
// there afterwards, a repeated Idempotency-Key wrote once, and no roll-up is half done.
func TestTortureKilledInAStormOfWrites(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, s *server) {
		s.lab()
		parent := s.must(201, "POST", "/apps/lab/forms/parent/records", map[string]any{"data": map[string]any{"name": "p"}})["id"].(string)
		acked := map[string]float64{} // child -> value
		keys := map[string]string{}   // key -> child
		var mu sync.Mutex
		for round := range rounds(20) {
			stop := make(chan struct{})
			var clients sync.WaitGroup
			var pending sync.Map // keys whose answer never came
			for c := range 8 {
				clients.Go(func() {
					for i := 0; ; i++ {
						select {
						case <-stop:
							return
						default:
						}
						key := fmt.Sprintf("%d-%d-%d", round, c, i)
						v := float64(rand.IntN(100000)) / 100
						a := s.call("POST", "/apps/lab/forms/child/records", map[string]any{"data": map[string]any{"up": parent, "v": v}}, "Idempotency-Key", key)
						if a.status != 201 {
							if a.status != 0 {
								t.Errorf("create: %d %s", a.status, a.raw)
							}
							pending.Store(key, v)
							return
						}
						mu.Lock()
						acked[a.body["id"].(string)], keys[key] = v, a.body["id"].(string)
						mu.Unlock()
					}
				})
			}
			wait := time.NewTimer(time.Duration(20+rand.IntN(150)) * time.Millisecond)
			<-wait.C // the moment of the crash is random
			s.kill()
			close(stop)
			clients.Wait()
			s.run()
			pending.Range(func(k, v any) bool { // the client asks again with the same key
				a := s.call("POST", "/apps/lab/forms/child/records", map[string]any{"data": map[string]any{"up": parent, "v": v}}, "Idempotency-Key", k.(string))
				if a.status != 201 {
					t.Errorf("repeating %v: %d %s", k, a.status, a.raw)
					return false
				}
				id := a.body["id"].(string)
				if _, twice := acked[id]; twice {
					t.Errorf("key %v gave a record of another key", k)
				}
				acked[id] = v.(float64)
				return true
			})
			s.checkStorm(parent, acked)
			if t.Failed() {
				t.Fatalf("round %d", round)
			}
		}
		t.Logf("%d acknowledged writes", len(acked))
	})
}

// checkStorm reads everything back and compares it with what was acknowledged.
func (s *server) checkStorm(parent string, acked map[string]float64) {
	s.t.Helper()
	found, numbers, cursor := map[string]float64{}, map[string]bool{}, ""
	for {
		q := map[string]any{"limit": 500}
		if cursor != "" {
			q["cursor"] = cursor
		}
		page := s.must(200, "POST", "/apps/lab/forms/child/query", q)
		for _, x := range page["items"].([]any) {
			rec := x.(map[string]any)
			data := rec["data"].(map[string]any)
			found[rec["id"].(string)], _ = data["v"].(float64)
			no := data["no"].(string)
			if numbers[no] {
				s.t.Errorf("serial number %s twice", no)
			}
			numbers[no] = true
		}
		if cursor, _ = page["cursor"].(string); cursor == "" {
			break
		}
	}
	for id, v := range acked {
		if got, ok := found[id]; !ok || got != v {
			s.t.Errorf("acknowledged %s = %v, found %v %v", id, v, got, ok)
		}
	}
	if len(found) != len(acked) {
		s.t.Errorf("%d records, %d were acknowledged", len(found), len(acked))
	}
	sum := s.must(200, "POST", "/apps/lab/forms/child/aggregate", map[string]any{"measures": []any{
		map[string]any{"fn": "count", "as": "n"}, map[string]any{"fn": "sum", "field": "v", "as": "total"}}})["rows"].([]any)[0].(map[string]any)
	p := s.must(200, "GET", "/apps/lab/forms/parent/records/"+parent, nil)["data"].(map[string]any)
	if p["n"] != sum["n"] || p["total"] != sum["total"] {
		s.t.Errorf("roll-ups say %v and %v, the records %v and %v", p["n"], p["total"], sum["n"], sum["total"])
	}
}
