package api_test

import (
	"net/netip"
	"strconv"
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

// built is a small user interface as a build leaves it.
func built(o *api.Options) {
	o.UI = fstest.MapFS{
		"index.html": {Data: []byte("<i>desktop")}, "m.html": {Data: []byte("<i>phone")}, "sw.js": {Data: []byte("let w")},
		"manifest.webmanifest": {Data: []byte("{}")}, "assets/a-1.js": {Data: []byte("let a")},
		"assets/a-1.js.gz": {Data: []byte("zipped")}, "assets/a-1.js.br": {Data: []byte("brotli")}, "assets/b-1.css": {Data: []byte("i{}")},
	}
}

func TestPagesOfTheUserInterface(t *testing.T) {
	r := newFreshRig(t)
	r.serve(built)
	for path, want := range map[string]string{"/": "<i>desktop", "/index.html": "<i>desktop", "/apps/shop/x": "<i>desktop", "/apps/shop.item": "<i>desktop",
		"/m": "<i>phone", "/m/": "<i>phone", "/m/x": "<i>phone", "/m/apps/shop.item/1": "<i>phone", "/m.html": "<i>phone", "/mx": "<i>desktop"} {
		a := r.do("GET", r.url+path, nil).want(200)
		if string(a.body) != want || a.header.Get("Cache-Control") != "no-cache" || a.header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %s %s", path, a.body, a.header)
		}
		head := r.do("HEAD", r.url+path, nil).want(200)
		if len(head.body) > 0 || head.header.Get("ETag") != a.header.Get("ETag") || head.header.Get("Content-Length") != strconv.Itoa(len(want)) {
			t.Errorf("HEAD %s: %q %s", path, head.body, head.header)
		}
	}
	policy := r.do("GET", r.url+"/", nil).header.Get("Content-Security-Policy")
	for _, part := range []string{"script-src 'self';", "worker-src 'self'", "manifest-src 'self'", "img-src 'self' data: blob:"} {
		if !strings.Contains(policy, part) {
			t.Errorf("no %s in %s", part, policy)
		}
	}
}

func TestFilesOfTheUserInterface(t *testing.T) {
	r := newFreshRig(t)
	r.serve(built)
	get := func(path string, headers ...string) *answer { return r.do("GET", r.url+path, nil, headers...) }
	for path, want := range map[string][2]string{
		"/sw.js": {"no-cache", "text/javascript; charset=utf-8"}, "/manifest.webmanifest": {"no-cache", "application/manifest+json"},
		"/assets/a-1.js":  {"public, max-age=31536000, immutable", "text/javascript; charset=utf-8"},
		"/assets/b-1.css": {"public, max-age=31536000, immutable", "text/css; charset=utf-8"},
	} {
		if a := get(path, "Accept-Encoding", "identity").want(200); a.header.Get("Cache-Control") != want[0] || a.header.Get("Content-Type") != want[1] {
			t.Errorf("%s: %s", path, a.header)
		}
	}
	for accept, want := range map[string]string{
		"br, gzip": "brotli", "gzip, deflate, br": "brotli", "gzip": "zipped", "gzip;q=1, br;q=0.5": "zipped", "br;q=0, gzip": "zipped",
		"*": "brotli", "identity": "let a", "deflate": "let a", "br;q=0": "let a", "gzip;q=0.2, identity;q=0.8": "let a", "gzip;q=x": "let a",
	} {
		a := get("/assets/a-1.js", "Accept-Encoding", accept).want(200)
		if string(a.body) != want || a.header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: %s %s", accept, a.body, a.header)
		}
		if again := get("/assets/a-1.js", "Accept-Encoding", accept, "If-None-Match", a.header.Get("ETag")).want(304); len(again.body) > 0 {
			t.Errorf("%s: 304 with %q", accept, again.body)
		}
	}
	if a, b := get("/assets/a-1.js", "Accept-Encoding", "br"), get("/assets/a-1.js", "Accept-Encoding", "gzip"); a.header.Get("ETag") == b.header.Get("ETag") {
		t.Error("two encodings have one tag")
	}
	for _, path := range []string{"/assets/a-2.js", "/assets/nothing", "/assets", "/assets/", "/x.js", "/api", "/api/v2/x", "/../../etc/passwd.txt"} {
		want := 404
		if path == "/assets" || path == "/assets/" { // a page, not a file
			want = 200
		}
		if a := get(path).want(want); want == 404 && strings.Contains(string(a.body), "<i>") {
			t.Errorf("%s answers a page", path)
		}
	}
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
