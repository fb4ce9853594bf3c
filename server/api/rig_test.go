package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"formwork/engine"
	"formwork/engine/org"
	"formwork/engine/store/storetest"
	"formwork/server/api"
	"formwork/server/auth"
	"formwork/server/live"
	"formwork/templates"
)

const (
	adminLogin    = "admin"
	adminPassword = "correct horse battery"
)

// rig is a server in this process, on a loopback address, with a clock of its own.
type rig struct {
	t      *testing.T
	ctx    context.Context
	url    string
	engine *engine.Engine
	auth   *auth.Auth
	first  *auth.FirstRun
	hub    *live.Hub
	admin  *org.User
	token  string // of the admin
	log    *logged
	clock  *clock
}

// in is the rig of a subtest.
func (r *rig) in(t *testing.T) *rig {
	sub := *r
	sub.t = t
	return &sub
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (r *rig) pass(d time.Duration) {
	r.clock.mu.Lock()
	r.clock.now = r.clock.now.Add(d)
	r.clock.mu.Unlock()
}

// logged is what the server logs.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// newFreshRig is a server that waits to be set up.
func newFreshRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, ctx: t.Context(), clock: &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, log: &logged{}, hub: live.NewHub()}
	log := slog.New(slog.NewTextHandler(r.log, nil))
	var err error
	r.engine, err = engine.Open(r.ctx, storetest.NewMemory(), engine.Options{Now: r.clock.Now, Log: log, Templates: templates.FS,
		Changed: r.hub.Changed, Published: r.hub.Published, Say: api.Say()})
	r.must(err)
	r.auth, err = auth.Open(r.ctx, auth.Options{Store: r.engine.Store, Org: r.engine.Org, Now: r.clock.Now, NewID: r.engine.NewID, Cost: auth.Cost{KiB: 64, Passes: 1, Lanes: 1}})
	r.must(err)
	r.first = auth.NewFirstRun(r.auth, r.engine.Workspace, gallery{r.engine})
	r.serve(func(*api.Options) {})
	return r
}

// serve starts the API with other options, in the place of what served before.
func (r *rig) serve(change func(*api.Options)) {
	r.t.Helper()
	o := api.Options{Engine: r.engine, Auth: r.auth, FirstRun: r.first, Hub: r.hub, Now: r.clock.Now, Version: "test", Log: slog.New(slog.NewTextHandler(r.log, nil))}
	change(&o)
	app, _, err := api.New(r.ctx, o)
	r.must(err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	r.must(err)
	r.url = "http://" + listener.Addr().String()
	served := make(chan error, 1)
	go func() { served <- app.Listener(listener) }()
	r.t.Cleanup(func() {
		r.hub.Close()
		http.DefaultClient.CloseIdleConnections()
		_ = app.ShutdownWithTimeout(5 * time.Second)
		<-served
	})
}

// newRig is a server with an admin and the app `shop`.
func newRig(t *testing.T) *rig {
	t.Helper()
	r := newFreshRig(t)
	var err error
	r.admin, err = r.first.Run(r.ctx, auth.Wish{Login: adminLogin, Password: adminPassword, Locale: "en", Timezone: "UTC"})
	r.must(err)
	_, r.token, err = r.auth.CreateToken(r.ctx, r.admin.ID, "tests")
	r.must(err)
	for name, source := range shop {
		r.put("/apps/shop/definitions/"+name, source).want(200)
	}
	r.post("/apps/shop/publish", `{}`).want(200)
	return r
}

// gallery installs templates for the first run.
type gallery struct{ engine *engine.Engine }

func (g gallery) Has(key string) bool { return key == "starter" }

func (g gallery) Install(ctx context.Context, key string, demo bool, by string) error {
	_, err := g.engine.Installer.Install(ctx, by, key, demo)
	return err
}

// shop is an app with a form that has most of what matters here.
var shop = map[string]string{
	"app/shop": `{"kind":"app","key":"shop","title":"Shop"}`,
	"form/item": `{"kind":"form","key":"item","title":"Item","titleField":"name","schema":{"type":"object","required":["name"],"properties":{
		"name":{"type":"string","maxLength":5000,"x-field":{"type":"longtext","search":true}},
		"code":{"type":"string","x-field":{"type":"text","unique":true}},
		"price":{"type":"number","minimum":0,"x-field":{"type":"currency","scale":2}},
		"cost":{"type":"number","x-field":{"type":"number","scale":2}},
		"level":{"type":"string","x-field":{"type":"select","options":[{"value":"A"},{"value":"B"}]}},
		"double":{"type":"number","x-field":{"type":"formula","expr":"price * 2","scale":2}},
		"stage":{"type":"string","x-field":{"type":"select"}}}},
		"stages":{"field":"stage","initial":"new","states":[{"key":"new"},{"key":"sold"}],"transitions":[{"key":"sell","from":["new"],"to":"sold"}]}}`,
	"role/clerk": `{"kind":"role","key":"clerk","title":"Clerk","members":{"default":true},"forms":[
		{"form":"item","actions":["read","create","update"],"fields":[{"field":"cost","access":"hidden"}]}]}`,
}

const items = "/apps/shop/forms/item/records"

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// clerk is a user with no more than the default role, and their token.
func (r *rig) clerk() (token string) {
	r.t.Helper()
	u, err := r.engine.Org.CreateUser(r.ctx, org.User{Login: "clerk", Active: true})
	r.must(err)
	_, token, err = r.auth.CreateToken(r.ctx, u.ID, "tests")
	r.must(err)
	return token
}

// answer is a response that was read.
type answer struct {
	t       *testing.T
	request string
	status  int
	header  http.Header
	body    []byte
}

// do sends a request with the admin's token, unless a header says otherwise. Headers are name, value, name, value.
func (r *rig) do(method, path string, body io.Reader, headers ...string) *answer {
	r.t.Helper()
	if strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "/api") && !strings.HasSuffix(path, "z") && path != "/metrics" && path != "/" {
		path = "/api/v1" + path
	}
	address := r.url + path
	if strings.HasPrefix(path, "http://") {
		address = path
	}
	req, err := http.NewRequestWithContext(r.ctx, method, address, body)
	r.must(err)
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i+1] == "" {
			req.Header.Del(headers[i])
		} else {
			req.Header.Set(headers[i], headers[i+1])
		}
	}
	res, err := http.DefaultClient.Do(req)
	r.must(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	r.must(err)
	return &answer{t: r.t, request: method + " " + path, status: res.StatusCode, header: res.Header, body: b}
}

func (r *rig) get(path string, headers ...string) *answer {
	r.t.Helper()
	return r.do("GET", path, nil, headers...)
}

func (r *rig) post(path, body string, headers ...string) *answer {
	r.t.Helper()
	return r.do("POST", path, strings.NewReader(body), headers...)
}

func (r *rig) put(path, body string, headers ...string) *answer {
	r.t.Helper()
	return r.do("PUT", path, strings.NewReader(body), headers...)
}

func (r *rig) patch(path, body string, headers ...string) *answer {
	r.t.Helper()
	return r.do("PATCH", path, strings.NewReader(body), headers...)
}

func (r *rig) delete(path string, headers ...string) *answer {
	r.t.Helper()
	return r.do("DELETE", path, nil, headers...)
}

func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s answered %d, want %d: %s", a.request, a.status, status, a.body)
	}
	return a
}

// problem wants a problem document with a code, and its first problem at a pointer.
func (a *answer) problem(status int, code, pointer string) *answer {
	a.t.Helper()
	a.want(status)
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		a.t.Errorf("%s: type %q", a.request, got)
	}
	if got := a.at("code"); got != code {
		a.t.Errorf("%s: code %v, want %s: %s", a.request, got, code, a.body)
	}
	if got, _ := a.at("problems", 0, "pointer").(string); got != pointer {
		a.t.Errorf("%s: pointer %q, want %q: %s", a.request, got, pointer, a.body)
	}
	return a
}

// at finds a value in the answer by keys and indexes; nil when it is not there.
func (a *answer) at(path ...any) any {
	a.t.Helper()
	var v any
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatalf("%s: no JSON: %v: %s", a.request, err, a.body)
	}
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func (a *answer) text(path ...any) string {
	a.t.Helper()
	return fmt.Sprint(a.at(path...))
}

// create makes an item and gives its id.
func (r *rig) create(data string) string {
	r.t.Helper()
	return r.post(items, `{"data":`+data+`}`).want(201).text("id")
}

// shared finds a folder of the read-only data that stand beside the repository, or skips.
func shared(t *testing.T, parts ...string) string {
	t.Helper()
	dir := os.Getenv("FORMWORK_SHARED")
	for here, _ := os.Getwd(); dir == "" && here != filepath.Dir(here); here = filepath.Dir(here) {
		if info, err := os.Stat(filepath.Join(here, "shared", "data")); err == nil && info.IsDir() {
			dir = filepath.Join(here, "shared")
		}
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); dir == "" || err != nil {
		t.Skipf("needs ../shared/%s", filepath.Join(parts...))
	}
	return path
}
