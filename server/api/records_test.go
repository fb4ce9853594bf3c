package api_test

import (
	"strings"
	"testing"
)

func TestRecordLifeCycle(t *testing.T) {
	r := newRig(t)
	a := r.post(items, `{"data":{"name":"Äpfel 🍎","price":1.5}}`).want(201)
	id := a.text("id")
	if a.header.Get("ETag") != `"1.0"` || !strings.HasSuffix(a.header.Get("Location"), items+"/"+id) {
		t.Errorf("headers %v", a.header)
	}
	if a.text("form") != "shop.item" || a.text("data", "double") != "3" || a.text("data", "stage") != "new" || a.text("createdBy") != r.admin.ID {
		t.Errorf("record %s", a.body)
	}
	one := items + "/" + id
	if got := r.get(one).want(200); string(got.body) != string(a.body) {
		t.Errorf("read %s, created %s", got.body, a.body)
	}
	r.get(one, "If-None-Match", `"1.0"`).want(304)
	r.get(one, "If-None-Match", `W/"0.0", "1.0"`).want(304)
	r.get(one, "If-None-Match", `"0.0"`).want(200)

	r.patch(one, `{"data":{"price":2}}`, "If-Match", "1").want(200)
	r.patch(one, `{"data":{"price":3}}`, "If-Match", `"1.0"`).problem(412, "stale", "")
	a = r.patch(one, `{"data":{"price":null,"level":""}}`, "If-Match", `"2.0"`).want(200)
	if a.at("data", "price") != nil || a.text("rev") != "3" {
		t.Errorf("cleared: %s", a.body)
	}
	a = r.post(one+"/transition", `{"to":"sold","comment":"gone"}`).want(200)
	if a.text("data", "stage") != "sold" {
		t.Errorf("moved: %s", a.body)
	}
	h := r.get(one + "/history").want(200)
	if h.text("items", 0, "comment") != "gone" || h.text("items", 3, "verb") != "create" {
		t.Errorf("history: %s", h.body)
	}
	if got := r.get(one + "/history?before=3&limit=1").want(200); got.text("items", 0, "rev") != "2" || got.at("items", 1) != nil {
		t.Errorf("a page of history: %s", got.body)
	}
	r.get(one + "/related").want(200)

	r.delete(one, "If-Match", "1").want(412)
	r.delete(one).want(204)
	r.get(one).want(404)
	r.delete(one).want(404)
	if got := r.get(items+"?deleted=true").want(200).text("items", 0, "id"); got != id {
		t.Errorf("recycle bin: %s", got)
	}
	r.post(one+"/restore", "").want(200)
	r.get(one).want(200)
}

func TestClientsMayMakeIDs(t *testing.T) {
	r := newRig(t)
	const id = "0123456789abcdef01234567"
	r.post(items, `{"id":"`+id+`","data":{"name":"a"}}`).want(201)
	r.post(items, `{"id":"`+id+`","data":{"name":"a"}}`).problem(409, "duplicate-id", "/id")
	r.post(items, `{"id":"../../x","data":{"name":"a"}}`).want(422)
}

func TestIdempotencyKeys(t *testing.T) {
	r := newRig(t)
	clerk := "Bearer " + r.clerk()
	first := r.post(items, `{"data":{"name":"a"}}`, "Idempotency-Key", "k1").want(201)
	again := r.post(items, `{"data":{"name":"a"}}`, "Idempotency-Key", "k1").want(201)
	if first.text("id") != again.text("id") {
		t.Errorf("created twice: %s, %s", first.body, again.body)
	}
	r.post(items, `{"data":{"name":"b"}}`, "Idempotency-Key", "k1").problem(422, "invalid", "")
	if other := r.post(items, `{"data":{"name":"a"}}`, "Idempotency-Key", "k1", "Authorization", clerk).want(201); other.text("id") == first.text("id") {
		t.Error("somebody else's key gave their answer")
	}
	// Other writes answer as they did.
	first = r.post("/departments", `{"name":"Sales"}`, "Idempotency-Key", "k2").want(201)
	again = r.post("/departments", `{"name":"Sales"}`, "Idempotency-Key", "k2").want(201)
	if string(first.body) != string(again.body) || again.header.Get("Idempotency-Replayed") != "true" || again.header.Get("Location") != first.header.Get("Location") {
		t.Errorf("answers differ: %s, %s, %v", first.body, again.body, again.header)
	}
	r.post("/departments", `{"name":"Sales 2"}`, "Idempotency-Key", "k2").problem(422, "invalid", "")
	if n := len(r.engine.Org.Directory().Departments); n != 1 {
		t.Errorf("%d departments", n)
	}
	refused := r.post("/departments", `{"name":""}`, "Idempotency-Key", "k3").want(422)
	if got := r.post("/departments", `{"name":""}`, "Idempotency-Key", "k3").want(422); string(got.body) != string(refused.body) {
		t.Errorf("a refusal is not repeated: %s", got.body)
	}
	r.post(items, `{"data":{"name":"a"}}`, "Idempotency-Key", strings.Repeat("k", 256)).want(400)
}

func TestListsAndQueries(t *testing.T) {
	r := newRig(t)
	for _, name := range []string{"c", "a", "b"} {
		r.create(`{"name":"` + name + `","price":` + map[string]string{"a": "1", "b": "2", "c": "3"}[name] + `}`)
	}
	names := func(a *answer) (out string) {
		list, _ := a.want(200).at("items").([]any)
		for _, x := range list {
			out += x.(map[string]any)["data"].(map[string]any)["name"].(string)
		}
		return out
	}
	if got := names(r.get(items + "?sort=price")); got != "abc" {
		t.Errorf("sorted %s", got)
	}
	if got := names(r.get(items + `?sort=-price&filter={"field":"price","op":"lt","value":3}`)); got != "ba" {
		t.Errorf("filtered %s", got)
	}
	page := r.post("/apps/shop/forms/item/query", `{"sort":["price"],"limit":2,"fields":["name"],"count":true}`)
	if got := names(page); got != "ab" || page.at("items", 0, "data", "price") != nil || page.text("total") != "3" {
		t.Errorf("page %s", page.body)
	}
	rest := r.post("/apps/shop/forms/item/query", `{"sort":["price"],"limit":2,"fields":["name"],"cursor":"`+page.text("cursor")+`"}`)
	if got := names(rest); got != "c" || rest.at("cursor") != nil {
		t.Errorf("last page %s", rest.body)
	}
	if got := names(r.post("/apps/shop/forms/item/query", ``)); len(got) != 3 {
		t.Errorf("no body: %s", got)
	}
	r.get(items+"?filter={").problem(400, "wrong-parameter", "")
	r.get(items+"?limit=many").problem(400, "wrong-parameter", "")
	r.get(items+"?colour=red").problem(422, "invalid", "/colour")

	sums := r.post("/apps/shop/forms/item/aggregate", `{"measures":[{"fn":"sum","field":"price","as":"total"},{"fn":"count","as":"n"},{"as":"mean","ratio":["total","n"],"scale":2}]}`).want(200)
	if sums.text("rows", 0, "total") != "6" || sums.text("rows", 0, "mean") != "2" {
		t.Errorf("aggregate %s", sums.body)
	}
	v := r.post("/apps/shop/forms/item/evaluate", `{"data":{"price":2}}`).want(200)
	if v.text("data", "double") != "4" || v.text("problems", 0, "pointer") != "/data/name" {
		t.Errorf("evaluate %s", v.body)
	}
}

func TestBulk(t *testing.T) {
	r := newRig(t)
	const bulk = "/apps/shop/forms/item/bulk"
	old := r.create(`{"name":"old","code":"taken"}`)
	gone := r.create(`{"name":"gone"}`)
	body := `{"create":[{"name":"n1"},{"price":1},{"name":"n2","code":"taken"},{"name":"n3"}],
		"update":[{"id":"` + old + `","rev":1,"data":{"price":5}},{"id":"` + old + `","rev":9,"data":{"price":6}},{"id":"` + old + `","data":{"level":"Z"}}],
		"delete":["` + gone + `"],"atomic":ATOMIC}`
	a := r.post(bulk, strings.Replace(body, "ATOMIC", "true", 1))
	if a.status == 200 {
		t.Fatalf("an atomic batch with mistakes went through: %s", a.body)
	}
	if got := r.post("/apps/shop/forms/item/query", `{"count":true}`).text("total"); got != "2" {
		t.Fatalf("an atomic batch left something behind: %s", got)
	}
	a = r.post(bulk, strings.Replace(body, "ATOMIC", "false", 1)).want(200)
	want := map[string]string{
		"create 0": "201 ", "create 1": "422 /create/1/name", "create 2": "409 /create/2/code", "create 3": "201 ",
		"update 0": "200 ", "update 1": "412 /update/1", "update 2": "422 /update/2/data/level", "delete 0": "200 ",
	}
	for key, w := range want {
		verb, i, _ := strings.Cut(key, " ")
		at := int(i[0] - '0')
		pointer, _ := a.at(verb, at, "problems", 0, "pointer").(string)
		if got := a.text(verb, at, "status") + " " + pointer; got != w {
			t.Errorf("%s: %s, want %s", key, got, w)
		}
	}
	r.post(bulk, `{"create":[1]}`).problem(422, "invalid", "/create/0")
	r.post(bulk, `{"update":[{"data":{}}]}`).problem(422, "invalid", "/update/0/id")
}
