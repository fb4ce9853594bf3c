package automation_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"formwork/engine"
	"formwork/engine/automation"
	"formwork/engine/catalog"
	"formwork/engine/org"
	"formwork/engine/outbox"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/store/mongo"
	"formwork/engine/store/sqlite"
	"formwork/engine/store/storetest/mongoserver"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

type object = map[string]any

// onEachStore runs a test on SQLite and on MongoDB.
func onEachStore(t *testing.T, test func(r *rig)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "test.db")})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = st.Close() })
		test(newRig(t, st))
	})
	t.Run("mongo", func(t *testing.T) {
		st, err := mongo.Open(t.Context(), mongo.Options{URI: mongoserver.SharedDatabase(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = st.Close() })
		test(newRig(t, st))
	})
}

// rig is an engine with an app `shop` and a clock that stands until it is moved.
type rig struct {
	*testing.T
	ctx  context.Context
	st   store.Store
	e    *engine.Engine
	mu   sync.Mutex
	time time.Time
	defs catalog.Sources
	// dora leads the others; all but max have the role rep.
	dora, ann, ben, cho, max string
}

const shopForms = `
{"kind":"app","key":"shop","title":"Shop"}
{"kind":"role","key":"rep","title":"Rep"}
{"kind":"calendar","key":"cn","holidays":[{"from":"2026-10-01","to":"2026-10-07"}],"workdays":[{"from":"2026-10-10"}]}
{"kind":"form","key":"order","title":"Order","titleField":"name","schema":{"required":["name"],"properties":{
	"name":{"x-field":{"type":"text"}},"region":{"x-field":{"type":"text"}},"total":{"x-field":{"type":"number","scale":2}},
	"twice":{"x-field":{"type":"formula","expr":"total * 2"}},"due":{"x-field":{"type":"date"}},"at":{"x-field":{"type":"datetime"}},
	"owner":{"x-field":{"type":"user"}},"note":{"x-field":{"type":"longtext"}},"locked":{"x-field":{"type":"text","readOnly":true}},
	"parent":{"x-field":{"type":"relation","form":"order"}},"stage":{"x-field":{"type":"select"}},
	"sum":{"x-field":{"type":"rollup","form":"line","link":"order","fn":"sum","field":"amount"}}}},
	"stages":{"field":"stage","initial":"new","states":[{"key":"new"},{"key":"won"},{"key":"lost"}],
		"transitions":[{"key":"win","from":["new"],"to":"won","roles":["rep"],"require":["total"]},{"key":"lose","from":["new"],"to":"lost"}]}}
{"kind":"form","key":"line","title":"Line","schema":{"properties":{
	"order":{"x-field":{"type":"relation","form":"order"}},"amount":{"x-field":{"type":"number","scale":2}},"text":{"x-field":{"type":"text"}},
	"trace":{"type":"array","items":{"type":"object","properties":{"key":{"x-field":{"type":"text"}},"title":{"x-field":{"type":"text"}},"value":{"x-field":{"type":"number","scale":2}}}},"x-field":{"type":"table"}}}}}
`

func newRig(t *testing.T, st store.Store) *rig {
	t.Helper()
	r := &rig{T: t, ctx: t.Context(), st: st, time: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), defs: catalog.Sources{}}
	r.e = r.open(st)
	boss := r.department("")
	north := r.department(boss)
	r.dora = r.user("dora", org.User{Department: boss, Roles: map[string][]string{"shop": {"rep"}}})
	_, err := r.e.Org.UpdateDepartment(r.ctx, north, 0, func(d *org.Department) error { d.Leader = r.dora; return nil })
	r.must(err)
	rep := map[string][]string{"shop": {"rep"}}
	r.ann = r.user("ann", org.User{Department: north, Roles: rep})
	r.ben = r.user("ben", org.User{Department: north, Roles: rep})
	r.cho = r.user("cho", org.User{Department: north, Roles: rep})
	r.max = r.user("max", org.User{})
	r.define(strings.Split(strings.TrimSpace(shopForms), "\n{")...)
	return r
}

// open opens an engine on the store, as a process would.
func (r *rig) open(st store.Store) *engine.Engine {
	r.Helper()
	e, err := engine.Open(r.ctx, st, engine.Options{Now: r.now})
	r.must(err)
	_, err = e.Workspace.Save(r.ctx, 0, func(s *org.Settings) { s.Timezone, s.Locale = "UTC", "en" })
	r.must(err)
	return e
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatalf("%v %v", err, problem.Of(err))
	}
}

// now moves on by a millisecond each time, so that what happens later is later.
func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.time
}

func (r *rig) clock(s string) {
	r.Helper()
	ms, err := value.ParseInstant(s)
	r.must(err)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.time = time.UnixMilli(ms).UTC()
}

func (r *rig) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.time = r.time.Add(d)
}

func (r *rig) department(parent string) string {
	r.Helper()
	d, err := r.e.Org.CreateDepartment(r.ctx, org.Department{Name: "d" + parent, Parent: parent})
	r.must(err)
	return d.ID
}

func (r *rig) user(login string, u org.User) string {
	r.Helper()
	u.Login, u.Name, u.Active, u.Password = login, login, true, "x"
	out, err := r.e.Org.CreateUser(r.ctx, u)
	r.must(err)
	return out.ID
}

// define publishes definitions beside those that there are.
func (r *rig) define(sources ...string) {
	r.Helper()
	r.must(r.publish(sources...))
}

func (r *rig) publish(sources ...string) error {
	for _, s := range sources {
		if !strings.HasPrefix(s, "{") {
			s = "{" + s
		}
		m := value.MustDecode([]byte(s))
		r.defs[m["kind"].(string)+"/"+m["key"].(string)] = s
	}
	_, err := r.e.Catalog.PublishSources(r.ctx, r.dora, "", map[string]catalog.Sources{"shop": r.defs})
	return err
}

// automate publishes an automation `a` and begins with its timers.
func (r *rig) automate(body string) {
	r.Helper()
	r.define(`{"kind":"automation","key":"a",` + body + `}`)
	r.drain()
}

func (r *rig) admin() record.Caller {
	c := r.e.Caller(r.ann, "api")
	c.Subject.Admin = true
	return c
}

func (r *rig) write(in *record.Intent) map[string]any {
	r.Helper()
	rec, _, err := r.e.Records.Write(r.ctx, r.admin(), in, record.WriteOptions{})
	r.must(err)
	return r.e.Records.Values(rec)
}

// create makes a record and gives its id.
func (r *rig) create(form string, data object) string {
	r.Helper()
	id, _ := r.write(&record.Intent{Verb: record.Create, Form: "shop." + form, Data: data})["id"].(string)
	return id
}

func (r *rig) update(form, id string, data object) {
	r.Helper()
	r.write(&record.Intent{Verb: record.Update, Form: "shop." + form, ID: id, Data: data})
}

func (r *rig) get(form, id string) map[string]any {
	r.Helper()
	rec, err := r.e.Records.Load(r.ctx, r.admin(), "shop."+form, id)
	r.must(err)
	return r.e.Records.Values(rec)
}

// all gives a field of every record of a form, in the order of their ids.
func (r *rig) all(form, field string) string {
	r.Helper()
	recs, err := r.e.Records.Find(r.ctx, r.admin(), "shop."+form, record.Query{Limit: 500})
	r.must(err)
	var out []string
	for _, rec := range recs {
		out = append(out, fmt.Sprint(r.e.Records.Values(rec)[field]))
	}
	return strings.Join(out, " ")
}

func (r *rig) drain() {
	r.Helper()
	r.must(r.e.Outbox.Drain(r.ctx))
}

// runs lists the runs of automation `a`, the oldest first.
func (r *rig) runs() []automation.Run {
	r.Helper()
	runs, _, err := r.e.Automation.Runs(r.ctx, automation.Filter{Automation: "shop.a", Limit: 500})
	r.must(err)
	for i := range len(runs) / 2 {
		runs[i], runs[len(runs)-1-i] = runs[len(runs)-1-i], runs[i]
	}
	return runs
}

// one is the only run there is, in a state.
func (r *rig) one(want outbox.State) automation.Run {
	r.Helper()
	runs := r.runs()
	if len(runs) != 1 || runs[0].State != want {
		for _, x := range runs {
			r.Logf("%s %s %v %v", x.State, x.Error, x.Problems, x.Result)
		}
		r.Fatalf("%d runs, want one that is %s", len(runs), want)
	}
	return runs[0]
}

// told lists the titles of what a user was told, the newest first.
func (r *rig) told(user string) string {
	r.Helper()
	page, err := r.e.Inbox.List(r.ctx, user, false, "", 100)
	r.must(err)
	var out []string
	for _, n := range page.Items {
		out = append(out, n.Title.In("en"))
	}
	return strings.Join(out, "; ")
}

func (r *rig) wants(what string, got, want any) {
	r.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		r.Errorf("%s: %v, want %v", what, got, want)
	}
}
