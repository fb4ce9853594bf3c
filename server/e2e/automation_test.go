package e2e

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"formwork/engine/store/storetest/mongoserver"
)

// works is an app whose tasks set automations off: one counts them at an account, leaves an effect and moves the task on, one posts
// what a task is worth, one notes that it was moved.
func (s *server) works() {
	s.t.Helper()
	field := func(x string) string { return `{"x-field":{` + x + `}}` }
	put := func(kind, key, body string) {
		s.t.Helper()
		s.must(200, "PUT", "/apps/works/definitions/"+kind+"/"+key, []byte(`{"kind":"`+kind+`","key":"`+key+`","title":"`+key+`"`+body+`}`))
	}
	put("app", "works", "")
	put("form", "account", `,"schema":{"properties":{"n":`+field(`"type":"number"`)+`}}`)
	put("form", "task", `,"schema":{"properties":{"account":`+field(`"type":"relation","form":"account"`)+`,"v":`+field(`"type":"number","scale":2`)+`,"stage":`+field(`"type":"select"`)+`}},
		"stages":{"field":"stage","initial":"new","states":[{"key":"new"},{"key":"done"}],"transitions":[{"key":"finish","from":["new"],"to":"done"}]}`)
	put("form", "effect", `,"schema":{"properties":{"task":`+field(`"type":"text"`)+`,"what":`+field(`"type":"text"`)+`}}`)
	put("form", "posting", `,"schema":{"properties":{"key":`+field(`"type":"text"`)+`,"amount":`+field(`"type":"number","scale":2`)+`}}`)
	put("automation", "begin", `,"form":"task","trigger":{"on":"created"},"steps":[
		{"key":"left","type":"create","config":{"form":"effect","data":{"task":{"expr":"record.id"},"what":"begun"}}},
		{"key":"count","type":"update","config":{"form":"account","record":{"expr":"record.account"},"data":{"n":{"expr":"item.n + 1"}}}},
		{"key":"move","type":"transition","config":{"to":"done"}}]`)
	put("automation", "worth", `,"form":"task","trigger":{"on":"saved","fields":["v"]},"steps":[
		{"key":"post","type":"post","config":{"form":"posting","keyField":"key","key":{"expr":"record.id"},"amountField":"amount","amount":{"expr":"record.v"}}}]`)
	put("automation", "moved", `,"form":"task","trigger":{"on":"stage","to":["done"]},"steps":[
		{"key":"left","type":"create","config":{"form":"effect","data":{"task":{"expr":"record.id"},"what":"moved"}}},
		{"key":"tell","type":"notify","config":{"to":[{"field":"createdBy"}],"title":"{{ record.id }}"}}]`)
	s.must(200, "POST", "/apps/works/publish", map[string]any{})
}

// storm is clients that write, and what was acknowledged to them.
type storm struct {
	mu       sync.Mutex
	accounts []string
	worth    map[string]float64 // task -> the value last acknowledged
	unknown  map[string]bool    // tasks with a change whose answer never came
	pending  map[string]object  // creates whose answer never came, by their key
	// outage says that the database goes down, so that the server may answer that it cannot; clients ask again then.
	outage bool
	acked  chan struct{} // a sign whenever something was acknowledged
}

type object = map[string]any

func (m *storm) client(s *server, name string, stop <-chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		key := fmt.Sprintf("%s-%d", name, i)
		v := float64(rand.IntN(100000)) / 100
		data := object{"account": m.accounts[rand.IntN(len(m.accounts))], "v": v}
		a := m.send(s, stop, "POST", "/apps/works/forms/task/records", data, "Idempotency-Key", key)
		if a.status != 201 {
			if !m.cut(a) {
				s.t.Errorf("create: %d %s", a.status, a.raw)
			}
			m.mu.Lock()
			m.pending[key] = data
			m.mu.Unlock()
			return
		}
		id := a.body["id"].(string)
		m.mu.Lock()
		m.worth[id] = v
		m.mu.Unlock()
		if i%2 == 0 {
			continue
		}
		v = float64(rand.IntN(100000)) / 100
		a = m.send(s, stop, "PATCH", "/apps/works/forms/task/records/"+id, object{"v": v})
		m.mu.Lock()
		if m.worth[id] = v; a.status != 200 {
			m.unknown[id] = true
		}
		m.mu.Unlock()
		if a.status != 200 {
			if !m.cut(a) {
				s.t.Errorf("change: %d %s", a.status, a.raw)
			}
			return
		}
	}
}

// cut says whether an answer is none because something was killed.
func (m *storm) cut(a answer) bool { return a.status == 0 || m.outage && a.status >= 500 }

// send writes; while the database is down it asks again, until told to stop.
func (m *storm) send(s *server, stop <-chan struct{}, method, path string, data object, headers ...string) answer {
	for {
		a := s.call(method, path, object{"data": data}, headers...)
		if !m.cut(a) {
			select {
			case m.acked <- struct{}{}:
			default:
			}
			return a
		}
		if !m.outage {
			return a
		}
		wait := time.NewTimer(20 * time.Millisecond) // as a client would, not to ask all the time
		select {
		case <-stop:
			wait.Stop()
			return a
		case <-wait.C:
		}
	}
}

// again sends what was never answered once more, under the same keys.
func (m *storm) again(s *server) {
	for key, data := range m.pending {
		a := s.call("POST", "/apps/works/forms/task/records", object{"data": data}, "Idempotency-Key", key)
		for n := 0; m.outage && (a.status == 0 || a.status >= 500) && n < 20; n++ { // until the server has found its database again
			time.Sleep(200 * time.Millisecond)
			a = s.call("POST", "/apps/works/forms/task/records", object{"data": data}, "Idempotency-Key", key)
		}
		if a.status != 201 {
			s.t.Errorf("repeating %s: %d %s", key, a.status, a.raw)
			continue
		}
		m.worth[a.body["id"].(string)] = data["v"].(float64)
	}
	m.pending = map[string]object{}
}

// settle waits until no run is left to do.
func (s *server) settle(within time.Duration) {
	s.t.Helper()
	for deadline := time.Now().Add(within); ; time.Sleep(100 * time.Millisecond) { // poll: what another process does gives no other sign
		queued := len(s.must(200, "GET", "/runs?state=queued&limit=1", nil)["items"].([]any))
		running := len(s.must(200, "GET", "/runs?state=running&limit=1", nil)["items"].([]any))
		if queued+running == 0 {
			break
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("runs are left: %s", s.call("GET", "/runs?state=queued&limit=3", nil).raw)
		}
	}
	if a := s.call("GET", "/runs?state=failed&limit=3", nil); len(a.body["items"].([]any)) > 0 {
		s.t.Errorf("runs failed: %s", a.raw)
	}
}

// every gives all records of a form.
func (s *server) every(form string, fn func(id string, data object)) {
	s.t.Helper()
	for cursor := ""; ; {
		q := object{"limit": 500}
		if cursor != "" {
			q["cursor"] = cursor
		}
		page := s.must(200, "POST", "/apps/works/forms/"+form+"/query", q)
		for _, x := range page["items"].([]any) {
			rec := x.(object)
			fn(rec["id"].(string), rec["data"].(object))
		}
		if cursor, _ = page["cursor"].(string); cursor == "" {
			return
		}
	}
}

// check holds what there is against what was acknowledged: every task has each of its effects once, is worth what was posted
// for it, and is counted once.
func (m *storm) check(s *server) {
	s.t.Helper()
	left, posted, known, tasks := map[string]int{}, map[string]float64{}, map[string]bool{}, 0
	s.every("effect", func(_ string, d object) { left[d["what"].(string)+" "+d["task"].(string)]++ })
	s.every("posting", func(_ string, d object) { posted[d["key"].(string)] += d["amount"].(float64) })
	counted, told := 0.0, 0
	s.every("account", func(_ string, d object) { n, _ := d["n"].(float64); counted += n })
	s.every("task", func(id string, d object) {
		tasks++
		v, _ := d["v"].(float64)
		if want, ok := m.worth[id]; ok && v != want && !m.unknown[id] {
			s.t.Errorf("%s is worth %v, acknowledged was %v", id, v, want)
		}
		if left["begun "+id] != 1 || left["moved "+id] != 1 || d["stage"] != "done" {
			s.t.Errorf("%s was begun %d times, moved %d times, is %v", id, left["begun "+id], left["moved "+id], d["stage"])
		}
		if diff := posted[id] - v; diff > 0.001 || diff < -0.001 {
			s.t.Errorf("%s is worth %v, posted is %v", id, v, posted[id])
		}
		known[id] = true
	})
	if counted != float64(tasks) {
		s.t.Errorf("%v counted, there are %d tasks", counted, tasks)
	}
	for id := range m.worth {
		if !known[id] {
			s.t.Errorf("%s was acknowledged and is not there", id)
		}
	}
	if len(left) != 2*tasks {
		s.t.Errorf("%d effects for %d tasks", len(left), tasks)
	}
	titles := map[string]bool{}
	for cursor := ""; ; {
		page := s.must(200, "GET", "/notifications?limit=100&cursor="+cursor, nil)
		for _, x := range page["items"].([]any) {
			told++
			titles[x.(object)["title"].(string)] = true
		}
		if cursor, _ = page["cursor"].(string); cursor == "" {
			break
		}
	}
	if told != tasks || len(titles) != tasks {
		s.t.Errorf("told %d times of %d tasks, there are %d", told, len(titles), tasks)
	}
	s.t.Logf("%d tasks", tasks)
}

// sometimes checks after the last of so many kills, and after every hundredth, as a long torture is to tell soon.
func (m *storm) sometimes(s *server, kill, of int) {
	s.t.Helper()
	if kill < of && kill%100 != 0 {
		return
	}
	s.settle(3 * time.Minute)
	m.check(s)
	if s.t.Logf("checked after %d kills", kill); s.t.Failed() {
		s.t.FailNow()
	}
}

func newStorm(s *server) *storm {
	m := &storm{worth: map[string]float64{}, unknown: map[string]bool{}, pending: map[string]object{}, acked: make(chan struct{}, 1)}
	for range 4 {
		m.accounts = append(m.accounts, s.must(201, "POST", "/apps/works/forms/account/records", object{"data": object{"n": 0}})["id"].(string))
	}
	return m
}

// TestTortureKilledInAStormOfRuns kills the server at random moments while clients write and automations run. Nothing that
// was acknowledged is lost, and no effect is lost, doubled or half done.
func TestTortureKilledInAStormOfRuns(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, s *server) {
		s.works()
		m := newStorm(s)
		kills := rounds(50)
		if s.mongo() { // on MongoDB a round waits for the transactions of the one that was killed
			kills = rounds(25)
		}
		for round := range kills {
			stop := make(chan struct{})
			var clients sync.WaitGroup
			for c := range 4 {
				clients.Go(func() { m.client(s, fmt.Sprintf("%d-%d", round, c), stop) })
			}
			moment := time.NewTimer(time.Duration(10+rand.IntN(130)) * time.Millisecond)
			<-moment.C // of the crash: random
			s.kill()
			close(stop)
			clients.Wait()
			s.run()
			m.again(s)
			m.sometimes(s, round+1, kills)
		}
		t.Logf("%d kills of the server", kills)
	})
}

// TestTortureDatabaseKilledInAStormOfRuns kills the database instead, again and again while clients write: the server stays
// up, says that it cannot, and goes on when the database is there again.
func TestTortureDatabaseKilledInAStormOfRuns(t *testing.T) {
	t.Parallel()
	database := mongoserver.Start(t, mongoserver.Options{})
	s := start(t, "--mongodb-uri", mongoserver.WithDatabase(database.URI(), "works"))
	s.works()
	m := newStorm(s)
	m.outage = true
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for c := range 4 {
		clients.Go(func() { m.client(s, fmt.Sprint(c), stop) })
	}
	kills := rounds(50)
	for n := range kills {
		select { // it works again, and is at work
		case <-m.acked:
		case <-time.After(time.Minute):
			t.Fatalf("nothing is written any more after %d kills", n)
		}
		moment := time.NewTimer(time.Duration(rand.IntN(200)) * time.Millisecond)
		<-moment.C // of the crash: random
		database.Kill()
		database.Restart()
		select { // what was acknowledged before the crash
		case <-m.acked:
		default:
		}
	}
	close(stop)
	clients.Wait()
	m.again(s)
	m.sometimes(s, kills, kills)
	t.Logf("%d kills of the database", kills)
}

// TestTwoProcessesShareTheRuns lets two servers work on one database and kills one of them: the other takes its runs over
// within their leases, and each is done once.
func TestTwoProcessesShareTheRuns(t *testing.T) {
	uri := mongoserver.SharedDatabase(t)
	shortTransactions(t, uri)
	one := start(t, "--mongodb-uri", uri)
	two := start(t, "--mongodb-uri", uri)
	one.works()
	m := newStorm(one)
	waitForApp(two)
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for c := range 3 {
		clients.Go(func() { m.client(one, fmt.Sprintf("one-%d", c), stop) })
		clients.Go(func() { m.client(two, fmt.Sprintf("two-%d", c), stop) })
	}
	moment := time.NewTimer(1500 * time.Millisecond)
	<-moment.C // both are in the middle of it
	two.kill()
	close(stop)
	clients.Wait()
	m.again(one)
	one.settle(90 * time.Second)
	m.check(one)
}

// waitForApp waits until a process has heard of what another published.
func waitForApp(s *server) {
	s.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); s.call("GET", "/apps/works", nil).status != 200; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatal("the other process does not know the app")
		}
	}
}
