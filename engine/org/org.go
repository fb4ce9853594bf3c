package org

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

const (
	usersCollection       = "org.users"
	departmentsCollection = "org.departments"
)

// Org keeps users and departments. Safe for concurrent use.
type Org struct {
	store   store.Store
	newID   func() string
	current atomic.Pointer[Directory]
	reload  sync.Mutex
}

// Open prepares the collections and loads the directory.
func Open(ctx context.Context, st store.Store, newID func() string) (*Org, error) {
	text := func(key string, match bool) query.Column {
		return query.Column{Key: key, Path: []string{key}, Kind: query.Text, Match: match}
	}
	err := st.Ensure(ctx, store.Collection{Name: usersCollection, Columns: []query.Column{text("login", true), text("department", false)},
		Indexes: []store.Index{{Key: "login", Unique: true, Columns: []query.Order{{Column: "login"}}}}})
	if err == nil {
		err = st.Ensure(ctx, store.Collection{Name: departmentsCollection, Columns: []query.Column{text("parent", false), text("name", true)},
			Indexes: []store.Index{{Key: "name", Unique: true, Columns: []query.Order{{Column: "parent"}, {Column: "name"}}}}})
	}
	if err == nil {
		err = openMarks(ctx, st, peopleMark)
	}
	if err != nil {
		return nil, err
	}
	o := &Org{store: st, newID: newID}
	return o, o.Refresh(ctx)
}

// Directory is everybody as of now.
func (o *Org) Directory() *Directory { return o.current.Load() }

// Refresh loads the directory anew.
func (o *Org) Refresh(ctx context.Context) error {
	o.reload.Lock()
	defer o.reload.Unlock()
	return o.store.View(ctx, func(r store.Reader) error {
		var users []*User
		var departments []*Department
		for d, err := range r.Find(ctx, usersCollection, query.Find{}) {
			if err != nil {
				return err
			}
			users = append(users, userOf(d))
		}
		for d, err := range r.Find(ctx, departmentsCollection, query.Find{}) {
			if err != nil {
				return err
			}
			departments = append(departments, departmentOf(d))
		}
		o.current.Store(newDirectory(users, departments))
		return nil
	})
}

// Watch follows changes by other processes until ctx ends.
func (o *Org) Watch(ctx context.Context) error { return watch(ctx, o.store, o.Refresh) }

// change runs fn in a transaction that follows all other changes to people.
func (o *Org) change(ctx context.Context, fn func(store.Tx) error) error {
	return o.store.Update(ctx, func(tx store.Tx) error {
		if err := move(ctx, tx, peopleMark); err != nil {
			return err
		}
		return fn(tx)
	})
}

const maxName = 100

// clean trims a name and says what is wrong with it.
func clean(s *string, pointer string, required bool) problem.List {
	*s = strings.TrimSpace(*s)
	switch {
	case *s == "" && required:
		return problem.List{problem.New("required", pointer, nil)}
	case !utf8.ValidString(*s) || strings.IndexFunc(*s, unicode.IsControl) >= 0:
		return problem.List{problem.New("control-character", pointer, nil)}
	case utf8.RuneCountInString(*s) > maxName:
		return problem.List{problem.New("max-length", pointer, problem.P{"max": maxName})}
	}
	return nil
}

// checkUser cleans a user and holds them against what is stored.
func checkUser(ctx context.Context, r store.Reader, u *User) error {
	var ps problem.List
	ps = append(ps, clean(&u.Login, "/login", true)...)
	if u.Name == "" {
		u.Name = u.Login
	}
	ps = append(ps, clean(&u.Name, "/name", true)...)
	ps = append(ps, clean(&u.Email, "/email", false)...)
	ps = append(ps, clean(&u.Phone, "/phone", false)...)
	if u.Department != "" {
		_, err := r.Get(ctx, departmentsCollection, u.Department)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err != nil {
			ps = append(ps, problem.New("unknown-department", "/department", problem.P{"department": u.Department}))
		}
	}
	return problem.Refuse(ps)
}

// CreateUser adds a user; u.ID is filled in when empty.
func (o *Org) CreateUser(ctx context.Context, u User) (*User, error) {
	if u.ID == "" {
		u.ID = o.newID()
	}
	err := o.change(ctx, func(tx store.Tx) error {
		if err := checkUser(ctx, tx, &u); err != nil {
			return err
		}
		return tx.Insert(ctx, usersCollection, store.New(u.ID, u.tree()))
	})
	if err != nil {
		return nil, duplicate(err, "/login", u.Login)
	}
	return o.user(ctx, u.ID)
}

func duplicate(err error, pointer, name string) error {
	var dup *store.DuplicateError
	if errors.As(err, &dup) {
		return problem.Fail(problem.Duplicate, "duplicate", pointer, problem.P{"value": name})
	}
	return err
}

func (o *Org) user(ctx context.Context, id string) (*User, error) {
	if err := o.Refresh(ctx); err != nil {
		return nil, err
	}
	if u := o.Directory().Users[id]; u != nil {
		return u, nil
	}
	return nil, notFound("user", id)
}

func notFound(what, id string) error {
	return problem.Fail(problem.NotFound, "not-found", "", problem.P{what: id})
}

// UpdateUser changes a user with fn. rev is what the caller saw, 0 for any. The last active admin cannot be taken away.
func (o *Org) UpdateUser(ctx context.Context, id string, rev int64, fn func(*User) error) (*User, error) {
	login := ""
	err := o.change(ctx, func(tx store.Tx) error {
		doc, err := tx.Get(ctx, usersCollection, id)
		if errors.Is(err, store.ErrNotFound) {
			return notFound("user", id)
		}
		if err != nil {
			return err
		}
		if rev != 0 && doc.Version != rev {
			return problem.Fail(problem.Stale, "stale", "", problem.P{"rev": doc.Version})
		}
		u := userOf(doc)
		was := *u
		if err := fn(u); err != nil {
			return err
		}
		if err := checkUser(ctx, tx, u); err != nil {
			return err
		}
		login = u.Login
		if was.Admin && was.Active && (!u.Admin || !u.Active) {
			if err := anotherAdmin(ctx, tx, id); err != nil {
				return err
			}
		}
		return tx.Replace(ctx, usersCollection, store.New(id, u.tree()), doc.Version)
	})
	if err != nil {
		return nil, duplicate(err, "/login", login)
	}
	return o.user(ctx, id)
}

func anotherAdmin(ctx context.Context, tx store.Tx, except string) error {
	for d, err := range tx.Find(ctx, usersCollection, query.Find{}) {
		if err != nil {
			return err
		}
		if u := userOf(d); u.ID != except && u.Admin && u.Active {
			return nil
		}
	}
	return problem.Fail(problem.Conflict, "last-admin", "", nil)
}

// CreateDepartment adds a department; p.ID is filled in when empty.
func (o *Org) CreateDepartment(ctx context.Context, p Department) (*Department, error) {
	if p.ID == "" {
		p.ID = o.newID()
	}
	err := o.change(ctx, func(tx store.Tx) error {
		if err := checkDepartment(ctx, tx, &p); err != nil {
			return err
		}
		return tx.Insert(ctx, departmentsCollection, store.New(p.ID, p.tree()))
	})
	if err != nil {
		return nil, duplicate(err, "/name", p.Name)
	}
	return o.department(ctx, p.ID)
}

func (o *Org) department(ctx context.Context, id string) (*Department, error) {
	if err := o.Refresh(ctx); err != nil {
		return nil, err
	}
	if p := o.Directory().Departments[id]; p != nil {
		return p, nil
	}
	return nil, notFound("department", id)
}

// checkDepartment cleans a department and holds it against what is stored.
func checkDepartment(ctx context.Context, r store.Reader, p *Department) error {
	ps := clean(&p.Name, "/name", true)
	above := map[string]bool{}
	for id := p.Parent; id != "" && !above[id]; {
		above[id] = true
		doc, err := r.Get(ctx, departmentsCollection, id)
		switch {
		case errors.Is(err, store.ErrNotFound):
			if id == p.Parent && id != p.ID {
				ps = append(ps, problem.New("unknown-department", "/parent", problem.P{"department": id}))
			}
			id = ""
		case err != nil:
			return err
		default:
			id = departmentOf(doc).Parent
		}
	}
	if above[p.ID] {
		ps = append(ps, problem.New("department-loop", "/parent", nil))
	}
	if p.Leader != "" {
		_, err := r.Get(ctx, usersCollection, p.Leader)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err != nil {
			ps = append(ps, problem.New("unknown-user", "/leader", problem.P{"user": p.Leader}))
		}
	}
	return problem.Refuse(ps)
}

// UpdateDepartment changes a department with fn. rev is what the caller saw, 0 for any.
func (o *Org) UpdateDepartment(ctx context.Context, id string, rev int64, fn func(*Department) error) (*Department, error) {
	name := ""
	err := o.change(ctx, func(tx store.Tx) error {
		doc, err := tx.Get(ctx, departmentsCollection, id)
		if errors.Is(err, store.ErrNotFound) {
			return notFound("department", id)
		}
		if err != nil {
			return err
		}
		if rev != 0 && doc.Version != rev {
			return problem.Fail(problem.Stale, "stale", "", problem.P{"rev": doc.Version})
		}
		p := departmentOf(doc)
		if err := fn(p); err != nil {
			return err
		}
		if err := checkDepartment(ctx, tx, p); err != nil {
			return err
		}
		name = p.Name
		return tx.Replace(ctx, departmentsCollection, store.New(id, p.tree()), doc.Version)
	})
	if err != nil {
		return nil, duplicate(err, "/name", name)
	}
	return o.department(ctx, id)
}

// DeleteDepartment removes a department that has neither members nor departments under it.
func (o *Org) DeleteDepartment(ctx context.Context, id string) error {
	err := o.change(ctx, func(tx store.Tx) error {
		for collection, column := range map[string]string{usersCollection: "department", departmentsCollection: "parent"} {
			n, err := tx.Count(ctx, collection, query.Is(column, id), query.Live, 1)
			if err != nil {
				return err
			}
			if n > 0 {
				return problem.Fail(problem.Conflict, "department-not-empty", "", nil)
			}
		}
		return tx.Delete(ctx, departmentsCollection, id, 0)
	})
	if errors.Is(err, store.ErrNotFound) {
		return notFound("department", id)
	}
	if err != nil {
		return err
	}
	return o.Refresh(ctx)
}

// Users lists users by name; search matches name or login, folded.
func (d *Directory) List(search string) []*User {
	term := value.Fold(search)
	out := make([]*User, 0, len(d.Users))
	for _, u := range d.Users {
		if term == "" || query.Found(u.Name, term) || strings.Contains(value.Fold(u.Login), term) {
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b *User) int {
		if c := strings.Compare(value.SortKey(a.Name), value.SortKey(b.Name)); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}

// Tree lists departments, parents first, siblings in order.
func (d *Directory) Tree() []*Department {
	var out []*Department
	var walk func(id string)
	walk = func(id string) {
		for _, c := range d.children[id] {
			out = append(out, d.Departments[c])
			walk(c)
		}
	}
	walk("")
	return out
}
