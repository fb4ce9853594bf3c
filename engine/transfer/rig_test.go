package transfer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/org"
	"formwork/engine/outbox"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/store/sqlite"
	"formwork/engine/store/storetest"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/templates"
)

// rig is a workspace to import into.
type rig struct {
	testing.TB
	ctx     context.Context
	st      store.Store
	cat     *catalog.Catalog
	org     *org.Org
	records *record.Records
	box     *outbox.Outbox
	t       *Transfer
	files   *memoryFiles
	subject map[string]access.Subject
	now     time.Time
}

const boss = "00000000000000000000b055"

func newRig(tb testing.TB, st store.Store, apps map[string]catalog.Sources) *rig {
	tb.Helper()
	ctx := context.Background()
	r := &rig{TB: tb, ctx: ctx, st: st, files: &memoryFiles{data: map[string][]byte{}}, now: time.Date(2026, 3, 5, 9, 30, 0, 0, time.UTC)}
	r.subject = map[string]access.Subject{boss: {User: boss, Admin: true}}
	var n atomic.Int64
	newID := func() string { return fmt.Sprintf("65000000%016x", n.Add(1)) }
	now := func() time.Time { return r.now }
	zone := func() *time.Location { return time.UTC }
	var err error
	r.cat, err = catalog.Open(ctx, st, catalog.Options{Now: now})
	r.must(err)
	r.org, err = org.Open(ctx, st, newID)
	r.must(err)
	r.box, err = outbox.Open(ctx, st, outbox.Options{Now: now, NewID: newID, Backoff: func(int) time.Duration { return 0 }})
	r.must(err)
	r.records, err = record.Open(ctx, record.Options{Store: st, Catalog: r.cat, People: func() record.People { return r.org.Directory() },
		Jobs: r.box, Now: now, NewID: newID, Zone: zone})
	r.must(err)
	_, err = r.org.CreateUser(ctx, org.User{ID: boss, Login: "boss", Name: "Boss", Active: true, Admin: true, Password: "x"})
	r.must(err)
	if apps != nil {
		_, err = r.cat.PublishSources(ctx, boss, "", apps)
		r.must(err)
	}
	r.t, err = Open(ctx, Options{Store: st, Records: r.records, Org: r.org, Outbox: r.box, Files: r.files, Batch: 50,
		Caller: func(user, via string) record.Caller {
			return record.Caller{User: user, Subject: r.subject[user], Via: via}
		},
		Workspace: func() string { return "Works" }})
	r.must(err)
	return r
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatalf("%v %v", err, problem.Of(err))
	}
}

func (r *rig) caller(user string) record.Caller {
	return record.Caller{User: user, Subject: r.subject[user], Via: "api"}
}

// upload stores a file and gives its id.
func (r *rig) upload(name, content string) string {
	id, err := r.files.Save(r.ctx, boss, name, "", strings.NewReader(content))
	r.must(err)
	return id
}

func (r *rig) open(id string) File {
	f, err := r.files.Open(r.ctx, id)
	r.must(err)
	return f
}

func (r *rig) mapping(source string) Mapping {
	r.Helper()
	m, err := ParseMapping([]byte(source))
	r.must(err)
	return m
}

func (r *rig) preview(content string, m Mapping) Preview {
	r.Helper()
	p, err := r.t.Preview(r.ctx, r.caller(boss), r.open(r.upload("in.csv", content)), m)
	r.must(err)
	return p
}

// run imports and gives the finished job.
func (r *rig) run(content string, m Mapping) outbox.Job {
	r.Helper()
	job, err := r.t.Start(r.ctx, r.caller(boss), r.upload("in.csv", content), m, StartOptions{})
	r.must(err)
	return r.finish(job)
}

func (r *rig) finish(job outbox.Job) outbox.Job {
	r.Helper()
	r.must(r.box.Drain(r.ctx))
	job, err := r.box.Get(r.ctx, job.ID)
	r.must(err)
	return job
}

func (r *rig) expect(job outbox.Job, created, updated, unchanged, refused int) {
	r.Helper()
	c := countsOf(job.Progress)
	if job.State != outbox.Done || c.Created != created || c.Updated != updated || c.Unchanged != unchanged || c.Refused != refused {
		r.Errorf("job %s %q %v: %+v, want created %d updated %d unchanged %d refused %d", job.State, job.Error, job.Problems, c, created, updated, unchanged, refused)
	}
}

// all are a form's live records by the text of a field.
func (r *rig) all(form, by string) map[string]*record.Record {
	r.Helper()
	out := map[string]*record.Record{}
	r.must(r.records.Each(r.ctx, r.caller(boss), form, record.Query{}, func(x *record.Record) error {
		key := plainText(x.Data()[by])
		if out[key] != nil {
			r.Errorf("%s has two records with %s %q", form, by, key)
		}
		out[key] = x
		return nil
	}))
	return out
}

func (r *rig) count(form string) int {
	n := 0
	r.must(r.st.View(r.ctx, func(rd store.Reader) (err error) {
		n, err = rd.Count(r.ctx, r.cat.Snapshot().Forms[form].Collection.Name, query.Where{}, query.Live, 0)
		return err
	}))
	return n
}

func memory() store.Store { return storetest.NewMemory() }

func onSQLite(tb testing.TB) store.Store {
	tb.Helper()
	st, err := sqlite.Open(context.Background(), sqlite.Options{Path: filepath.Join(tb.TempDir(), "test.db")})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = st.Close() })
	return st
}

// memoryFiles are Files for tests.
type memoryFiles struct {
	mu   sync.Mutex
	n    int
	data map[string][]byte
	name map[string]string
}

func (f *memoryFiles) Open(_ context.Context, id string) (File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, ok := f.data[id]
	if !ok {
		return File{}, problem.Fail(problem.NotFound, "not-found", "", nil)
	}
	return File{Name: f.name[id], Size: int64(len(b)), ReaderAt: bytes.NewReader(b), Closer: io.NopCloser(nil)}, nil
}

func (f *memoryFiles) Save(_ context.Context, _, name, _ string, r io.Reader) (string, error) {
	b, err := io.ReadAll(r)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n++
	id := fmt.Sprintf("file%d", f.n)
	if f.name == nil {
		f.name = map[string]string{}
	}
	f.data[id], f.name[id] = b, name
	return id, err
}

func (*memoryFiles) Keep(context.Context, store.Tx, string) error { return nil }

func (r *rig) errorSheet(job outbox.Job) string {
	r.Helper()
	id, _ := job.Result["errors"].(string)
	if id == "" {
		return ""
	}
	return string(r.files.data[id])
}

// shop is a small app: goods, and orders with stages that point to goods, people and each other.
func shop() map[string]catalog.Sources {
	field := func(x string, more ...string) map[string]any {
		var m map[string]any
		if err := json.Unmarshal([]byte(`{"x-field": `+x+`}`), &m); err != nil {
			panic(err)
		}
		m["type"] = "string"
		for _, s := range more {
			m["type"] = s
		}
		return m
	}
	form := func(key, title string, stages any, properties map[string]any, required ...string) string {
		d := map[string]any{"kind": "form", "key": key, "titleField": title, "title": map[string]any{"en": key}, "schema": map[string]any{
			"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": properties}}
		if len(required) > 0 {
			d["schema"].(map[string]any)["required"] = required
		}
		if stages != nil {
			d["stages"] = stages
		}
		b, err := json.Marshal(d)
		if err != nil {
			panic(err)
		}
		return string(b)
	}
	stages := map[string]any{"field": "stage", "initial": "new", "states": []any{
		map[string]any{"key": "new"}, map[string]any{"key": "done", "title": map[string]any{"zh-CN": "完成", "en": "Done"}}}, "transitions": []any{}}
	return map[string]catalog.Sources{"shop": {
		"app/shop": `{"kind": "app", "key": "shop", "title": "Shop"}`,
		"form/good": form("good", "name", nil, map[string]any{
			"name": field(`{"type": "text", "unique": true, "title": {"zh-CN": "品名", "en": "Name"}}`), "price": field(`{"type": "currency", "scale": 2}`, "number"),
			"kind":   field(`{"type": "select", "options": [{"value": "technology", "title": {"zh-CN": "科技", "en": "Technology"}}, {"value": "food", "title": {"zh-CN": "食品", "en": "Food"}}]}`),
			"tags":   field(`{"type": "multiselect", "options": [{"value": "a", "title": "Alpha"}, {"value": "b", "title": "Beta"}]}`, "array"),
			"parent": field(`{"type": "relation", "form": "good"}`)}, "name"),
		"form/order": form("order", "no", stages, map[string]any{
			"no": field(`{"type": "text", "unique": true}`), "good": field(`{"type": "relation", "form": "good"}`), "stage": field(`{"type": "select"}`),
			"owner": field(`{"type": "user"}`), "placedAt": field(`{"type": "date"}`), "amount": field(`{"type": "currency"}`, "number"),
			"share": field(`{"type": "percent"}`, "number"), "secret": field(`{"type": "text"}`)}),
		"role/clerk": `{"kind": "role", "key": "clerk", "title": "Clerk", "members": {"default": true}, "forms": [
			{"form": "order", "actions": ["read", "create", "update", "import", "export"], "rows": "all", "fields": [{"field": "secret", "access": "hidden"}]},
			{"form": "good", "actions": ["read"]}]}`,
	}}
}

// clerk is a user with the role of the shop.
func (r *rig) clerk() record.Caller {
	const id = "00000000000000000000c1e4"
	_, err := r.org.CreateUser(r.ctx, org.User{ID: id, Login: "clerk", Name: "Clerk", Active: true, Password: "x"})
	r.must(err)
	var role *definition.Role
	for _, x := range r.cat.Snapshot().Apps["shop"].Roles {
		role = x
	}
	r.subject[id] = access.Subject{User: id, Roles: []access.Role{{App: "shop", Def: role}}}
	return r.caller(id)
}

// template are the apps of a bundled template.
func template(tb testing.TB, key string) map[string]catalog.Sources {
	tb.Helper()
	out := map[string]catalog.Sources{}
	err := fs.WalkDir(templates.FS, key+"/apps", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".json") {
			return err
		}
		b, err := fs.ReadFile(templates.FS, name)
		if err != nil {
			return err
		}
		app := strings.Split(name, "/")[2]
		h, err := definition.Peek(b)
		if out[app] == nil {
			out[app] = catalog.Sources{}
		}
		out[app][string(h.Kind)+"/"+h.Key] = string(b)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// shared finds a folder of the shared data.
func shared(tb testing.TB, path ...string) string {
	tb.Helper()
	root := os.Getenv("FORMWORK_SHARED")
	if root == "" {
		dir, err := os.Getwd()
		for err == nil && root == "" {
			if s := filepath.Join(dir, "shared"); isDir(s) {
				root = s
			} else if up := filepath.Dir(dir); up != dir {
				dir = up
			} else {
				break
			}
		}
	}
	full := filepath.Join(append([]string{root, "data"}, path...)...)
	if root == "" || !isDir(full) {
		tb.Skip("needs ../shared")
	}
	return full
}

func isDir(path string) bool {
	s, err := os.Stat(path)
	return err == nil && s.IsDir()
}
