package record_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/store/mongo"
	"formwork/engine/store/sqlite"
	"formwork/engine/store/storetest"
	"formwork/engine/store/storetest/mongoserver"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/templates"
)

var ctx = context.Background()

// jobs keeps what would be done later, and does it when told.
type jobs struct {
	r     *record.Records
	queue []map[string]any
}

func (j *jobs) Add(_ context.Context, _ store.Tx, kind, key string, payload map[string]any) error {
	j.queue = append(j.queue, payload)
	return nil
}
func (j *jobs) Wake() {}
func (j *jobs) Checkpoint(context.Context, store.Tx, map[string]any) error {
	return nil
}

func (j *jobs) drain(t *testing.T) {
	t.Helper()
	for len(j.queue) > 0 {
		p := j.queue[0]
		j.queue = j.queue[1:]
		if err := j.r.RunLookups(ctx, p, nil, j); err != nil {
			t.Fatal(err)
		}
	}
}

type world struct {
	*record.Records
	t    *testing.T
	jobs *jobs
	cat  *catalog.Catalog
	org  *org.Org
	now  time.Time
}

// each runs a test on every store.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { fn(t, open(t, storetest.NewMemory())) })
	t.Run("sqlite", func(t *testing.T) {
		st, err := sqlite.Open(ctx, sqlite.Options{Path: t.TempDir() + "/test.db"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		fn(t, open(t, st))
	})
	t.Run("mongo", func(t *testing.T) {
		st, err := mongo.Open(ctx, mongo.Options{URI: mongoserver.SharedDatabase(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		fn(t, open(t, st))
	})
}

func open(t *testing.T, st store.Store) *world {
	t.Helper()
	w := &world{t: t, jobs: &jobs{}, now: time.Date(2026, 3, 5, 9, 30, 0, 0, time.UTC)}
	var n atomic.Int64
	newID := func() string { return fmt.Sprintf("%024x", n.Add(1)) }
	now := func() time.Time { return w.now }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	w.cat, err = catalog.Open(ctx, st, catalog.Options{Now: now})
	must(err)
	w.org, err = org.Open(ctx, st, newID)
	must(err)
	shanghai, _ := time.LoadLocation("Asia/Shanghai")
	w.Records, err = record.Open(ctx, record.Options{
		Store: st, Catalog: w.cat, People: func() record.People { return w.org.Directory() }, Jobs: w.jobs,
		Now: now, NewID: newID, Zone: func() *time.Location { return shanghai },
	})
	must(err)
	w.jobs.r = w.Records
	return w
}

func (w *world) install(template string) {
	w.t.Helper()
	apps := map[string]catalog.Sources{}
	err := fs.WalkDir(templates.FS, template+"/apps", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := templates.FS.ReadFile(path)
		if err != nil {
			return err
		}
		h, err := definition.Peek(b)
		app := strings.Split(path, "/")[2]
		if apps[app] == nil {
			apps[app] = catalog.Sources{}
		}
		apps[app][string(h.Kind)+"/"+h.Key] = string(b)
		return err
	})
	if err == nil {
		_, err = w.cat.PublishSources(ctx, "test", "", apps)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// publish makes an app of one form.
func (w *world) publish(form string) {
	w.t.Helper()
	h, _ := definition.Peek([]byte(form))
	_, err := w.cat.PublishSources(ctx, "test", "", map[string]catalog.Sources{"lab": {
		"app/lab": `{"kind":"app","key":"lab","title":"Lab"}`, "form/" + h.Key: form}})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) user(name string, u org.User) *org.User {
	w.t.Helper()
	u.Login, u.Name, u.Active = name, name, true
	got, err := w.org.CreateUser(ctx, u)
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

func admin() record.Caller {
	return record.Caller{User: "admin", Subject: access.Subject{User: "admin", Admin: true}, Via: "api"}
}

// as is a caller with the roles of the installed apps by their keys.
func (w *world) as(u *org.User, roles ...string) record.Caller {
	c := record.Caller{User: u.ID, Via: "api", Subject: access.Subject{User: u.ID}}
	for key, a := range w.cat.Snapshot().Apps {
		for _, r := range a.Roles {
			for _, want := range roles {
				if r.Key == want {
					c.Subject.Roles = append(c.Subject.Roles, access.Role{App: key, Def: r})
				}
			}
		}
	}
	return c
}

func (w *world) create(c record.Caller, form string, data map[string]any) *record.Record {
	w.t.Helper()
	rec, _, err := w.Write(ctx, c, &record.Intent{Verb: record.Create, Form: form, Data: data}, record.WriteOptions{})
	if err != nil {
		w.t.Fatalf("create %s: %v", form, err)
	}
	return rec
}

func (w *world) patch(c record.Caller, rec *record.Record, data map[string]any) (*record.Record, error) {
	got, _, err := w.Write(ctx, c, &record.Intent{Verb: record.Update, Form: rec.Form.Name, ID: rec.Doc.ID, Data: data}, record.WriteOptions{})
	return got, err
}

func (w *world) read(c record.Caller, form, id string) map[string]any {
	w.t.Helper()
	b, _, err := w.Get(ctx, c, form, id)
	if err != nil {
		w.t.Fatalf("get %s %s: %v", form, id, err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		w.t.Fatalf("%v in %s", err, b)
	}
	return m
}

func (w *world) data(c record.Caller, form, id string) map[string]any {
	w.t.Helper()
	return w.read(c, form, id)["data"].(map[string]any)
}

func wantKind(t *testing.T, err error, kind problem.Kind, code string) {
	t.Helper()
	if problem.KindOf(err) != kind {
		t.Fatalf("error is %v, want kind %s", err, kind)
	}
	for _, p := range problem.Of(err) {
		if p.Code == code {
			return
		}
	}
	t.Fatalf("error is %v, want code %s", err, code)
}
