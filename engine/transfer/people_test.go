package transfer

import (
	"slices"
	"strings"
	"testing"

	"formwork/engine/org"
	"formwork/engine/outbox"
	"formwork/engine/transfer/sheet"
)

const teams = `{"target": "users", "columns": [{"column": "agent", "field": "name"}], "departmentPath": ["office", "manager"], "leader": "manager"}`

const teamsCSV = "agent,manager,office\nAnna Snelling,Dustin,Central\n王小明,Dustin,Central\nZoë Bell,Cara,East\nAnna Snelling,Cara,East\n,Cara,East\n"

func TestUsersWithTeamsAndLeaders(t *testing.T) {
	r := newRig(t, memory(), nil)
	m := r.mapping(teams)
	p := r.preview(teamsCSV, m)
	if p.Create != 3 || p.Update != 1 || p.Refused != 1 || !has(p.Problems, "leaders-made") || len(r.org.Directory().Users) != 1 {
		t.Errorf("preview %+v", p)
	}
	job := r.run(teamsCSV, m)
	r.expect(job, 3, 1, 0, 1)
	if s := r.errorSheet(job); !strings.Contains(s, "key-empty") {
		t.Errorf("error sheet %q", s)
	}
	dir := r.org.Directory()
	path := func(login string) string {
		u, ok := dir.ByLogin(login)
		if !ok {
			return "nobody"
		}
		if !u.Invited || !u.Active {
			t.Errorf("%s: %+v", login, u)
		}
		var names []string
		for _, id := range dir.Path(u.Department) {
			names = append(names, dir.Departments[id].Name)
		}
		return strings.Join(names, "/")
	}
	for login, want := range map[string]string{"anna.snelling": "Works/East/Cara", "wangxiaoming": "Works/Central/Dustin", "zoe.bell": "Works/East/Cara",
		"dustin": "Works/Central/Dustin", "cara": "Works/East/Cara"} {
		if got := path(login); got != want {
			t.Errorf("%s is in %s, want %s", login, got, want)
		}
	}
	cara, _ := dir.ByLogin("cara")
	if leads := dir.Leads(cara.ID); len(leads) != 1 || dir.Departments[leads[0]].Name != "Cara" {
		t.Errorf("Cara leads %v", leads)
	}
	again := strings.Replace(teamsCSV, "Anna Snelling,Dustin,Central\n", "", 1)
	r.expect(r.run(again, m), 0, 0, 3, 1)

	undo, err := r.t.StartUndo(r.ctx, r.caller(boss), job.ID)
	r.must(err)
	undo = r.finish(undo)
	dir = r.org.Directory()
	if undo.State != outbox.Done || undo.Result["conflicts"] != 0.0 || len(dir.Departments) != 0 || slices.ContainsFunc(dir.List(""), func(u *org.User) bool { return u.Active && u.ID != boss }) {
		t.Errorf("after undo: %s %v, %d departments", undo.State, undo.Result, len(dir.Departments))
	}
	r.expect(r.run(again, m), 0, 3, 0, 1) // they come back
	if u, _ := r.org.Directory().ByLogin("zoe.bell"); !u.Active || u.Department == "" {
		t.Errorf("%+v", u)
	}
}

func TestDepartments(t *testing.T) {
	r := newRig(t, memory(), nil)
	m := r.mapping(`{"target": "departments", "columns": [{"column": "unit", "field": "name"}, {"column": "above", "field": "parent"}, {"column": "head", "field": "leader"}]}`)
	csv := "unit,above,head\nNorth,,Boss\nTeam 1,North,\nTeam 2,South,\nTeam 3,Works/North,Nobody\n"
	r.expect(r.run(csv, m), 2, 0, 0, 2)
	var names []string
	for _, p := range r.org.Directory().Tree() {
		names = append(names, p.Name)
	}
	if strings.Join(names, " ") != "Works North Team 1" {
		t.Errorf("departments %v", names)
	}
	r.expect(r.run(csv, m), 0, 0, 2, 2)
}

func TestGuessPeople(t *testing.T) {
	text := func(name string, distinct int) sheet.ColumnProfile {
		return sheet.ColumnProfile{Column: sheet.Column{Name: name, Title: name}, Kind: sheet.ColumnText, Rows: 9, NonEmpty: 9, Distinct: distinct,
			Top: []sheet.ValueCount{{Value: "x", Count: 1}}}
	}
	m := GuessPeople(Users, []sheet.ColumnProfile{text("sales_agent", 9), text("manager", 3), text("regional_office", 2), text("shoe size", 4)})
	if fieldsOf(m)["sales_agent"] != "name" || !slices.Equal(m.DepartmentPath, []string{"regional_office", "manager"}) || m.Leader != "manager" || !m.Columns[1].Ignore {
		t.Errorf("%+v", m)
	}
	m = GuessPeople(Users, []sheet.ColumnProfile{text("姓名", 9), text("部门", 3), text("邮箱", 9)})
	if f := fieldsOf(m); f["姓名"] != "name" || f["部门"] != "department" || f["邮箱"] != "email" || len(m.DepartmentPath) != 0 {
		t.Errorf("%+v", m)
	}
}

func TestLogins(t *testing.T) {
	taken := map[string]bool{"anna.snelling": true}
	for name, want := range map[string]string{"Anna Snelling": "anna.snelling2", "王小明": "wangxiaoming", "José  Ñandú-Ø": "jose.nandu", "☃": "user", "A.B": "a.b"} {
		if got := loginOf(name, func(s string) bool { return taken[s] }); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
