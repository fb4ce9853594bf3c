package api_test

import (
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"

	"formwork/server/api"
)

func TestWithoutAUserInterface(t *testing.T) {
	r := newFreshRig(t)
	a := r.get("/").want(200)
	if !strings.Contains(string(a.body), "/api/v1/openapi.json") || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		t.Errorf("%v %s", a.header, a.body)
	}
}

func TestUserInterface(t *testing.T) {
	r := newFreshRig(t)
	r.serve(func(o *api.Options) {
		o.UI = fstest.MapFS{
			"index.html": {Data: []byte("<i>desktop")}, "m.html": {Data: []byte("<i>phone")}, "assets/a-1.js": {Data: []byte("let a")},
			"assets/a-1.js.gz": {Data: []byte("packed")}, "manifest.webmanifest": {Data: []byte("{}")},
		}
	})
	get := func(path string, headers ...string) *answer { return r.do("GET", r.url+path, nil, headers...) }
	for path, want := range map[string]string{"/": "<i>desktop", "/apps/shop/x": "<i>desktop", "/m": "<i>phone", "/m/x": "<i>phone", "/mx": "<i>desktop"} {
		if a := get(path).want(200); string(a.body) != want || a.header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %s %s", path, a.body, a.header)
		}
	}
	js := get("/assets/a-1.js", "Accept-Encoding", "identity").want(200)
	if string(js.body) != "let a" || !strings.Contains(js.header.Get("Cache-Control"), "immutable") || !strings.Contains(js.header.Get("Content-Type"), "javascript") {
		t.Errorf("%s %v", js.body, js.header)
	}
	if a := get("/assets/a-1.js", "Accept-Encoding", "gzip").want(200); string(a.body) != "packed" || a.header.Get("Content-Encoding") != "gzip" {
		t.Errorf("%s %v", a.body, a.header)
	}
	get("/assets/a-1.js", "If-None-Match", js.header.Get("ETag")).want(304)
	get("/assets/a-2.js").want(404)
	get("/api").want(404)
	get("/api/v2/x").want(404)
	get("/../../etc/passwd.txt").want(404)
}

func TestMetricsAreForTheMachineAndAdmins(t *testing.T) {
	r := newRig(t)
	r.get("/me").want(200)
	a := r.get("/metrics", "Authorization", "").want(200)
	for _, line := range []string{`formwork_requests_total{method="GET",route="/api/v1/me",status="200"} 1`, "go_goroutines", "formwork_streams 0"} {
		if !strings.Contains(string(a.body), line) {
			t.Errorf("no %s", line)
		}
	}
	r.get("/metrics", "Authorization", "", "X-Forwarded-For", "203.0.113.1").want(401)
	r.get("/metrics", "Authorization", "Bearer "+r.clerk(), "X-Forwarded-For", "203.0.113.1").want(403)
	r.get("/metrics", "X-Forwarded-For", "203.0.113.1").want(200)
}

// Behind a proxy that may say so it is the browser that is throttled, and the cookie is for HTTPS only.
func TestBehindAProxy(t *testing.T) {
	r := newRig(t)
	r.serve(func(o *api.Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	from := func(address string, i int) *answer {
		return r.post("/auth/login", `{"login":"nobody`+string(rune('a'+i))+`","password":"x"}`, "Authorization", "",
			"X-Forwarded-For", "198.51.100.99, "+address+", 127.0.0.2")
	}
	limited := false
	for i := range 25 {
		limited = limited || from("203.0.113.1", i).status == 429
	}
	if !limited {
		t.Error("an address that tries many logins is not slowed down")
	}
	from("203.0.113.2", 24).want(401)
	a := r.post("/auth/login", `{"login":"admin","password":"`+adminPassword+`"}`, "Authorization", "", "X-Forwarded-Proto", "https", "X-Forwarded-For", "203.0.113.3").want(200)
	if !strings.Contains(a.header.Get("Set-Cookie"), "secure") || a.header.Get("Strict-Transport-Security") == "" {
		t.Errorf("over HTTPS: %v", a.header)
	}
}
