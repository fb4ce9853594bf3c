package api_test

import (
	"strings"
	"testing"
)

const wish = `{"name":"Acme","login":"boss","password":"a long password","locale":"en","timezone":"Europe/Berlin","template":"starter"}`

func TestSetup(t *testing.T) {
	r := newFreshRig(t)
	a := r.get("/setup").want(200)
	if a.at("needed") != true || a.at("allowed") != true {
		t.Fatalf("from the machine itself: %s", a.body)
	}
	r.get("/me").want(401)
	for body, pointer := range map[string]string{
		`{"login":"boss"}`: "/password", strings.Replace(wish, "a long password", "short", 1): "/password",
		strings.Replace(wish, "Berlin", "Atlantis", 1): "/timezone", strings.Replace(wish, `"en"`, `"english!"`, 1): "/locale",
		strings.Replace(wish, "starter", "nothing", 1): "/template", strings.Replace(wish, "boss", "", 1): "/login",
	} {
		r.post("/setup", body).problem(422, "invalid", pointer)
	}
	done := r.post("/setup", wish).want(201)
	if done.at("user", "admin") != true {
		t.Errorf("not an admin: %s", done.body)
	}
	with := []string{"Cookie", cookieOf(done)}
	me := r.get("/me", with...).want(200)
	if me.text("workspace", "name") != "Acme" || me.text("workspace", "timezone") != "Europe/Berlin" {
		t.Errorf("settings: %s", me.body)
	}
	if got := r.get("/apps", with...).want(200).text("items", 0, "key"); got != "tasks" {
		t.Errorf("the template's app is not there: %s", got)
	}
	r.post("/setup", wish).problem(409, "already-set-up", "")
	if got := r.get("/setup").at("needed"); got != false {
		t.Errorf("needed: %v", got)
	}
}

// Whoever is not at the machine needs the one-time link.
func TestSetupFromElsewhere(t *testing.T) {
	r := newFreshRig(t)
	for _, h := range [][]string{{"X-Forwarded-For", "203.0.113.7"}, {"Forwarded", "for=1.2.3.4"}, {"Host", ""}, {"Via", "1.1 proxy"}} {
		if h[0] == "Host" {
			continue
		}
		r.post("/setup", wish, h...).problem(403, "setup-link-needed", "")
		if got := r.get("/setup", h...).at("allowed"); got != false {
			t.Errorf("%v: allowed", h)
		}
	}
	r.post("/setup", wish, "Sec-Fetch-Site", "cross-site").problem(403, "csrf", "")
	r.post("/setup?token=wrong", wish, "Via", "1.1 proxy").problem(403, "setup-link-needed", "")
	r.post("/setup?token="+r.first.Key(), wish, "Via", "1.1 proxy").want(201)
}

func TestSetupOnlyOnce(t *testing.T) {
	r := newFreshRig(t)
	answers := make(chan int)
	for i := range 8 {
		go func() {
			answers <- r.post("/setup", strings.Replace(wish, "boss", "boss"+string(rune('a'+i)), 1)).status
		}()
	}
	made := 0
	for range 8 {
		switch status := <-answers; status {
		case 201:
			made++
		case 409:
		default:
			t.Errorf("status %d", status)
		}
	}
	if made != 1 || len(r.engine.Org.Directory().Users) != 1 {
		t.Errorf("set up %d times, %d users", made, len(r.engine.Org.Directory().Users))
	}
}
