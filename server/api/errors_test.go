package api_test

import (
	"strings"
	"testing"
)

// Every class of failure has its status, its code and, where something of the request is to blame, its place.
func TestStatusesOfFailures(t *testing.T) {
	r := newRig(t)
	clerk := "Bearer " + r.clerk()
	id := r.create(`{"name":"one","code":"x1"}`)
	const query = "/apps/shop/forms/item/query"
	cases := []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		code, pointer            string
	}{
		{"no JSON", "POST", items, `{"data":`, nil, 400, "malformed", "/data"},
		{"no object", "POST", items, `[]`, nil, 400, "not-an-object", ""},
		{"duplicate key", "POST", items, `{"data":{},"data":{}}`, nil, 400, "malformed", "/data"},
		{"empty body", "POST", items, ``, nil, 400, "malformed", ""},
		{"not signed in", "GET", items, ``, []string{"Authorization", ""}, 401, "not-signed-in", ""},
		{"unknown token", "GET", items, ``, []string{"Authorization", "Bearer fw_nobody"}, 401, "token-unknown", ""},
		{"other scheme", "GET", items, ``, []string{"Authorization", "Basic YTpi"}, 401, "token-unknown", ""},
		{"action not granted", "DELETE", items + "/" + id, ``, []string{"Authorization", clerk}, 403, "forbidden", ""},
		{"admins only", "POST", "/users", `{"login":"x"}`, []string{"Authorization", clerk}, 403, "admin-only", ""},
		{"designers only", "PUT", "/apps/shop/definitions/app/shop", `{}`, []string{"Authorization", clerk}, 403, "designer-only", ""},
		{"no such record", "GET", items + "/aaaaaaaaaaaaaaaaaaaaaaaa", ``, nil, 404, "not-found", ""},
		{"no such form", "GET", "/apps/shop/forms/nothing/records", ``, nil, 404, "not-found", ""},
		{"no such app", "GET", "/apps/nothing", ``, nil, 404, "not-found", ""},
		{"no such address", "GET", "/nothing", ``, nil, 404, "not-found", ""},
		{"no such method", "PUT", "/me", `{}`, nil, 405, "method-not-allowed", ""},
		{"unique value taken", "POST", items, `{"data":{"name":"two","code":"X1"}}`, nil, 409, "duplicate", "/data/code"},
		{"nothing to publish", "POST", "/apps/shop/publish", `{}`, nil, 409, "nothing-to-publish", ""},
		{"set up already", "POST", "/setup", `{"login":"a","password":"0123456789"}`, nil, 409, "already-set-up", ""},
		{"stale rev", "PATCH", items + "/" + id, `{"data":{"price":1}}`, []string{"If-Match", "7"}, 412, "stale", ""},
		{"wrong If-Match", "PATCH", items + "/" + id, `{"data":{"price":1}}`, []string{"If-Match", "x"}, 400, "wrong-if-match", ""},
		{"too large", "POST", items, `{"data":{"name":"` + strings.Repeat("x", 1<<20) + `"}}`, nil, 413, "body-too-large", ""},
		{"too long", "POST", items, `{"data":{"name":"` + strings.Repeat("x", 5001) + `"}}`, nil, 422, "invalid", "/data/name"},
		{"required", "POST", items, `{"data":{}}`, nil, 422, "invalid", "/data/name"},
		{"unknown field", "POST", items, `{"data":{"name":"a","nme":1}}`, nil, 422, "invalid", "/data/nme"},
		{"unknown member", "POST", items, `{"date":{}}`, nil, 422, "invalid", "/date"},
		{"computed field", "PATCH", items + "/" + id, `{"data":{"double":3}}`, nil, 422, "invalid", "/data/double"},
		{"illegal transition", "POST", items + "/" + id + "/transition", `{"to":"gone"}`, nil, 422, "invalid", "/to"},
		{"hidden field", "POST", items, `{"data":{"name":"a","cost":1}}`, []string{"Authorization", clerk}, 422, "invalid", "/data/cost"},
		{"hidden field in a filter", "POST", query, `{"filter":{"field":"cost","op":"gt","value":1}}`, []string{"Authorization", clerk}, 422, "invalid", "/filter/field"},
		{"unknown operator", "POST", query, `{"filter":{"field":"name","op":"$where","value":1}}`, nil, 422, "invalid", "/filter/op"},
		{"wrong limit", "POST", query, `{"limit":501}`, nil, 422, "invalid", "/limit"},
		{"wrong cursor", "POST", query, `{"cursor":"abc"}`, nil, 422, "invalid", "/cursor"},
		{"wrong definition", "PUT", "/apps/shop/definitions/form/item", `{"kind":"form","key":"item"}`, nil, 422, "invalid", "/title"},
		{"short password", "POST", "/users", `{"login":"x","password":"short"}`, nil, 422, "invalid", "/password"},
		{"nothing to sign out of", "POST", "/auth/logout", ``, nil, 409, "not-a-session", ""},
		{"unknown version", "POST", "/apps/shop/rollback", `{"version":99}`, nil, 404, "unknown-version", "/version"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := r.in(t).do(c.method, c.path, strings.NewReader(c.body), c.headers...)
			if c.name == "wrong definition" { // which problem comes first is the meta-schema's business
				a.want(422)
				return
			}
			a.problem(c.status, c.code, c.pointer)
			if a.text("problems", 0, "message") == c.code {
				t.Errorf("no sentence: %s", a.body)
			}
		})
	}
	if strings.Contains(r.log.String(), "level=ERROR") {
		t.Errorf("refusals are no errors of the server: %s", r.log)
	}
}

func TestProblemsSpeakTheCallersLanguage(t *testing.T) {
	r := newRig(t)
	message := func(accept string) string {
		return r.post(items, `{"data":{}}`, "Accept-Language", accept).want(422).text("problems", 0, "message")
	}
	for accept, want := range map[string]string{
		"zh-CN,zh;q=0.9,en;q=0.8": "此项必填。", "en-GB": "This must be filled in.", "fr, zh;q=0.2, en;q=0.7": "This must be filled in.",
		"": "This must be filled in.", "tlh": "This must be filled in.",
	} {
		if got := message(accept); got != want {
			t.Errorf("%q: %q, want %q", accept, got, want)
		}
	}
	r.patch("/me", `{"locale":"zh-CN"}`).want(200)
	if got := message("en"); got != "此项必填。" {
		t.Errorf("their own setting does not win: %q", got)
	}
}

func TestEveryAnswerHasTheHeadersOfSecurity(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"/healthz", "/api/v1/me", "/api/v1/nothing", items, "/"} {
		a := r.get(path)
		for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"} {
			if a.header.Get(h) == "" {
				t.Errorf("%s: no %s", path, h)
			}
		}
		if a.header.Get("Server") != "" || a.header.Get("X-Powered-By") != "" {
			t.Errorf("%s tells what serves it", path)
		}
	}
	if got := r.get("/me").header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
	csp := r.get("/healthz").header.Get("Content-Security-Policy")
	for _, rule := range []string{"script-src 'self';", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} {
		if !strings.Contains(csp, rule) {
			t.Errorf("policy without %s: %s", rule, csp)
		}
	}
}
