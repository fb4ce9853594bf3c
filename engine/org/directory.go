package org

import (
	"maps"
	"slices"
	"sort"

	"formwork/engine/store"
	"formwork/schemas/value"
)

// User is a member of the workspace.
type User struct {
	ID         string              `json:"id"`
	Rev        int64               `json:"rev"`
	Login      string              `json:"login"`
	Name       string              `json:"name"`
	Email      string              `json:"email,omitempty"`
	Phone      string              `json:"phone,omitempty"`
	Department string              `json:"department,omitempty"`
	Roles      map[string][]string `json:"roles,omitempty"` // app -> role keys, beside the default ones
	Admin      bool                `json:"admin,omitempty"` // of the workspace
	Active     bool                `json:"active"`
	Locale     string              `json:"locale,omitempty"`
	Timezone   string              `json:"timezone,omitempty"`
	// Invited: there is no password yet.
	Invited bool `json:"invited,omitempty"`
	// Password is the hash, for the server only.
	Password string `json:"-"`
	// Epoch grows when the password changes or all sessions are ended; sessions of an older epoch are void.
	Epoch int64 `json:"-"`
}

// Department is a node of the tree.
type Department struct {
	ID     string `json:"id"`
	Rev    int64  `json:"rev"`
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"`
	Leader string `json:"leader,omitempty"`
	Order  int    `json:"order,omitempty"`
}

// Directory is all people and departments at one moment. Immutable.
type Directory struct {
	Users       map[string]*User
	Departments map[string]*Department
	byLogin     map[string]*User
	members     map[string][]string // department -> user ids, sorted
	children    map[string][]string // department -> departments, in order
	leads       map[string][]string // user -> departments
}

func newDirectory(users []*User, departments []*Department) *Directory {
	d := &Directory{
		Users: map[string]*User{}, Departments: map[string]*Department{}, byLogin: map[string]*User{},
		members: map[string][]string{}, children: map[string][]string{}, leads: map[string][]string{},
	}
	for _, p := range departments {
		d.Departments[p.ID] = p
		if p.Leader != "" {
			d.leads[p.Leader] = append(d.leads[p.Leader], p.ID)
		}
	}
	for _, p := range departments {
		d.children[p.Parent] = append(d.children[p.Parent], p.ID)
	}
	for k := range d.children {
		sort.Slice(d.children[k], func(i, j int) bool {
			a, b := d.Departments[d.children[k][i]], d.Departments[d.children[k][j]]
			if a.Order != b.Order {
				return a.Order < b.Order
			}
			if ka, kb := value.SortKey(a.Name), value.SortKey(b.Name); ka != kb {
				return ka < kb
			}
			return a.ID < b.ID
		})
	}
	for _, u := range users {
		d.Users[u.ID] = u
		d.byLogin[value.Fold(u.Login)] = u
		if u.Department != "" {
			d.members[u.Department] = append(d.members[u.Department], u.ID)
		}
	}
	for _, ids := range d.members {
		slices.Sort(ids)
	}
	return d
}

// ByLogin finds a user by login, case and width folded.
func (d *Directory) ByLogin(login string) (*User, bool) {
	u, ok := d.byLogin[value.Fold(login)]
	return u, ok
}

// Subtree is a department and everything under it.
func (d *Directory) Subtree(id string) []string {
	if d.Departments[id] == nil {
		return nil
	}
	out := []string{id}
	for i := 0; i < len(out) && len(out) <= len(d.Departments); i++ {
		out = append(out, d.children[out[i]]...)
	}
	return out
}

// Children are the departments directly under one ("" for the roots), in order.
func (d *Directory) Children(id string) []string { return d.children[id] }

// Path is a department and its ancestors, the root first. A loop in damaged data ends it.
func (d *Directory) Path(id string) []string {
	var out []string
	for p := d.Departments[id]; p != nil && !slices.Contains(out, p.ID); p = d.Departments[p.Parent] {
		out = append(out, p.ID)
	}
	slices.Reverse(out)
	return out
}

// AtLevel is the ancestor of a department at a depth, 1 below the root; "" when the department lies higher.
func (d *Directory) AtLevel(id string, level int) string {
	if path := d.Path(id); level < len(path) {
		return path[level]
	}
	return ""
}

// Members are the users of departments, sorted.
func (d *Directory) Members(departments ...string) []string {
	var out []string
	for _, id := range departments {
		out = append(out, d.members[id]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Leads are the departments that a user leads.
func (d *Directory) Leads(user string) []string { return d.leads[user] }

// Colleagues implements access.Organisation.
func (d *Directory) Colleagues(user string, below bool) []string {
	u := d.Users[user]
	if u == nil {
		return []string{user}
	}
	roots := slices.Clone(d.leads[user])
	if u.Department != "" {
		roots = append(roots, u.Department)
	}
	all := roots
	if below {
		all = nil
		for _, r := range roots {
			all = append(all, d.Subtree(r)...)
		}
	}
	out := append(d.Members(all...), user)
	slices.Sort(out)
	return slices.Compact(out)
}

func userOf(doc *store.Doc) *User {
	t := doc.Tree()
	s := func(k string) string { v, _ := t[k].(string); return v }
	b := func(k string) bool { v, _ := t[k].(bool); return v }
	epoch, _ := t["epoch"].(float64)
	u := &User{
		ID: doc.ID, Rev: doc.Version, Login: s("login"), Name: s("name"), Email: s("email"), Phone: s("phone"), Department: s("department"),
		Admin: b("admin"), Active: b("active"), Locale: s("locale"), Timezone: s("timezone"), Password: s("password"), Epoch: int64(epoch),
	}
	u.Invited = u.Password == ""
	if m, ok := t["roles"].(map[string]any); ok {
		u.Roles = map[string][]string{}
		for app, v := range m {
			list, _ := v.([]any)
			for _, x := range list {
				if r, ok := x.(string); ok {
					u.Roles[app] = append(u.Roles[app], r)
				}
			}
		}
	}
	return u
}

func (u *User) tree() map[string]any {
	t := map[string]any{"login": u.Login, "name": u.Name, "active": u.Active, "epoch": float64(u.Epoch)}
	for k, v := range map[string]string{"email": u.Email, "phone": u.Phone, "department": u.Department, "locale": u.Locale, "timezone": u.Timezone, "password": u.Password} {
		if v != "" {
			t[k] = v
		}
	}
	if u.Admin {
		t["admin"] = true
	}
	roles := map[string]any{}
	for app, list := range u.Roles {
		items := make([]any, len(list))
		for i, r := range list {
			items[i] = r
		}
		if len(items) > 0 {
			roles[app] = items
		}
	}
	if len(roles) > 0 {
		t["roles"] = roles
	}
	return t
}

func departmentOf(doc *store.Doc) *Department {
	t := doc.Tree()
	s := func(k string) string { v, _ := t[k].(string); return v }
	order, _ := t["order"].(float64)
	return &Department{ID: doc.ID, Rev: doc.Version, Name: s("name"), Parent: s("parent"), Leader: s("leader"), Order: int(order)}
}

func (p *Department) tree() map[string]any {
	t := map[string]any{"name": p.Name}
	for k, v := range map[string]string{"parent": p.Parent, "leader": p.Leader} {
		if v != "" {
			t[k] = v
		}
	}
	if p.Order != 0 {
		t["order"] = float64(p.Order)
	}
	return t
}

// Person gives what expressions and paths may know of a user.
func (d *Directory) Person(id string) (map[string]any, bool) {
	u, ok := d.Users[id]
	if !ok {
		return nil, false
	}
	m := map[string]any{"id": u.ID, "name": u.Name, "login": u.Login}
	for k, v := range map[string]string{"department": u.Department, "email": u.Email, "phone": u.Phone} {
		if v != "" {
			m[k] = v
		}
	}
	return m, true
}

// Unit gives what paths may know of a department.
func (d *Directory) Unit(id string) (map[string]any, bool) {
	p, ok := d.Departments[id]
	if !ok {
		return nil, false
	}
	m := map[string]any{"id": p.ID, "name": p.Name}
	for k, v := range map[string]string{"leader": p.Leader, "parent": p.Parent} {
		if v != "" {
			m[k] = v
		}
	}
	return m, true
}

// Persons are the ids of all users, sorted.
func (d *Directory) Persons() []string { return slices.Sorted(maps.Keys(d.Users)) }

// Units are the ids of all departments, sorted.
func (d *Directory) Units() []string { return slices.Sorted(maps.Keys(d.Departments)) }
