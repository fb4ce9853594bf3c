package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"formwork/schemas/value"
)

// Bodies that are no JSON are refused wherever they are sent, and never shake the server.
func TestMalformedJSON(t *testing.T) {
	dir := shared(t, "data", "security", "jsontestsuite")
	r := newRig(t)
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	r.must(err)
	seen := 0
	for _, name := range files {
		body, err := os.ReadFile(name)
		r.must(err)
		base := filepath.Base(name)
		for _, to := range []struct{ method, path string }{
			{"POST", items}, {"POST", "/apps/shop/forms/item/query"}, {"POST", "/apps/shop/forms/item/bulk"}, {"PUT", "/apps/shop/definitions/form/x"},
		} {
			a := r.do(to.method, to.path, strings.NewReader(string(body)))
			switch {
			case base[0] == 'n' && len(body) == 0 && strings.HasSuffix(to.path, "/query"): // no body at all is an empty query
				a.want(200)
			case base[0] == 'n' && a.status != 400, a.status >= 500, base[0] == 'y' && a.status == 500:
				t.Errorf("%s to %s %s: %d %s", base, to.method, to.path, a.status, a.body)
			}
		}
		seen++
	}
	if seen < 150 {
		t.Fatalf("only %d files", seen)
	}
	r.get("/healthz").want(200)
	if strings.Contains(r.log.String(), "level=ERROR") {
		t.Errorf("the server complains: %s", r.log)
	}
}

// Strings that break other programs are data here: they come back as they were sent.
func TestNaughtyStringsRoundTrip(t *testing.T) {
	raw, err := os.ReadFile(shared(t, "data", "security", "blns.json"))
	r := newRig(t)
	r.must(err)
	var list []string
	r.must(json.Unmarshal(raw, &list))
	for i, s := range list {
		sent := string(value.AppendString(nil, s))
		a := r.post(items, `{"data":{"name":`+sent+`}}`)
		switch a.status {
		case 201:
			got := r.get(items+"/"+a.text("id")).want(200).text("data", "name")
			if got != strings.TrimSpace(s) && got != s {
				t.Errorf("%d: %q came back as %q", i, s, got)
			}
			f := `{"filter":{"field":"name","op":"contains","value":` + sent + `},"search":` + sent + `,"limit":1}`
			if q := r.post("/apps/shop/forms/item/query", f); q.status >= 500 {
				t.Errorf("%d: query with %q: %d %s", i, s, q.status, q.body)
			}
		case 422: // empty, or with control characters: refused with a pointer
			if a.text("problems", 0, "pointer") != "/data/name" {
				t.Errorf("%d: %q: %s", i, s, a.body)
			}
		default:
			t.Errorf("%d: %q: %d %s", i, s, a.status, a.body)
		}
	}
}

func TestInjection(t *testing.T) {
	r := newRig(t)
	id := r.create(`{"name":"x"}`)
	for _, filter := range []string{
		`{"$where":"sleep(1000)"}`, `{"name":{"$gt":""}}`, `{"field":"name","op":"eq","value":{"$gt":""}}`, `{"field":"data.name","op":"eq","value":1}`,
		`{"field":"name'; DROP TABLE x;--","op":"eq","value":1}`, `{"field":"name","op":"in","value":[{"$ne":1}]}`, `{"and":{"$or":[]}}`, `"1=1"`,
		`{"field":"$ne","op":"eq","value":1}`, `{"field":"__proto__","op":"notEmpty"}`,
	} {
		a := r.post("/apps/shop/forms/item/query", `{"filter":`+filter+`}`)
		if a.status != 422 {
			t.Errorf("%s: %d %s", filter, a.status, a.body)
		}
	}
	for _, path := range []string{"/%00", "/..%2f..%2fetc", "/" + strings.Repeat("a", 4000), "/$ne", "/%c0%ae", "/" + id + "%00"} {
		if a := r.get(items + path); a.status != 404 && a.status != 400 {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	// A value that ends up in a header cannot add another.
	a := r.post(items, `{"data":{"name":"x"}}`, "X-Request-Id", "a b").want(201)
	if a.header.Get("Injected") != "" {
		t.Error("a header was injected")
	}
	for _, path := range []string{"/apps/shop%0d%0aInjected:1/forms/item/records", items + "/a%0d%0aInjected:%201", "/dashboards/a%0d%0aInjected:1/data"} {
		if a := r.get(path); a.header.Get("Injected") != "" || a.status >= 500 {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
	}
}

func TestDepthAndSize(t *testing.T) {
	r := newRig(t)
	deep := strings.Repeat(`[`, 100_000) + strings.Repeat(`]`, 100_000)
	filter := strings.Repeat(`{"not":`, 60) + `{"field":"name","op":"empty"}` + strings.Repeat(`}`, 60)
	for name, c := range map[string]struct {
		path, body string
		status     int
	}{
		"nested arrays":        {items, `{"data":{"name":` + deep + `}}`, 400},
		"nested filter":        {"/apps/shop/forms/item/query", `{"filter":` + filter + `}`, 422},
		"nested definition":    {"/apps/shop/definitions/form/x", deep, 400},
		"many conditions":      {"/apps/shop/forms/item/query", `{"filter":{"or":[` + strings.TrimSuffix(strings.Repeat(`{"field":"name","op":"empty"},`, 20_000), ",") + `]}}`, 422},
		"nested expression":    {"/apps/shop/forms/item/query", `{"filter":{"field":"name","op":"eq","value":{"expr":"` + strings.Repeat("(", 100_000) + `"}}}`, 422},
		"huge number":          {items, `{"data":{"price":1e999}}`, 400},
		"number out of range":  {items, `{"data":{"name":"a","price":1e300}}`, 422},
		"many items":           {"/apps/shop/forms/item/bulk", `{"create":[` + strings.TrimSuffix(strings.Repeat(`{"name":"a"},`, 1001), ",") + `]}`, 422},
		"large body":           {items, strings.Repeat(" ", 2<<20), 413},
		"large but for bulk":   {"/apps/shop/forms/item/bulk", `{"create":[]` + strings.Repeat(" ", 2<<20) + `}`, 200},
		"larger than for bulk": {"/apps/shop/forms/item/bulk", strings.Repeat(" ", 33<<20), 413},
	} {
		t.Run(name, func(t *testing.T) {
			method := "POST"
			if strings.Contains(c.path, "definitions") {
				method = "PUT"
			}
			r.in(t).do(method, c.path, strings.NewReader(c.body)).want(c.status)
		})
	}
	// A body without a length is cut off at the same limit.
	r.do("POST", items, io.MultiReader(strings.NewReader(`{"data":"`), strings.NewReader(strings.Repeat("x", 2<<20)))).want(413)
	r.get("/healthz").want(200)
}

// An unread body must not be taken for the next request of the connection.
func TestUnreadBodiesAreNoRequests(t *testing.T) {
	r := newRig(t)
	c, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	r.must(err)
	defer c.Close()
	smuggled := "DELETE /api/v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
	_, err = fmt.Fprintf(c, "POST /api/v1/nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"+
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", len(smuggled), smuggled)
	r.must(err)
	in := bufio.NewReader(c)
	for _, want := range []int{404, 200} {
		res, err := http.ReadResponse(in, nil)
		r.must(err)
		_, err = io.Copy(io.Discard, res.Body)
		r.must(err)
		if res.StatusCode != want {
			t.Fatalf("answered %d, want %d", res.StatusCode, want)
		}
	}
}

// Fiber reuses the buffers of requests. What a handler keeps must not change under it: many requests at once, each with
// its own body, parameters and headers, get their own back.
func TestRequestsDoNotMix(t *testing.T) {
	r := newRig(t)
	var wait sync.WaitGroup
	for worker := range 16 {
		wait.Go(func() {
			for i := range 25 {
				mine := fmt.Sprintf("w%02d-%03d-", worker, i)
				name := mine + strings.Repeat(string(rune('a'+worker)), 10+worker*37)
				a := r.post(items, `{"data":{"name":"`+name+`","code":"`+mine+`"}}`, "Idempotency-Key", mine)
				if a.status != 201 || a.text("data", "name") != name || a.text("data", "code") != mine {
					t.Errorf("%s got %d %s", mine, a.status, a.body)
					return
				}
				if got := r.get(items+"/"+a.text("id")).text("data", "name"); got != name {
					t.Errorf("%s reads %s", mine, got)
				}
				q := r.get(items + `?filter={"field":"code","op":"eq","value":"` + mine + `"}`)
				if q.text("items", 0, "data", "code") != mine || q.at("items", 1) != nil {
					t.Errorf("%s finds %s", mine, q.body)
				}
				if a := r.get(items + "/missing-" + mine); a.text("problems", 0, "params", "record") != "missing-"+mine {
					t.Errorf("%s: %s", mine, a.body)
				}
			}
		})
	}
	wait.Wait()
}
