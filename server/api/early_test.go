package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"formwork/server/api"
)

const earlyPlan = `[{"path":"/apps/:app/dashboards/:dashboard","scripts":["/assets/board-1.js"],"styles":["/assets/board-1.css"],
	"texts":{"en":["/assets/en-1.js"],"zh-CN":["/assets/zh-1.js"]},"folders":["desk/x"],"asks":[{"path":"/api/v1/me"},{"path":"/api/v1/apps"},
	{"path":"/api/v1/apps/{key}","each":"/api/v1/apps"},{"path":"/api/v1/nothing"},
	{"path":"/api/v1/dashboards/:app.:dashboard/data","query":["period","from"],"late":true}]},
	{"path":"/","asks":[{"path":"/api/v1/users"}]}]`

// planned is a user interface whose build says what its pages ask first.
func planned(o *api.Options) {
	o.UI = fstest.MapFS{
		"index.html":             {Data: []byte(`<html><head><title>x</title></head><body><div id="root"></div></body></html>`)},
		".vite/early.index.json": {Data: []byte(earlyPlan)},
		"m.html":                 {Data: []byte("<i>phone")},
	}
}

// blocks are the answers that a document holds, by request, and what it tells of itself.
func blocks(t *testing.T, document string) (answers map[string]string, told map[string]any) {
	t.Helper()
	answers = map[string]string{}
	for _, m := range regexp.MustCompile(`(?s)<script type="application/json" ([a-z-]+)="([^"]*)">(.*?)</script>`).FindAllStringSubmatch(document, -1) {
		if !json.Valid([]byte(m[3])) {
			t.Errorf("%s is no JSON: %s", m[2], m[3])
		}
		if m[1] == "data-early" {
			answers[html.UnescapeString(m[2])] = m[3]
		} else if err := json.Unmarshal([]byte(m[3]), &told); err != nil {
			t.Error(err)
		}
	}
	return answers, told
}

func (r *rig) board() {
	r.t.Helper()
	r.put("/apps/shop/definitions/dashboard/sales", `{"kind":"dashboard","key":"sales","title":"Sales","cards":[
		{"key":"n","title":"N","type":"kpi","form":"item","measures":[{"fn":"count","as":"n"}]}]}`).want(200)
	r.post("/apps/shop/publish", `{}`).want(200)
}

func TestADocumentHoldsWhatItsPageAsksFirst(t *testing.T) {
	r := newRig(t)
	r.board()
	r.create(`{"name":"a"}`)
	r.serve(planned)
	cookie, csrf := r.signIn(adminLogin, adminPassword)
	with := []string{"Authorization", "", "Cookie", cookie}
	a := r.do("GET", r.url+"/apps/shop/dashboards/sales?period=all&x=1", nil, with...).want(200)
	if got := a.header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("others may keep it: %s", got)
	}
	answers, told := blocks(t, string(a.body))
	for _, path := range []string{"/me", "/apps", "/apps/shop", "/dashboards/shop.sales/data?period=all"} {
		same := r.get(path, with...).want(200)
		if got := answers["/api/v1"+path]; got != string(same.body) {
			t.Errorf("%s answers\n%s\nthe document says\n%s", path, same.body, got)
		}
	}
	if len(answers) != 4 {
		t.Errorf("%d answers", len(answers))
	}
	if !strings.Contains(answers["/api/v1/me"], csrf) || !strings.Contains(answers["/api/v1/dashboards/shop.sales/data?period=all"], `{"n":1}`) {
		t.Errorf("%v", answers)
	}
	if told["language"] != "en" || told["own"] != false || !slices.Equal(told["late"].([]any), []any{"/api/v1/dashboards/shop.sales/data?period=all"}) {
		t.Errorf("it tells of itself %v", told)
	}
	if !slices.Equal(told["texts"].([]any), []any{"desk/x"}) {
		t.Errorf("its texts are %v", told["texts"])
	}
	if told["mark"] != r.hub.Mark() {
		t.Errorf("events stand at %s, it tells %v", r.hub.Mark(), told["mark"])
	}
	head, _, _ := strings.Cut(string(a.body), "</head>")
	for _, file := range []string{"/assets/board-1.js", "/assets/board-1.css", "/assets/en-1.js"} {
		if !strings.Contains(head, `href="`+file+`"`) {
			t.Errorf("no link to %s in %s", file, head)
		}
	}
	if strings.Contains(head, "zh-1.js") || !strings.HasSuffix(string(a.body), "</body></html>") {
		t.Errorf("%s", a.body)
	}

	packed := r.do("GET", r.url+"/apps/shop/dashboards/sales?period=all&x=1", nil, append(with, "Accept-Encoding", "gzip")...).want(200)
	unzip, err := gzip.NewReader(bytes.NewReader(packed.body))
	r.must(err)
	plain, err := io.ReadAll(unzip)
	r.must(err)
	if !bytes.Equal(plain, a.body) {
		t.Errorf("packed it is another: %s", plain)
	}
}

func TestADocumentHoldsWhatItsReaderMaySee(t *testing.T) {
	r := newRig(t)
	r.board()
	clerk := r.clerk()
	me := r.get("/me", "Authorization", "Bearer "+clerk).want(200)
	r.put("/users/"+me.at("user", "id").(string)+"/password", `{"password":"`+adminPassword+`"}`).want(204)
	r.patch("/me", `{"locale":"zh-CN"}`, "Authorization", "Bearer "+clerk).want(200)
	r.serve(planned)
	cookie, _ := r.signIn("clerk", adminPassword)
	with := []string{"Authorization", "", "Cookie", cookie, "Accept-Language", "en"}
	a := r.do("GET", r.url+"/apps/shop/dashboards/sales", nil, with...).want(200)
	answers, told := blocks(t, string(a.body))
	if answers["/api/v1/apps/shop"] != string(r.get("/apps/shop", with...).want(200).body) || strings.Contains(answers["/api/v1/apps/shop"], "cost") {
		t.Errorf("it says more than the API: %s", answers["/api/v1/apps/shop"])
	}
	if told["language"] != "zh-CN" || told["own"] != true || !strings.Contains(string(a.body), "zh-1.js") {
		t.Errorf("not in the reader's language: %v", told)
	}
	a = r.do("GET", r.url+"/", nil, with...).want(200)
	if answers, _ = blocks(t, string(a.body)); answers["/api/v1/users"] != string(r.get("/users", with...).want(200).body) {
		t.Errorf("%v", answers)
	}
}

func TestNothingInAnAnswerEndsItsBlock(t *testing.T) {
	r := newRig(t)
	r.board()
	evil := `</script><script>alert(1)</script><!--<script>`
	text, err := json.Marshal(evil)
	r.must(err)
	r.patch("/me", `{"name":`+string(text)+`}`).want(200)
	r.serve(planned)
	cookie, _ := r.signIn(adminLogin, adminPassword)
	a := r.do("GET", r.url+`/apps/shop/dashboards/sales?period=%22%3E%3C/script%3E%3Cb%3E&from=2026-01-01`, nil, "Authorization", "", "Cookie", cookie).want(200)
	if strings.Contains(string(a.body), "<script>") || strings.Contains(string(a.body), "<!--") || strings.Contains(string(a.body), "<b>") {
		t.Errorf("it stands in the document: %s", a.body)
	}
	answers, _ := blocks(t, string(a.body))
	var me struct{ User struct{ Name string } }
	r.must(json.Unmarshal([]byte(answers["/api/v1/me"]), &me))
	if me.User.Name != evil {
		t.Errorf("another name: %s", me.User.Name)
	}
}

func TestDocumentsWithoutAnswers(t *testing.T) {
	r := newRig(t)
	r.board()
	r.serve(planned)
	cookie, csrf := r.signIn(adminLogin, adminPassword)
	plain := func(what, path string, headers ...string) {
		t.Helper()
		a := r.do("GET", r.url+path, nil, append([]string{"Authorization", ""}, headers...)...).want(200)
		if answers, told := blocks(t, string(a.body)); len(answers) > 0 || told != nil || a.header.Get("Cache-Control") != "no-cache" || strings.Contains(string(a.body), "early") {
			t.Errorf("%s: %s %s", what, a.header, a.body)
		}
	}
	board := "/apps/shop/dashboards/sales"
	plain("signed out", board)
	plain("an unknown session", board, "Cookie", "formwork_session=x")
	plain("an API token", board, "Authorization", "Bearer "+r.token)
	plain("the file itself", "/index.html", "Cookie", cookie)
	plain("a page that is not planned", "/people", "Cookie", cookie)
	plain("for a worker to keep", board, "Cookie", cookie, "Sec-Fetch-Dest", "empty")
	plain("on a guess", board, "Cookie", cookie, "Sec-Purpose", "prefetch")
	plain("a way up", "/apps/%2e%2e%2f%2e%2e%2fme/dashboards/sales", "Cookie", cookie)
	plain("a long key", "/apps/"+strings.Repeat("a", 65)+"/dashboards/sales", "Cookie", cookie)

	if a := r.do("HEAD", r.url+board, nil, "Authorization", "", "Cookie", cookie).want(200); a.header.Get("ETag") == "" {
		t.Errorf("HEAD: %s", a.header)
	}
	a := r.do("GET", r.url+"/apps/shop/dashboards/nothing", nil, "Authorization", "", "Cookie", cookie).want(200)
	if answers, _ := blocks(t, string(a.body)); len(answers) != 3 {
		t.Errorf("what is refused is left out: %v", answers)
	}
	r.post("/auth/logout", "", "Authorization", "", "Cookie", cookie, "X-CSRF-Token", csrf).want(204)
	plain("signed out meanwhile", board, "Cookie", cookie)
	cookie, _ = r.signIn(adminLogin, adminPassword)
	r.pass(8 * 24 * time.Hour)
	plain("a session that ran out", board, "Cookie", cookie)
}

func TestADocumentCarriesSoMuch(t *testing.T) {
	r := newRig(t)
	r.board()
	r.put("/apps/huge/definitions/app/huge", `{"kind":"app","key":"huge","title":"Huge"}`).want(200)
	fields := make([]string, 100)
	for i := range fields {
		fields[i] = fmt.Sprintf(`"f%d":{"type":"string","title":%q,"x-field":{"type":"text"}}`, i, strings.Repeat("客", 2000))
	}
	for _, key := range []string{"a", "b"} { // each below the limit of a body, beyond that of an answer
		r.put("/apps/huge/definitions/form/"+key, `{"kind":"form","key":"`+key+`","title":"x","schema":{"type":"object","properties":{`+strings.Join(fields, ",")+`}}}`).want(200)
	}
	r.post("/apps/huge/publish", `{}`).want(200)
	r.serve(planned)
	cookie, _ := r.signIn(adminLogin, adminPassword)
	a := r.do("GET", r.url+"/apps/shop/dashboards/sales", nil, "Authorization", "", "Cookie", cookie).want(200)
	answers, _ := blocks(t, string(a.body))
	if _, ok := answers["/api/v1/apps/huge"]; ok || answers["/api/v1/apps/shop"] == "" || answers["/api/v1/dashboards/shop.sales/data"] == "" {
		t.Errorf("%d bytes with %d answers", len(a.body), len(answers))
	}
}

func TestABrokenPlanIsSaid(t *testing.T) {
	r := newFreshRig(t)
	for _, files := range []fstest.MapFS{
		{"index.html": {Data: []byte("<head></head><body></body>")}, ".vite/early.index.json": {Data: []byte("{")}},
		{"index.html": {Data: []byte("<i>")}, ".vite/early.index.json": {Data: []byte("[]")}},
	} {
		_, _, err := api.New(r.ctx, api.Options{Engine: r.engine, Auth: r.auth, FirstRun: r.first, Hub: r.hub, Now: r.clock.Now, UI: files})
		if err == nil {
			t.Error("nobody learns of it")
		}
	}
	if http.StatusOK != r.do("GET", r.url+"/", nil).status {
		t.Error("the server is gone")
	}
}
