package transfer

import (
	"context"
	"fmt"
	"strings"

	"formwork/engine/org"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// roster is the users and departments there are, and those that an import adds: for real, or only here, in a rehearsal.
type roster struct {
	org       *org.Org // nil: nothing is written
	workspace string
	ids       ids
	users     map[string]*org.User
	units     map[string]*org.Department
	byName    map[string][]*org.User
	byLogin   map[string]*org.User
	byEmail   map[string][]*org.User
	children  map[string]*org.Department // parent id, NUL, folded name
	unitNames map[string][]string        // folded name or path -> ids
	made      people                     // since the last checkpoint
	seen      map[string]bool            // ids in made, ever
	fresh     []string                   // names of departments made, for reports
	leaders   []string
	n         int
}

func newRoster(dir *org.Directory, o *org.Org, workspace string, ids ids) *roster {
	r := &roster{org: o, workspace: workspace, ids: ids, users: map[string]*org.User{}, units: map[string]*org.Department{},
		byName: map[string][]*org.User{}, byLogin: map[string]*org.User{}, byEmail: map[string][]*org.User{},
		children: map[string]*org.Department{}, unitNames: map[string][]string{}, seen: map[string]bool{}}
	for _, u := range dir.List("") {
		r.enterUser(u)
	}
	for _, p := range dir.Tree() {
		r.enterUnit(p)
	}
	return r
}

func (r *roster) enterUser(u *org.User) {
	c := *u
	if r.users[u.ID] == nil {
		r.byName[value.Fold(u.Name)] = append(r.byName[value.Fold(u.Name)], &c)
		if u.Email != "" {
			r.byEmail[value.Fold(u.Email)] = append(r.byEmail[value.Fold(u.Email)], &c)
		}
		r.users[u.ID] = &c
		r.byLogin[value.Fold(u.Login)] = &c
		return
	}
	*r.users[u.ID] = c
}

func (r *roster) enterUnit(p *org.Department) {
	c := *p
	if have := r.units[p.ID]; have != nil {
		*have = c
		return
	}
	r.units[p.ID] = &c
	r.children[p.Parent+"\x00"+value.Fold(p.Name)] = &c
	var names []string
	for at := &c; at != nil && len(names) < 100; at = r.units[at.Parent] {
		names = append([]string{at.Name}, names...)
		key := value.Fold(strings.Join(names, "/"))
		r.unitNames[key] = append(r.unitNames[key], c.ID)
	}
}

// root is the single top of the tree; where there is none, or several, the one with the workspace's name, made if need be.
func (r *roster) root(ctx context.Context) (string, error) {
	var tops []string
	for id, p := range r.units {
		if p.Parent == "" {
			tops = append(tops, id)
		}
	}
	if len(tops) == 1 {
		return r.note(tops[0], &r.made.departments), nil
	}
	return r.unit(ctx, "", r.workspace, r.ids.of(idRoot, 0))
}

// note remembers for the journal what an earlier attempt of the job made without one.
func (r *roster) note(id string, to *[]string) string {
	if r.ids.made(id) && !r.seen[id] {
		r.seen[id] = true
		*to = append(*to, id)
	}
	return id
}

// unit finds a department under another, or makes it.
func (r *roster) unit(ctx context.Context, parent, name, id string) (string, error) {
	if p := r.children[parent+"\x00"+value.Fold(name)]; p != nil {
		return r.note(p.ID, &r.made.departments), nil
	}
	p := &org.Department{ID: id, Name: name, Parent: parent}
	if r.org != nil {
		made, err := r.org.CreateDepartment(ctx, *p)
		if err != nil {
			return "", err
		}
		p = made
	}
	if len(r.fresh) < maxListed {
		r.fresh = append(r.fresh, name)
	}
	r.n++
	r.enterUnit(p)
	return r.note(p.ID, &r.made.departments), nil
}

// create adds a user without password.
func (r *roster) create(ctx context.Context, u org.User) (*org.User, error) {
	u.Active = true
	if u.Login == "" {
		u.Login = loginOf(u.Name, func(s string) bool { return r.byLogin[value.Fold(s)] != nil })
	}
	if u.Name == "" {
		u.Name = u.Login
	}
	if r.byLogin[value.Fold(u.Login)] != nil {
		return nil, problem.Fail(problem.Duplicate, "duplicate", "/login", problem.P{"value": u.Login})
	}
	if r.org != nil {
		made, err := r.org.CreateUser(ctx, u)
		if err != nil {
			return nil, err
		}
		u = *made
	}
	r.enterUser(&u)
	r.note(u.ID, &r.made.users)
	return r.users[u.ID], nil
}

// update writes what of a user is other than now; ok is false when nothing is.
func (r *roster) update(ctx context.Context, u *org.User, want org.User) (changed bool, err error) {
	old, now := map[string]any{}, map[string]any{}
	apply := func(key string, to *string, v string) {
		if v != "" && v != *to {
			old[key], now[key] = *to, v
			*to = v
		}
	}
	next := *u
	change := func(x *org.User) {
		apply("name", &x.Name, want.Name)
		apply("login", &x.Login, want.Login)
		apply("email", &x.Email, want.Email)
		apply("phone", &x.Phone, want.Phone)
		apply("department", &x.Department, want.Department)
		apply("locale", &x.Locale, want.Locale)
		apply("timezone", &x.Timezone, want.Timezone)
		if !x.Active && x.Password == "" { // never was anybody's account
			x.Active = true
			old["active"], now["active"] = false, true
		}
	}
	if change(&next); len(now) == 0 {
		return false, nil
	}
	if r.org != nil {
		clear(old)
		clear(now)
		got, err := r.org.UpdateUser(ctx, u.ID, 0, func(x *org.User) error { change(x); return nil })
		if err != nil {
			return false, err
		}
		next = *got
		if !r.ids.made(u.ID) {
			r.made.rehoused = append(r.made.rehoused, updated{id: u.ID, old: old, new: now})
		}
	}
	r.enterUser(&next)
	return true, nil
}

// lead makes somebody, by name, the leader of a department: its member where they are in none, a new user where nobody
// has the name.
func (r *roster) lead(ctx context.Context, unit, name, id string) error {
	list := r.byName[value.Fold(name)]
	var u *org.User
	switch len(list) {
	case 0:
		made, err := r.create(ctx, org.User{ID: id, Name: name, Department: unit})
		if err != nil {
			return err
		}
		if len(r.leaders) < maxListed {
			r.leaders = append(r.leaders, name)
		}
		u = made
	case 1:
		u = list[0]
		r.note(u.ID, &r.made.users)
		if u.Department == "" {
			if _, err := r.update(ctx, u, org.User{Department: unit}); err != nil {
				return err
			}
		}
	default:
		return problem.Fail(problem.Conflict, "ambiguous-reference", "/leader", problem.P{"value": name, "count": len(list)})
	}
	return r.setUnit(ctx, unit, func(p *org.Department) { p.Leader = u.ID })
}

// setUnit changes a department where that changes anything.
func (r *roster) setUnit(ctx context.Context, id string, fn func(*org.Department)) error {
	next := *r.units[id]
	fn(&next)
	if next == *r.units[id] {
		return nil
	}
	if r.org != nil {
		got, err := r.org.UpdateDepartment(ctx, id, 0, func(p *org.Department) error { fn(p); return nil })
		if err != nil {
			return err
		}
		next = *got
	}
	r.enterUnit(&next)
	return nil
}

// path is a department's names from the top, for reports.
func (r *roster) path(id string) string {
	var names []string
	for p := r.units[id]; p != nil && len(names) < 100; p = r.units[p.Parent] {
		names = append([]string{p.Name}, names...)
	}
	return strings.Join(names, "/")
}

// fake makes ids for rehearsals.
func fake() ids { return ids{fmt.Sprintf("%016x", uint64(0xffffffffffffffff))} }
