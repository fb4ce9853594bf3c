package api_test

import (
	"strings"
	"testing"

	"formwork/engine/org"
)

func TestCommentsTellWhoIsNamed(t *testing.T) {
	r := newRig(t)
	id := r.create(`{"name":"Desk","cost":7}`)
	clerk := "Bearer " + r.clerk()
	me := r.get("/me", "Authorization", clerk).want(200).text("user", "id")
	away, err := r.engine.Org.CreateUser(r.ctx, org.User{Login: "away", Active: false})
	r.must(err)
	at := items + "/" + id + "/comments"
	said := r.post(at, `{"text":"看一下 <b>","mentions":["`+me+`","`+away.ID+`"]}`, "Idempotency-Key", "k").want(201)
	again := r.post(at, `{"text":"看一下 <b>","mentions":["`+me+`","`+away.ID+`"]}`, "Idempotency-Key", "k").want(201)
	if again.text("id") != said.text("id") || said.text("text") != "看一下 <b>" {
		t.Errorf("%s, again %s", said.body, again.body)
	}
	box := r.get("/notifications", "Authorization", clerk).want(200)
	if box.text("unread") != "1" || !strings.Contains(box.text("items", 0, "title"), "Desk") || box.text("items", 0, "link", "id") != id || box.text("items", 0, "body") != "看一下 <b>" {
		t.Errorf("inbox %s", box.body)
	}
	r.patch(at+"/"+said.text("id"), `{"text":"mine"}`, "Authorization", clerk).problem(403, "forbidden", "")
	r.delete(at+"/"+said.text("id"), "Authorization", clerk).problem(403, "forbidden", "")
	r.post(at, `{"text":" "}`).problem(422, "invalid", "/text")
	r.post(at, `{"text":"x","mentions":["nobody"]}`).problem(422, "invalid", "/mentions/0")
	r.post(at, `{"text":"x","mentions":[1]}`).problem(422, "invalid", "/mentions/0")
	r.get(at+"?cursor=x").problem(422, "invalid", "/cursor")
	r.get(items+"/"+id+"/timeline?kinds=gossip").problem(422, "invalid", "/kinds")
	r.post(items+"/"+id+"/revert", `{"rev":1.5}`).problem(422, "invalid", "/rev")
	r.post(items+"/"+id+"/revert", `{"rev":9}`).problem(422, "invalid", "/rev")
	line := r.get(items+"/"+id+"/timeline", "Authorization", clerk).want(200)
	if line.text("items", 0, "comment", "text") != "看一下 <b>" || line.text("items", 1, "change", "verb") != "create" || line.text("names", r.admin.ID) != r.admin.Name {
		t.Errorf("timeline %s", line.body)
	}
	r.delete(at + "/" + said.text("id")).want(204)
	if got := r.get(at).want(200); len(got.at("items").([]any)) != 0 {
		t.Errorf("left behind: %s", got.body)
	}
}

// A revert says what it left as it was.
func TestRevertSaysWhatStays(t *testing.T) {
	r := newRig(t)
	id := r.create(`{"name":"a","price":1}`)
	r.patch(items+"/"+id, `{"data":{"name":"b","price":2}}`).want(200)
	r.post(items+"/"+id+"/transition", `{"to":"sold"}`).want(200)
	got := r.post(items+"/"+id+"/revert", `{"rev":1}`, "If-Match", `"3"`).want(200)
	if got.text("data", "name") != "a" || got.text("data", "stage") != "sold" || got.text("warnings", 0, "pointer") != "/data/stage" || got.text("warnings", 0, "message") == "" {
		t.Errorf("%s", got.body)
	}
	r.post(items+"/"+id+"/revert", `{"rev":1}`, "If-Match", `"3"`).problem(412, "stale", "")
}
