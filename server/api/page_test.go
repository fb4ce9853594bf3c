package api_test

import (
	"testing"
)

func TestPage(t *testing.T) {
	r := newRig(t)
	r.put("/apps/shop/definitions/page/today", `{"kind":"page","key":"today","title":{"en":"Today","zh-CN":"今日"},"icon":"sun","layout":"phone","blocks":[
		{"key":"todo","type":"todo","title":"To do","sources":[{"key":"dear","form":"item","filter":{"field":"price","op":"gt","value":5},"amount":"price",
			"reason":{"en":"Costs {{ price }}","zh-CN":"价格 {{ price }}"},"actions":[{"type":"create","form":"item","title":{"en":"Another","zh-CN":"再来"}},{"type":"transition","to":"sold"}]}]},
		{"key":"all","type":"list","form":"item","fields":["name","cost"],"limit":1},
		{"key":"sum","type":"figures","figures":[{"key":"n","title":"Cost","form":"item","fn":"sum","field":"cost"},{"key":"p","title":"Price","form":"item","fn":"sum","field":"price"}]},
		{"key":"new","type":"shortcuts","items":[{"key":"new","form":"item","new":true}]}]}`).want(200)
	r.put("/apps/shop/definitions/app/shop", `{"kind":"app","key":"shop","title":"Shop","menu":[{"page":"today"},{"form":"item"}]}`).want(200)
	r.post("/apps/shop/publish", `{}`).want(200)
	r.create(`{"name":"a","price":7.5,"cost":1}`)
	r.create(`{"name":"b","price":2,"cost":1}`)
	app := r.get("/apps/shop").want(200)
	if app.text("pages", 0, "page") != "shop.today" || app.text("pages", 0, "blocks", 3, "items", 0, "form") != "shop.item" || app.text("menu", 0, "page") != "today" {
		t.Errorf("%s", app.body)
	}
	a := r.get("/pages/shop.today/data").want(200)
	if a.text("blocks", 0, "todos", 0, "reasons", 0, "text") != "Costs 7.5" || a.text("blocks", 0, "todos", 0, "actions", 0, "form") != "shop.item" ||
		a.text("blocks", 0, "todos", 0, "amount") != "7.5" || a.at("blocks", 1, "more") != true || a.text("blocks", 2, "figures", 1, "value") != "9.5" {
		t.Errorf("%s", a.body)
	}
	if a := r.get("/pages/shop.today/data", "Accept-Language", "zh-CN").want(200); a.text("blocks", 0, "todos", 0, "actions", 0, "title") == "" {
		t.Errorf("%s", a.body)
	}
	// Who may not see a field sees no figure of it, and no column; what they may not do is not offered.
	clerk := "Bearer " + r.clerk()
	app = r.get("/apps/shop", "Authorization", clerk).want(200)
	if app.text("pages", 0, "blocks", 1, "fields") != "[name]" || app.text("pages", 0, "blocks", 2, "figures", 0, "key") != "p" {
		t.Errorf("%s", app.body)
	}
	a = r.get("/pages/shop.today/data", "Authorization", clerk).want(200)
	if a.text("blocks", 2, "figures", 0, "key") != "p" || a.at("blocks", 0, "todos", 0, "actions", 1) != nil {
		t.Errorf("%s", a.body)
	}
	r.get("/pages/shop.nothing/data").want(404)
	r.get("/pages/today/data").want(404)
}
