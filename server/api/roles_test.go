package api_test

import (
	"strings"
	"testing"

	"formwork/engine/org"
)

func TestRolesAndTheirMembers(t *testing.T) {
	r := newRig(t)
	r.app("depot", depot)
	unit, err := r.engine.Org.CreateDepartment(r.ctx, org.Department{Name: "仓库"})
	r.must(err)
	below, err := r.engine.Org.CreateDepartment(r.ctx, org.Department{Name: "夜班", Parent: unit.ID})
	r.must(err)
	ann, err := r.engine.Org.CreateUser(r.ctx, org.User{Login: "ann", Name: "Ann", Active: true, Department: below.ID, Roles: map[string][]string{"shop": {"clerk"}}})
	r.must(err)
	_, token, err := r.auth.CreateToken(r.ctx, ann.ID, "tests")
	r.must(err)
	as := "Bearer " + token
	const boss = "/apps/depot/roles/boss/members/"
	r.get("/apps/depot/roles", "Authorization", as).problem(403, "designer-only", "")
	r.put(boss+ann.ID, "", "Authorization", as).want(403)
	for range 2 {
		r.put(boss+ann.ID, "").want(204)
	}
	a := r.get("/apps/depot/roles", "Authorization", as).want(200) // she may now
	if a.text("items", 0, "key") != "boss" || a.at("items", 0, "admin") != true || a.text("items", 0, "members", 0, "departmentName") != "夜班" || len(a.at("items", 0, "members").([]any)) != 1 ||
		a.at("items", 1, "default") != true || len(a.at("items", 1, "members").([]any)) != 0 || strings.Contains(string(a.body), "login") {
		t.Errorf("%s", a.body)
	}
	if got := r.engine.Org.Directory().Users[ann.ID].Roles; len(got["shop"]) != 1 || len(got["depot"]) != 1 {
		t.Errorf("roles %v", got)
	}
	r.put("/apps/shop/roles/clerk/members/"+ann.ID, "", "Authorization", as).want(403) // not in other apps
	r.put("/apps/depot/roles/king/members/"+ann.ID, "").want(404)
	r.put(boss+"nobody", "").want(404)
	r.get("/apps/nothing/roles").want(404)
	for range 2 {
		r.delete(boss + ann.ID).want(204)
	}
	r.get("/apps/depot/roles", "Authorization", as).want(403)

	names := func(query string) string {
		t.Helper()
		var out []string
		for _, u := range r.get("/users?"+query, "Authorization", as).want(200).at("items").([]any) {
			out = append(out, dig(u, "name").(string))
		}
		return strings.Join(out, " ")
	}
	for query, want := range map[string]string{"ids=" + ann.ID + ",nobody," + r.admin.ID + "," + ann.ID: "Ann " + r.admin.Name, "department=" + unit.ID: "Ann", "search=ad": r.admin.Name, "limit=1": r.admin.Name} {
		if got := names(query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	r.get("/users?limit=x").problem(400, "wrong-parameter", "")
	r.get("/users?ids="+strings.Repeat("a,", 500)+"a").problem(422, "invalid", "/ids")
}
