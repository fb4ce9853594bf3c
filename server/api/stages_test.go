package api_test

import (
	"strings"
	"testing"
	"time"
)

func TestWaysAndStays(t *testing.T) {
	r := newRig(t)
	form := strings.Replace(shop["form/item"], `"states":[{"key":"new"},{"key":"sold"}],"transitions":[{"key":"sell","from":["new"],"to":"sold"}]`,
		`"states":[{"key":"new","limit":3},{"key":"sold","require":["cost"]}],
		"transitions":[{"key":"sell","title":{"en":"Sell","zh-CN":"卖出"},"from":["new"],"to":"sold","require":["price"],"comment":true,"guard":{"expr":"level == 'A'"},"refuse":{"en":"Only A is sold"}}]`, 1)
	r.put("/apps/shop/definitions/form/item", form).want(200)
	r.post("/apps/shop/publish", `{}`).want(200)
	id := r.create(`{"name":"a","level":"B"}`)
	a := r.get(items + "/" + id + "/transitions").want(200)
	if a.text("items", 0, "title") != "Sell" || a.text("items", 0, "missing") != "[price cost]" || a.at("items", 0, "open") != false || a.at("items", 0, "comment") != true ||
		a.text("items", 0, "problems", 0, "message") != "Only A is sold" {
		t.Errorf("%s", a.body)
	}
	r.patch(items+"/"+id, `{"data":{"level":"A","price":1}}`).want(200)
	if a = r.get(items + "/" + id + "/transitions").want(200); a.at("items", 0, "open") != true || a.at("items", 0, "allowed") != false || a.text("items", 0, "missing") != "[cost]" {
		t.Errorf("%s", a.body)
	}
	r.pass(5 * 24 * time.Hour)
	if a = r.get(items + "/" + id + "/stages").want(200); a.text("stage") != "new" || a.text("days") != "5" || a.text("limit") != "3" || a.text("due") != "2026-03-05" {
		t.Errorf("%s", a.body)
	}
	r.post(items+"/"+id+"/transition", `{"to":"sold","data":{"cost":1}}`).problem(422, "invalid", "/comment")
	r.post(items+"/"+id+"/transition", `{"to":"sold","comment":"cash","data":{"cost":1}}`).want(200)
	if a = r.get(items + "/" + id + "/stages").want(200); a.text("stays", 1, "comment") != "cash" || a.text("total", "new") != "5" {
		t.Errorf("%s", a.body)
	}
	// A field that the caller may not see is not asked of them by name.
	if a = r.get("/apps/shop", "Authorization", "Bearer "+r.clerk()).want(200); strings.Contains(string(a.body), `"cost"`) {
		t.Errorf("%s", a.body)
	}
	r.get(items + "/000000000000000000000000/stages").want(404)
}
