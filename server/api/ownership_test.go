package api_test

import (
	"strings"
	"testing"
)

func TestClaimsLimitsAndDuplicates(t *testing.T) {
	r := newRig(t)
	form := strings.Replace(shop["form/item"], `"stage":{"type"`, `"owner":{"type":"string","x-field":{"type":"user"}},"tel":{"type":"string","x-field":{"type":"phone"}},"stage":{"type"`, 1)
	form = strings.Replace(form, `"stages":{`, `"limits":[{"key":"held","title":"Mine","owner":"owner","max":1,"message":{"en":"One each","zh-CN":"每人一条"}}],
		"claims":[{"key":"take","title":{"en":"Take","zh-CN":"领取"},"field":"owner","release":{"comment":true}}],
		"duplicates":[{"key":"tel","title":"Phone","fields":["tel"],"match":"phone","on":"refuse","reveal":["name"]}],"stages":{`, 1)
	r.put("/apps/shop/definitions/form/item", form).want(200)
	r.put("/apps/shop/definitions/role/clerk", `{"kind":"role","key":"clerk","title":"Clerk","members":{"default":true},"forms":[
		{"form":"item","rows":"own","actions":["read","create","update"]},{"form":"item","actions":["read"],"where":{"field":"owner","op":"empty"}}]}`).want(200)
	r.post("/apps/shop/publish", `{}`).want(202)
	clerk := "Bearer " + r.clerk()
	one, two := r.create(`{"name":"a","tel":"13800138000"}`), r.create(`{"name":"b"}`)
	if a := r.get("/apps/shop", "Authorization", clerk).want(200); a.text("forms", 0, "claims", 0, "allowed") != "true" || a.text("forms", 0, "duplicates", 0, "on") != "refuse" || a.at("forms", 0, "limits") != true {
		t.Errorf("%s", a.body)
	}
	if a := r.get(items+"/"+one+"/claims", "Authorization", clerk).want(200); a.text("items", 0, "can") != "claim" || a.text("items", 0, "title") != "Take" {
		t.Errorf("%s", a.body)
	}
	r.post(items+"/"+one+"/claims/take", "", "Authorization", clerk, "Idempotency-Key", "k").want(200)
	r.post(items+"/"+one+"/claims/take", "", "Authorization", clerk, "Idempotency-Key", "k").want(200)
	if a := r.post(items+"/"+one+"/claims/take", "").problem(409, "already-taken", ""); !strings.Contains(a.text("problems", 0, "message"), "clerk has it") {
		t.Errorf("%s", a.body)
	}
	if a := r.post(items+"/"+two+"/claims/take", "", "Authorization", clerk, "Accept-Language", "zh-CN").problem(422, "invalid", "/data/owner"); a.text("problems", 0, "message") != "每人一条" {
		t.Errorf("%s", a.body)
	}
	if a := r.get("/apps/shop/forms/item/limits", "Authorization", clerk).want(200); a.text("items", 0, "used") != "1" || a.text("items", 0, "title") != "Mine" {
		t.Errorf("%s", a.body)
	}
	if a := r.post("/apps/shop/forms/item/duplicates", `{"data":{"tel":"+86 138 0013 8000"}}`).want(200); a.text("items", 0, "data", "name") != "a" || a.text("items", 0, "record") != one {
		t.Errorf("%s", a.body)
	}
	r.post(items, `{"data":{"name":"c","tel":"138-0013-8000"}}`).problem(422, "invalid", "/data/tel")
	r.post(items+"/"+one+"/claims/take/release", `{}`, "Authorization", clerk).problem(422, "invalid", "/comment")
	r.post(items+"/"+one+"/claims/take/release", `{"comment":"no use"}`, "Authorization", clerk).want(200)
	if a := r.get(items + "/" + one).want(200); a.at("data", "owner") != nil {
		t.Errorf("%s", a.body)
	}
}
