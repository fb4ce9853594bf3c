package api

import (
	"net/http"
	"slices"

	"formwork/engine/catalog"
	"formwork/engine/org"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// roleEntry is a role of an app and who has it.
type roleEntry struct {
	Key         string          `json:"key"`
	Title       definition.Text `json:"title"`
	Description definition.Text `json:"description,omitempty"`
	Admin       bool            `json:"admin"`
	Default     bool            `json:"default"` // everybody has it
	Leaders     bool            `json:"leaders"` // who leads a department has it
	// Members are those who were given it by name.
	Members []colleague `json:"members"`
}

// listRoles gives the roles of a published app, to who may change the app.
func (s *Server) listRoles(x *call) error {
	a, err := x.governed()
	if err != nil {
		return err
	}
	d := s.Engine.Org.Directory()
	users := d.List("")
	out := make([]roleEntry, len(a.Roles))
	for i, r := range a.Roles {
		e := roleEntry{Key: r.Key, Title: r.Title, Description: r.Description, Admin: r.Admin, Default: r.Members.Default, Leaders: r.Members.Leaders, Members: []colleague{}}
		for _, u := range users {
			if slices.Contains(u.Roles[a.Key], r.Key) {
				e.Members = append(e.Members, colleagueOf(d, u))
			}
		}
		out[i] = e
	}
	return list(x, out)
}

// governed is the published app of the path, for who may change it.
func (x *call) governed() (*catalog.App, error) {
	app, err := x.designer()
	if err != nil {
		return nil, err
	}
	a := x.Engine.Catalog.Snapshot().Apps[app]
	if a == nil {
		return nil, problem.Fail(problem.NotFound, "not-found", "", problem.P{"app": app})
	}
	return a, nil
}

// addMember gives somebody a role.
func (s *Server) addMember(x *call) error {
	return x.member(func(have []string, role string) []string {
		if slices.Contains(have, role) {
			return have
		}
		return append(slices.Clone(have), role)
	})
}

// removeMember takes a role from somebody. What they have by default, or because they lead, stays.
func (s *Server) removeMember(x *call) error {
	return x.member(func(have []string, role string) []string {
		return slices.DeleteFunc(slices.Clone(have), func(k string) bool { return k == role })
	})
}

func (x *call) member(change func(have []string, role string) []string) error {
	a, err := x.governed()
	if err != nil {
		return err
	}
	role := x.param("role")
	if !slices.ContainsFunc(a.Roles, func(r *definition.Role) bool { return r.Key == role }) {
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"role": role})
	}
	_, err = x.Engine.Org.UpdateUser(x.ctx, x.param("user"), 0, func(u *org.User) error {
		roles := map[string][]string{}
		for app, keys := range u.Roles {
			roles[app] = keys
		}
		if roles[a.Key] = change(roles[a.Key], role); len(roles[a.Key]) == 0 {
			delete(roles, a.Key)
		}
		u.Roles = roles
		return nil
	})
	if err != nil {
		return err
	}
	x.fiber.Status(http.StatusNoContent)
	return nil
}
