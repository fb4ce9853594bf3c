package api_test

import (
	"testing"
)

const (
	// markItem is set off by what is created, press by a button.
	markItem = `{"kind":"automation","key":"mark","title":{"en":"Mark","zh-CN":"标记"},"form":"item","trigger":{"on":"created"},"when":{"expr":"record.price != 13"},"steps":[
		{"key":"twice","type":"calculate","title":{"en":"Twice the price","zh-CN":"两倍价格"},"config":{"lines":[{"key":"p","value":{"expr":"record.price * 2"}}]}},
		{"key":"set","type":"update","config":{"data":{"price":{"expr":"steps.twice.lines.p"}}}}]}`
	pressItem = `{"kind":"automation","key":"press","title":"Press","form":"item","trigger":{"on":"button","roles":["clerk"],"confirm":"Sure?"},"when":{"expr":"record.price > 1"},
		"steps":[{"key":"name","type":"update","config":{"data":{"name":{"expr":"record.name + '!'"}}}}]}`
)

// automate publishes both and lets the jobs of the publishing run.
func (r *rig) automate() {
	r.t.Helper()
	r.put("/apps/shop/definitions/automation/mark", markItem).want(200)
	r.put("/apps/shop/definitions/automation/press", pressItem).want(200)
	r.post("/apps/shop/publish", `{}`).want(200)
}

func (r *rig) drain() {
	r.t.Helper()
	r.must(r.engine.Outbox.Drain(r.ctx))
}

// tryAutomations is the part of the contract that is about automations.
func tryAutomations(r *rig, do func(status int, method, path, body string) *answer) {
	r.automate()
	do(200, "GET", "/steps", "")
	do(200, "GET", "/apps/shop/automations", "")
	id := r.create(`{"name":"n","price":2}`)
	r.drain()
	do(200, "GET", items+"/"+id+"/buttons", "")
	do(202, "POST", items+"/"+id+"/buttons/press", "")
	r.drain()
	run := do(200, "GET", "/runs?automation=shop.mark", "").text("items", 0, "id")
	do(200, "GET", "/runs/"+run, "")
	do(202, "POST", "/runs/"+run+"/replay", "")
	do(409, "POST", "/runs/"+run+"/resume", "")
	do(409, "POST", "/runs/"+run+"/cancel", "")
	do(409, "POST", "/jobs/"+run+"/retry", "")
	do(200, "POST", "/apps/shop/automations/mark/test", `{"record":"`+id+`"}`)
	do(200, "PATCH", "/apps/shop/automations/mark", `{"paused":true}`)
	do(200, "GET", "/apps/shop/automations", "")
}

func TestRunsOverHTTP(t *testing.T) {
	r := newRig(t)
	r.automate()
	id := r.create(`{"name":"n","price":2}`)
	r.create(`{"name":"unlucky","price":13}`)
	r.drain()
	a := r.get("/runs?automation=shop.mark").want(200)
	if a.at("items", 1) != nil || a.text("items", 0, "state") != "done" || a.text("items", 0, "title") != "Mark" ||
		a.text("items", 0, "trigger", "record") != id || a.text("items", 0, "trigger", "by") != r.admin.ID {
		t.Errorf("%s", a.body)
	}
	run := a.text("items", 0, "id")
	log := r.get("/runs/"+run, "Accept-Language", "zh-CN").want(200)
	if log.text("log", 0, "step") != "twice" || log.text("log", 0, "out", "p") != "4" || log.text("log", 1, "wrote", 0, "record") != id {
		t.Errorf("%s", log.body)
	}
	if r.get(items+"/"+id).want(200).text("data", "price") != "4" {
		t.Error("the record was not changed")
	}
	h := r.get(items + "/" + id + "/history").want(200)
	if h.text("items", 0, "via") != "automation" || h.text("items", 0, "automation") != "shop.mark" || h.text("items", 0, "run") != run {
		t.Errorf("history does not name the run: %s", h.body)
	}
	if a := r.get("/runs?form=shop.item&record=" + id).want(200); a.text("items", 0, "id") != run {
		t.Errorf("runs of the record: %s", a.body)
	}
	replayed := r.post("/runs/"+run+"/replay", "").want(202)
	r.drain()
	if a := r.get("/runs/" + replayed.text("run", "id")).want(200); a.text("run", "trigger", "replay") != run || a.text("run", "state") != "done" {
		t.Errorf("%s", a.body)
	}
	if r.get(items+"/"+id).want(200).text("data", "price") != "8" {
		t.Error("the replay did nothing")
	}
}

func TestRunsAreForDesigners(t *testing.T) {
	r := newRig(t)
	r.automate()
	id := r.create(`{"name":"n","price":2}`)
	r.drain()
	clerk := "Bearer " + r.clerk()
	run := r.get("/runs").want(200).text("items", 0, "id")
	r.get("/runs", "Authorization", clerk).want(403)
	r.get("/runs?automation=shop.mark", "Authorization", clerk).problem(403, "designer-only", "")
	r.get("/runs/"+run, "Authorization", clerk).want(404)
	r.post("/runs/"+run+"/replay", "", "Authorization", clerk).want(404)
	r.get("/apps/shop/automations", "Authorization", clerk).want(403)
	r.patch("/apps/shop/automations/mark", `{"paused":true}`, "Authorization", clerk).want(403)
	r.post("/apps/shop/automations/mark/test", `{"record":"`+id+`"}`, "Authorization", clerk).want(403)
	r.get("/runs/nothing").want(404)
	r.get("/runs?state=gone").problem(422, "invalid", "/state")
	r.get("/runs?cursor=x").problem(422, "invalid", "/cursor")
}

func TestButtonsOverHTTP(t *testing.T) {
	r := newRig(t)
	r.automate()
	id := r.create(`{"name":"n","price":2}`)
	cheap := r.create(`{"name":"cheap","price":0}`)
	r.drain()
	if a := r.get(items + "/" + id + "/buttons").want(200); a.text("items", 0, "automation") != "shop.press" || a.text("items", 0, "confirm") != "Sure?" {
		t.Errorf("%s", a.body)
	}
	if a := r.get(items + "/" + cheap + "/buttons").want(200); a.at("items", 0) != nil {
		t.Errorf("a button whose condition does not hold: %s", a.body)
	}
	r.post(items+"/"+cheap+"/buttons/press", "").problem(409, "button-condition", "")
	r.post(items+"/"+id+"/buttons/mark", "").want(404)
	r.post(items+"/"+id+"/buttons/press", "").want(202)
	r.drain()
	if name := r.get(items+"/"+id).want(200).text("data", "name"); name != "n!" {
		t.Errorf("the name is %s", name)
	}
}

// A trial goes by the draft, reports what the steps would do, and changes nothing.
func TestTrialOverHTTP(t *testing.T) {
	r := newRig(t)
	r.automate()
	id := r.create(`{"name":"n","price":13}`)
	if a := r.post("/apps/shop/automations/mark/test", `{"record":"`+id+`"}`).want(200); a.at("starts") != false {
		t.Errorf("%s", a.body)
	}
	r.put("/apps/shop/definitions/automation/mark", `{"kind":"automation","key":"mark","form":"item","trigger":{"on":"created"},
		"steps":[{"key":"set","type":"update","config":{"data":{"price":{"expr":"record.price + 1"}}}}]}`).want(200)
	if a := r.post("/apps/shop/automations/mark/test", `{"record":"`+id+`"}`).want(200); a.at("starts") != true || a.text("log", 0, "would", 0, "data", "price") != "14" {
		t.Errorf("%s", a.body)
	}
	if r.get(items+"/"+id).want(200).text("data", "price") != "13" {
		t.Error("the trial changed the record")
	}
	r.post("/apps/shop/automations/mark/test", `{}`).problem(422, "invalid", "/record")
	r.post("/apps/shop/automations/none/test", `{"record":"`+id+`"}`).want(404)
	r.patch("/apps/shop/automations/mark", `{}`).problem(422, "invalid", "/paused")
	r.patch("/apps/shop/automations/mark", `{"paused":true}`).want(200)
	r.create(`{"name":"unseen","price":2}`)
	if a := r.get("/runs?automation=shop.mark").want(200); a.at("items", 0) != nil {
		t.Errorf("a paused automation ran: %s", a.body)
	}
	if a := r.get("/apps/shop/automations").want(200); a.at("items", 0, "paused") != true || a.text("items", 0, "pausedBy") != r.admin.ID {
		t.Errorf("%s", a.body)
	}
}
