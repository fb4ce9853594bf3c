package api_test

import (
	"fmt"
	"testing"
	"time"

	"formwork/engine/notify"
	"formwork/engine/store"
	"formwork/schemas/definition"
)

// tell sends the admin a notification.
func (r *rig) tell(title, key string) {
	r.t.Helper()
	r.must(r.engine.Store.Update(r.ctx, func(tx store.Tx) error {
		_, err := r.engine.Inbox.Send(r.ctx, tx, notify.Notification{User: r.admin.ID, Key: key, Kind: "automation",
			Title: definition.Text{"en": title, "zh-CN": "提醒 " + title}, Link: notify.Link{Form: "shop.item", ID: "a"}})
		return err
	}))
	r.pass(time.Second)
}

func TestInbox(t *testing.T) {
	r := newRig(t)
	for i := range 3 {
		r.tell(fmt.Sprint(i), "")
	}
	one := r.get("/notifications?limit=2").want(200)
	if one.text("items", 0, "title") != "2" || one.text("items", 0, "link", "form") != "shop.item" || one.text("unread") != "3" || one.at("items", 2) != nil {
		t.Errorf("%s", one.body)
	}
	if two := r.get("/notifications?limit=2&cursor=" + one.text("cursor")).want(200); two.text("items", 0, "title") != "0" || two.at("cursor") != nil {
		t.Errorf("%s", two.body)
	}
	if a := r.post("/notifications/read", fmt.Sprintf(`{"ids":[%q]}`, one.text("items", 0, "id"))).want(200); a.text("unread") != "2" {
		t.Errorf("%s", a.body)
	}
	if a := r.get("/notifications?unread=true").want(200); a.text("items", 0, "title") != "1" || a.at("items", 2) != nil {
		t.Errorf("%s", a.body)
	}
	clerk := "Bearer " + r.clerk()
	if a := r.get("/notifications", "Authorization", clerk).want(200); string(a.body) != `{"items":[],"unread":0}` {
		t.Errorf("somebody else reads %s", a.body)
	}
	r.post("/notifications/read", `{"all":true}`, "Authorization", clerk).want(200)
	if a := r.post("/notifications/read", `{"all":true}`).want(200); a.text("unread") != "0" {
		t.Errorf("%s", a.body)
	}
	r.patch("/me", `{"locale":"zh-CN"}`).want(200)
	if a := r.get("/notifications?limit=1").want(200); a.text("items", 0, "title") != "提醒 2" || a.at("items", 0, "read") != true {
		t.Errorf("in another language: %s", a.body)
	}
}

func TestInboxRefuses(t *testing.T) {
	r := newRig(t)
	r.get("/notifications?limit=0").problem(422, "invalid", "/limit")
	r.get("/notifications?cursor=x").problem(422, "invalid", "/cursor")
	r.post("/notifications/read", `{}`).problem(422, "invalid", "/ids")
	r.post("/notifications/read", `{"ids":[5]}`).problem(422, "invalid", "/ids/0")
	r.post("/notifications/read", `{"id":"x"}`).want(422)
	r.get("/notifications", "Authorization", "").want(401)
}
