package api_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"

	"formwork/engine/org"
)

// signIn opens a session and gives its cookie and CSRF token.
func (r *rig) signIn(login, password string) (cookie, csrf string) {
	r.t.Helper()
	a := r.post("/auth/login", `{"login":"`+login+`","password":"`+password+`"}`, "Authorization", "").want(200)
	return cookieOf(a), a.text("csrf")
}

func cookieOf(a *answer) string {
	for _, line := range a.header.Values("Set-Cookie") {
		if c, err := http.ParseSetCookie(line); err == nil && c.Name == "formwork_session" {
			return c.Name + "=" + c.Value
		}
	}
	return ""
}

func TestSessions(t *testing.T) {
	r := newRig(t)
	a := r.post("/auth/login", `{"login":"ADMIN","password":"`+adminPassword+`"}`, "Authorization", "").want(200)
	set := a.header.Get("Set-Cookie")
	for _, part := range []string{"HttpOnly", "SameSite=Lax", "path=/"} {
		if !strings.Contains(set, part) {
			t.Errorf("cookie without %s: %s", part, set)
		}
	}
	if strings.Contains(set, "secure") {
		t.Errorf("a Secure cookie over HTTP would be lost: %s", set)
	}
	if a.at("user", "password") != nil || strings.Contains(string(a.body), "argon2") {
		t.Errorf("the hash goes out: %s", a.body)
	}
	cookie, csrf := cookieOf(a), a.text("csrf")
	with := []string{"Authorization", "", "Cookie", cookie}
	if got := r.get("/me", with...).want(200).text("csrf"); got != csrf {
		t.Errorf("/me gives another CSRF token: %s", got)
	}

	r.post(items, `{"data":{"name":"a"}}`, with...).problem(403, "csrf", "")
	r.post(items, `{"data":{"name":"a"}}`, append(with, "X-CSRF-Token", csrf[1:])...).problem(403, "csrf", "")
	r.post("/apps/shop/forms/item/query", `{}`, with...).problem(403, "csrf", "")
	r.post(items, `{"data":{"name":"a"}}`, append(with, "X-CSRF-Token", csrf)...).want(201)
	r.post(items, `{"data":{"name":"a"}}`).want(201) // tokens need none

	r.post("/auth/logout", "", append(with, "X-CSRF-Token", csrf)...).want(204)
	r.get("/me", with...).problem(401, "session-ended", "")
}

func TestSessionsRunOut(t *testing.T) {
	r := newRig(t)
	idle, _ := r.signIn(adminLogin, adminPassword)
	used, _ := r.signIn(adminLogin, adminPassword)
	for range 10 { // ten times three days
		r.get("/me", "Authorization", "", "Cookie", used).want(200)
		r.pass(3*24*time.Hour - time.Minute)
	}
	r.get("/me", "Authorization", "", "Cookie", idle).want(401)
	r.get("/me", "Authorization", "", "Cookie", used).want(200)
	r.pass(24 * time.Hour)
	r.get("/me", "Authorization", "", "Cookie", used).want(401)
}

func TestChangingThePasswordEndsOtherSessions(t *testing.T) {
	r := newRig(t)
	mine, csrf := r.signIn(adminLogin, adminPassword)
	other, _ := r.signIn(adminLogin, adminPassword)
	with := []string{"Authorization", "", "Cookie", mine, "X-CSRF-Token", csrf}
	r.post("/me/password", `{"old":"wrong","password":"another password"}`, with...).problem(422, "invalid", "/old")
	r.post("/me/password", `{"old":"`+adminPassword+`","password":"admin"}`, with...).problem(422, "invalid", "/password")
	a := r.post("/me/password", `{"old":"`+adminPassword+`","password":"another password"}`, with...).want(200)
	r.get("/me", "Authorization", "", "Cookie", other).want(401)
	r.get("/me", "Authorization", "", "Cookie", mine).want(401)
	r.get("/me", "Authorization", "", "Cookie", cookieOf(a)).want(200)
	r.get("/me").want(200) // API tokens stay
	r.signIn(adminLogin, "another password")
}

func TestDeactivatedUsersAreOutAtOnce(t *testing.T) {
	r := newRig(t)
	token := r.clerk()
	r.get("/me", "Authorization", "Bearer "+token).want(200)
	u, _ := r.engine.Org.Directory().ByLogin("clerk")
	r.patch("/users/"+u.ID, `{"active":false}`).want(200)
	r.get("/me", "Authorization", "Bearer "+token).want(401)
}

func TestLoginIsThrottled(t *testing.T) {
	r := newRig(t)
	wrong := func(login string) *answer {
		return r.post("/auth/login", `{"login":"`+login+`","password":"wrong"}`, "Authorization", "")
	}
	for range 5 {
		wrong(adminLogin).problem(401, "wrong-password", "")
	}
	a := r.post("/auth/login", `{"login":"admin","password":"`+adminPassword+`"}`, "Authorization", "").problem(429, "throttled", "")
	if a.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	r.pass(time.Second)
	wrong("Admin").want(401) // the same login, however it is written
	wrong(adminLogin).want(429)
	r.pass(2 * time.Second)
	r.signIn(adminLogin, adminPassword)
	wrong(adminLogin).want(401) // and starts anew

	for i := range 40 { // one address that tries many logins
		if a := wrong("user" + string(rune('a'+i))); a.status == 429 {
			return
		}
	}
	t.Error("forty logins from one address were not slowed down")
}

func TestUnknownLoginsLookLikeWrongPasswords(t *testing.T) {
	r := newRig(t)
	_, err := r.engine.Org.CreateUser(r.ctx, org.User{Login: "invited", Active: true})
	r.must(err)
	var bodies []string
	for _, login := range []string{"nobody", "invited", adminLogin} {
		bodies = append(bodies, string(r.post("/auth/login", `{"login":"`+login+`","password":"wrong password"}`, "Authorization", "").want(401).body))
	}
	if bodies[0] != bodies[1] || bodies[1] != bodies[2] {
		t.Errorf("they differ: %q", bodies)
	}
}

func TestForeignPagesCannotSignIn(t *testing.T) {
	r := newRig(t)
	r.post("/auth/login", `{"login":"admin","password":"`+adminPassword+`"}`, "Authorization", "", "Sec-Fetch-Site", "cross-site").problem(403, "csrf", "")
}

func TestTokens(t *testing.T) {
	r := newRig(t)
	a := r.post("/tokens", `{"name":" ci "}`).want(201)
	token := a.text("token")
	if !strings.HasPrefix(token, "fw_") || len(token) < 40 {
		t.Errorf("token %q", token)
	}
	bearer := "Bearer " + token
	r.get("/me", "Authorization", bearer).want(200)
	l := r.get("/tokens").want(200)
	if l.text("items", 1, "name") != "ci" || strings.Contains(string(l.body), token) {
		t.Errorf("list: %s", l.body)
	}
	clerk := "Bearer " + r.clerk()
	r.delete("/tokens/"+a.text("id"), "Authorization", clerk).want(404)
	r.delete("/tokens/" + a.text("id")).want(204)
	r.get("/me", "Authorization", bearer).want(401)
	r.post("/tokens", `{"name":""}`).problem(422, "invalid", "/name")
}

func TestLiveEventsNameOnlyWhatTheCallerMayRead(t *testing.T) {
	r := newRig(t)
	open := func(token string) (lines chan string) {
		req, err := http.NewRequestWithContext(r.ctx, "GET", r.url+"/api/v1/live", nil)
		r.must(err)
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(req)
		r.must(err)
		if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
			t.Fatalf("%d %s", res.StatusCode, res.Header)
		}
		t.Cleanup(func() { res.Body.Close() })
		lines = make(chan string, 100)
		go func() {
			defer close(lines)
			for s := bufio.NewScanner(res.Body); s.Scan(); {
				if s.Text() != "" {
					lines <- s.Text()
				}
			}
		}()
		if hello := <-lines + <-lines; hello != "event: hellodata: {}" {
			t.Fatalf("starts with %q", hello)
		}
		return lines
	}
	r.put("/apps/shop/definitions/form/diary", `{"kind":"form","key":"diary","title":"Diary","schema":{"type":"object","properties":{"a":{"type":"string","x-field":{"type":"text"}}}}}`).want(200)
	r.post("/apps/shop/publish", `{}`).want(200)
	clerk, admin := open(r.clerk()), open(r.token)
	diary := r.post("/apps/shop/forms/diary/records", `{"data":{"a":"secret"}}`).want(201).text("id")
	item := r.create(`{"name":"x"}`)
	if got := <-admin + <-admin; got != `event: changedata: {"form":"shop.diary","ids":["`+diary+`"]}` {
		t.Errorf("admin: %s", got)
	}
	if got := <-clerk + <-clerk; got != `event: changedata: {"form":"shop.item","ids":["`+item+`"]}` {
		t.Errorf("clerk: %s", got)
	}
	r.hub.EndUser(r.admin.ID)
	for line := range admin { // it ends
		_ = line
	}
}
