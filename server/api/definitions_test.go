package api_test

import (
	"strings"
	"testing"
)

func TestDefinitionsFromDraftToRollback(t *testing.T) {
	r := newRig(t)
	const form = "/apps/shop/definitions/form/item"
	a := r.get(form).want(200)
	if a.header.Get("X-Formwork-Draft") != "" || string(a.body) != shop["form/item"] {
		t.Errorf("published: %v %s", a.header, a.body)
	}
	changed := strings.Replace(shop["form/item"], `"level":`, `"weight":{"type":"number","x-field":{"type":"number","scale":1}},"level":`, 1)
	r.put(form, changed, "If-Match", `"older"`).problem(412, "stale", "")
	r.put(form, changed, "If-Match", a.header.Get("ETag")).want(200)
	if got := r.get(form).want(200); got.header.Get("X-Formwork-Draft") != "true" || string(got.body) != changed {
		t.Errorf("draft: %s", got.body)
	}
	if l := string(r.get("/apps/shop/definitions").want(200).body); !strings.Contains(l, `{"kind":"form","key":"item","draft":true}`) {
		t.Errorf("list: %s", l)
	}
	r.post(items, `{"data":{"name":"a","weight":1}}`).want(422) // not yet
	if got := r.post("/apps/shop/publish", `{"message":"weights"}`).want(200).text("version"); got != "2" {
		t.Errorf("version %s", got)
	}
	id := r.create(`{"name":"a","weight":1.5}`)
	if v := r.get("/apps/shop/versions").want(200); v.text("items", 0, "message") != "weights" || v.at("items", 0, "current") != true {
		t.Errorf("versions: %s", v.body)
	}
	// A misspelt field is refused with a place and a suggestion, and nothing changes.
	r.put(form, strings.Replace(changed, "price * 2", "prise * 2", 1)).want(200)
	if l := r.get("/apps/shop/lint").want(200); l.text("problems", 0, "params", "suggestion") != "price" {
		t.Errorf("lint: %s", l.body)
	}
	bad := r.post("/apps/shop/publish", `{}`).want(422)
	if bad.text("problems", 0, "params", "line") != "1" || bad.text("problems", 0, "params", "column") != "1" || !strings.Contains(bad.text("problems", 0, "message"), "price") {
		t.Errorf("refusal: %s", bad.body)
	}
	r.delete("/apps/shop/drafts").want(204)
	r.post("/apps/shop/publish", `{}`).want(409)

	if got := r.post("/apps/shop/rollback", `{"version":1}`).want(200).text("version"); got != "3" {
		t.Errorf("rolled back to %s", got)
	}
	if got := r.get(items + "/" + id).want(200); got.at("data", "weight") != nil && got.status != 200 {
		t.Errorf("record of the newer version: %s", got.body)
	}
	r.patch(items+"/"+id, `{"data":{"price":1}}`).want(200)
	if a := r.post("/apps/shop/rollback", `{"version":2}`); a.status != 200 && a.status != 202 {
		t.Errorf("back again: %s", a.body)
	}
	if got := r.get(items+"/"+id).want(200).text("data", "weight"); got != "1.5" {
		t.Errorf("the value is lost: %s", got)
	}
}

func TestChangesThatConvertRecordsAreAJob(t *testing.T) {
	r := newRig(t)
	id := r.create(`{"name":"a","price":2}`)
	r.put("/apps/shop/definitions/form/item", strings.Replace(shop["form/item"], "price * 2", "price * 3", 1)).want(200)
	a := r.post("/apps/shop/publish", ``).want(202)
	job := a.text("job")
	if got := r.get("/jobs/" + job).want(200).text("state"); got != "queued" {
		t.Errorf("state %s", got)
	}
	clerk := "Bearer " + r.clerk()
	r.get("/jobs/"+job, "Authorization", clerk).want(404)
	r.must(r.engine.Outbox.Drain(r.ctx))
	if got := r.get("/jobs/" + job).want(200).text("state"); got != "done" {
		t.Errorf("state %s", got)
	}
	if got := r.get(items+"/"+id).text("data", "double"); got != "6" {
		t.Errorf("converted to %s", got)
	}
	r.post("/jobs/"+job+"/cancel", "").problem(409, "job-finished", "")
}

func TestAppsAreNarrowedToTheCaller(t *testing.T) {
	r := newRig(t)
	clerk := "Bearer " + r.clerk()
	if got := r.get("/apps", "Authorization", clerk).want(200); got.text("items", 0, "key") != "shop" || got.at("items", 0, "admin") != false {
		t.Errorf("apps: %s", got.body)
	}
	app := r.get("/apps/shop", "Authorization", clerk).want(200)
	if strings.Contains(string(app.body), "cost") {
		t.Errorf("a hidden field can be told: %s", app.body)
	}
	if !strings.Contains(string(r.get("/apps/shop").want(200).body), `"cost"`) {
		t.Error("the admin misses a field")
	}
	if strings.Contains(string(r.get("/apps/shop/openapi.json", "Authorization", clerk).want(200).body), `"cost"`) {
		t.Error("the app's OpenAPI document tells a hidden field")
	}
	r.put("/apps/draft/definitions/app/draft", `{"kind":"app","key":"draft","title":"Draft"}`).want(200)
	if l := string(r.get("/apps").want(200).body); !strings.Contains(l, `"draft"`) {
		t.Errorf("a draft app is not listed: %s", l)
	}
	if l := string(r.get("/apps", "Authorization", clerk).body); strings.Contains(l, `"draft"`) {
		t.Errorf("a draft app is listed to everybody: %s", l)
	}
	r.get("/apps/draft/definitions/app/draft", "Authorization", clerk).want(404)
}

func TestPeople(t *testing.T) {
	r := newRig(t)
	clerk := "Bearer " + r.clerk()
	d := r.post("/departments", `{"name":"Sales"}`).want(201).text("id")
	below := r.post("/departments", `{"name":"North","parent":"`+d+`"}`).want(201).text("id")
	r.patch("/departments/"+d, `{"parent":"`+below+`"}`).problem(422, "invalid", "/parent")
	r.delete("/departments/"+d).problem(409, "department-not-empty", "")
	u := r.post("/users", `{"login":"ann","name":"Ann","department":"`+below+`","roles":{"shop":["clerk"]},"password":"a long password"}`).want(201).text("id")
	r.post("/users", `{"login":"ANN"}`).problem(409, "duplicate", "/login")
	r.post("/users", `{"login":"bob","roles":{"shop":"clerk"}}`).problem(422, "invalid", "/roles/shop")
	seen := r.get("/users/"+u, "Authorization", clerk).want(200)
	if seen.text("name") != "Ann" || seen.at("login") != nil || seen.at("roles") != nil {
		t.Errorf("a colleague sees %s", seen.body)
	}
	r.patch("/users/"+u, `{"admin":true}`, "Authorization", clerk).want(403)
	r.patch("/me", `{"admin":true}`, "Authorization", clerk).problem(422, "invalid", "/admin")
	if got := r.patch("/users/"+u, `{"email":"ann@example.org","department":null}`).want(200); got.at("department") != nil || got.text("name") != "Ann" {
		t.Errorf("patched: %s", got.body)
	}
	r.delete("/departments/" + below).want(204)
	r.patch("/users/"+r.admin.ID, `{"admin":false}`).problem(409, "last-admin", "")
	cookie, _ := r.signIn("ann", "a long password")
	r.put("/users/"+u+"/password", `{"password":"another password"}`).want(204)
	r.get("/me", "Authorization", "", "Cookie", cookie).want(401)
	if got := r.get("/users?search=an", "Authorization", clerk).want(200).text("items", 0, "name"); got != "Ann" {
		t.Errorf("search: %s", got)
	}
}
