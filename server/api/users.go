package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"formwork/engine/org"
	"formwork/schemas/problem"
)

// colleague is what everybody may know of a user.
type colleague struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	Department     string `json:"department,omitempty"`
	DepartmentName string `json:"departmentName,omitempty"`
	Active         bool   `json:"active"`
}

func colleagueOf(d *org.Directory, u *org.User) colleague {
	return colleague{ID: u.ID, Name: u.Name, Department: u.Department, DepartmentName: nameOf(d, u), Active: u.Active}
}

func nameOf(d *org.Directory, u *org.User) string {
	if p := d.Departments[u.Department]; p != nil {
		return p.Name
	}
	return ""
}

// seen is a user as the caller may see them.
func (x *call) seen(u *org.User) any {
	d := x.Engine.Org.Directory()
	if x.id.User.Admin || u.ID == x.id.User.ID {
		return struct {
			*org.User
			DepartmentName string `json:"departmentName,omitempty"`
		}{u, nameOf(d, u)}
	}
	return colleagueOf(d, u)
}

// maxUserIDs is how many users may be asked for by id.
const maxUserIDs = 500

func (s *Server) listUsers(x *call) error {
	users, err := x.users()
	if err != nil {
		return err
	}
	out := make([]any, len(users))
	for i, u := range users {
		out[i] = x.seen(u)
	}
	return list(x, out)
}

// users are those that the query asks for: ?ids=, or ?search=, ?department= with those below, ?active=true, ?limit=.
func (x *call) users() ([]*org.User, error) {
	d := x.Engine.Org.Directory()
	if list := x.fiber.Query("ids"); list != "" {
		ids := strings.Split(list, ",")
		if len(ids) > maxUserIDs {
			return nil, problem.Fail(problem.Invalid, "max-items", "/ids", problem.P{"limit": maxUserIDs, "actual": len(ids)})
		}
		var out []*org.User
		for _, id := range ids {
			if u := d.Users[id]; u != nil && !slices.Contains(out, u) {
				out = append(out, u)
			}
		}
		return out, nil
	}
	limit, err := x.number("limit", 0)
	if err != nil {
		return nil, err
	}
	users := d.List(x.fiber.Query("search"))
	if department := x.fiber.Query("department"); department != "" {
		among := d.Subtree(department)
		users = slices.DeleteFunc(users, func(u *org.User) bool { return !slices.Contains(among, u.Department) })
	}
	if x.flag("active") {
		users = slices.DeleteFunc(users, func(u *org.User) bool { return !u.Active })
	}
	if limit > 0 && int64(len(users)) > limit {
		users = users[:limit]
	}
	return users, nil
}

func (s *Server) getUser(x *call) error {
	u, ok := s.Engine.Org.Directory().Users[x.param("id")]
	if !ok {
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"user": x.param("id")})
	}
	return x.answer(http.StatusOK, x.seen(u))
}

var userMembers = []string{"login", "name", "email", "phone", "department", "roles", "admin", "active", "locale", "timezone"}

// createUser adds a user. Without a password they cannot sign in until somebody gives them one.
func (s *Server) createUser(x *call) error {
	if err := x.admin(); err != nil {
		return err
	}
	f, err := x.object(false)
	if err != nil {
		return err
	}
	f.required("login")
	id, password := f.text("id"), f.text("password")
	change := f.user(userMembers...)
	if err := f.err(); err != nil {
		return err
	}
	u := org.User{ID: id, Active: true}
	if err := change(&u); err != nil {
		return err
	}
	if password != "" {
		if u.Password, err = s.Auth.Hash(x.ctx, u.Login, password, "/password"); err != nil {
			return err
		}
	}
	created, err := s.Engine.Org.CreateUser(x.ctx, u)
	if err != nil {
		return err
	}
	x.fiber.Set("Location", prefix+"/users/"+created.ID)
	return x.answer(http.StatusCreated, created)
}

func (s *Server) patchUser(x *call) error {
	if err := x.admin(); err != nil {
		return err
	}
	rev, err := x.ifMatch()
	if err != nil {
		return err
	}
	f, err := x.object(false)
	if err != nil {
		return err
	}
	change := f.user(userMembers...)
	if err := f.err(); err != nil {
		return err
	}
	u, err := s.Engine.Org.UpdateUser(x.ctx, x.param("id"), revOf(rev, 0), change)
	if err != nil {
		return err
	}
	if !u.Active {
		s.Hub.EndUser(u.ID)
	}
	return x.answer(http.StatusOK, u)
}

// setUserPassword gives somebody a new password and signs them out everywhere.
func (s *Server) setUserPassword(x *call) error {
	if err := x.admin(); err != nil {
		return err
	}
	f, err := x.object(false)
	if err != nil {
		return err
	}
	password := f.text("password")
	f.required("password")
	if err := f.err(); err != nil {
		return err
	}
	u, err := s.Auth.SetPassword(x.ctx, x.param("id"), password)
	if err != nil {
		return err
	}
	s.Hub.EndUser(u.ID)
	return x.nothing()
}

func (s *Server) endUserSessions(x *call) error {
	if err := x.admin(); err != nil {
		return err
	}
	return x.endSessionsOf(x.param("id"))
}

// user reads the named members of a user and gives the change that they ask for. Absent members stay, null clears.
func (f *fields) user(members ...string) func(*org.User) error {
	type change = func(*org.User)
	var changes []change
	text := func(key string, to func(*org.User) *string) {
		v := f.text(key)
		if _, there := f.m[key]; there {
			changes = append(changes, func(u *org.User) { *to(u) = v })
		}
	}
	flag := func(key string, to func(*org.User) *bool) {
		v := f.bool(key)
		if _, there := f.m[key]; there {
			changes = append(changes, func(u *org.User) { *to(u) = v })
		}
	}
	for _, m := range members {
		switch m {
		case "login":
			text(m, func(u *org.User) *string { return &u.Login })
		case "name":
			text(m, func(u *org.User) *string { return &u.Name })
		case "email":
			text(m, func(u *org.User) *string { return &u.Email })
		case "phone":
			text(m, func(u *org.User) *string { return &u.Phone })
		case "department":
			text(m, func(u *org.User) *string { return &u.Department })
		case "locale":
			text(m, func(u *org.User) *string { return &u.Locale })
			if v, _ := f.m[m].(string); v != "" {
				f.problems = append(f.problems, org.CheckLocale(v, "/locale")...)
			}
		case "timezone":
			text(m, func(u *org.User) *string { return &u.Timezone })
			if v, _ := f.m[m].(string); v != "" {
				f.problems = append(f.problems, org.CheckZone(v, "/timezone")...)
			}
		case "admin":
			flag(m, func(u *org.User) *bool { return &u.Admin })
		case "active":
			flag(m, func(u *org.User) *bool { return &u.Active })
		case "roles":
			roles := f.roles()
			if _, there := f.m[m]; there {
				changes = append(changes, func(u *org.User) { u.Roles = roles })
			}
		}
	}
	return func(u *org.User) error {
		for _, c := range changes {
			c(u)
		}
		return nil
	}
}

// roles reads {"app": ["role", ...]}.
func (f *fields) roles() map[string][]string {
	out := map[string][]string{}
	for app, v := range f.object("roles") {
		items, ok := v.([]any)
		if !ok {
			f.problems = append(f.problems, problem.New("type", problem.Pointer("roles", app), problem.P{"expected": "array"}))
		}
		for i, r := range items {
			role, ok := r.(string)
			if !ok {
				f.problems = append(f.problems, problem.New("type", fmt.Sprintf("%s/%d", problem.Pointer("roles", app), i), problem.P{"expected": "string"}))
			}
			if !slices.Contains(out[app], role) {
				out[app] = append(out[app], role)
			}
		}
	}
	return out
}
