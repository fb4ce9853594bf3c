package api_test

import (
	"strings"
	"testing"
	"time"
)

func TestPresence(t *testing.T) {
	r := newRig(t)
	r.app("depot", depot)
	id := r.post("/apps/depot/forms/part/records", `{"data":{"name":"a"}}`).want(201).text("id")
	clerk := "Bearer " + r.clerk()
	here := func(body string, headers ...string) *answer {
		t.Helper()
		return r.post("/live/presence", body, headers...).want(200)
	}
	here(`{"form":"depot.part","id":"` + id + `","state":"editing","field":"cost","window":"1"}`)
	a := here(`{"form":"depot.part","id":"`+id+`","state":"viewing"}`, "Authorization", clerk)
	if a.text("every") != "12" || a.text("people", 0, "name") != r.admin.Name || a.text("people", 0, "state") != "editing" || strings.Contains(string(a.body), "cost") || a.text("people", 1, "state") != "viewing" {
		t.Errorf("%s", a.body)
	}
	if a := here(`{"form":"depot.part","state":"viewing","window":"2"}`); strings.Count(string(a.body), id) != 2 || !strings.Contains(string(a.body), `"field":"cost"`) || len(a.at("people").([]any)) != 3 {
		t.Errorf("at the list: %s", a.body)
	}
	r.pass(31 * time.Second)
	if a := here(`{"form":"depot.part","id":"`+id+`","state":"viewing"}`, "Authorization", clerk); len(a.at("people").([]any)) != 1 {
		t.Errorf("after half a minute: %s", a.body)
	}
	r.post("/live/presence", `{"form":"depot.audit","state":"viewing"}`, "Authorization", clerk).want(404)
	r.post("/live/presence", `{"form":"depot.part","id":"000000000000000000000000","state":"viewing"}`).want(404)
	r.post("/live/presence", `{"form":"depot.part","id":"000000000000000000000000","state":"left"}`).want(200) // one may go from what is gone
	r.post("/live/presence", `{"form":"depot.part","state":"asleep"}`).problem(422, "invalid", "/state")
	r.post("/live/presence", `{"form":"depot.part"}`).problem(422, "invalid", "/state")
	r.post("/live/presence", `{"form":"depot.part","state":"viewing","window":"`+strings.Repeat("x", 65)+`"}`).problem(422, "invalid", "/window")
	r.get("/templates/starter/pictures/none.png").want(404)
}
