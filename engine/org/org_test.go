package org_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"formwork/engine/org"
	"formwork/engine/store"
	"formwork/engine/store/storetest"
	"formwork/schemas/problem"
)

var ctx = context.Background()

func newIDs() func() string {
	var n atomic.Int64
	return func() string { return fmt.Sprintf("%024x", n.Add(1)) }
}

func open(t *testing.T, st store.Store, newID func() string) *org.Org {
	t.Helper()
	o, err := org.Open(ctx, st, newID)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func unit(t *testing.T, o *org.Org, name, parent string) string {
	t.Helper()
	d, err := o.CreateDepartment(ctx, org.Department{Name: name, Parent: parent})
	if err != nil {
		t.Fatal(err)
	}
	return d.ID
}

// TestDepartmentsNeverLoop: not even when two are moved under each other at once, by two processes.
func TestDepartmentsNeverLoop(t *testing.T) {
	for range 20 {
		st, ids := storetest.NewMemory(), newIDs()
		one, two := open(t, st, ids), open(t, st, ids)
		a, b := unit(t, one, "A", ""), unit(t, one, "B", "")
		if err := two.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		under := func(o *org.Org, id, parent string) error {
			_, err := o.UpdateDepartment(ctx, id, 0, func(d *org.Department) error { d.Parent = parent; return nil })
			return err
		}
		if err := under(one, a, a); problem.KindOf(err) != problem.Invalid {
			t.Fatalf("under itself: %v", err)
		}
		var wg sync.WaitGroup
		errs := make([]error, 2)
		wg.Go(func() { errs[0] = under(one, a, b) })
		wg.Go(func() { errs[1] = under(two, b, a) })
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("one of the two must be refused: %v", errs)
		}
		if err := one.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if n := len(one.Directory().Tree()); n != 2 {
			t.Fatalf("%d departments can be reached from the root", n)
		}
	}
}

// TestTheLastAdminStays: not even when the last two take it from each other at once.
func TestTheLastAdminStays(t *testing.T) {
	for range 20 {
		st, ids := storetest.NewMemory(), newIDs()
		one, two := open(t, st, ids), open(t, st, ids)
		var id [2]string
		for i := range id {
			u, err := one.CreateUser(ctx, org.User{Login: fmt.Sprint("admin", i), Admin: true, Active: true})
			if err != nil {
				t.Fatal(err)
			}
			id[i] = u.ID
		}
		var wg sync.WaitGroup
		var failed atomic.Int32
		for i, o := range []*org.Org{one, two} {
			wg.Go(func() {
				_, err := o.UpdateUser(ctx, id[i], 0, func(u *org.User) error { u.Active = i == 0; u.Admin = i == 1; return nil })
				if err != nil {
					failed.Add(1)
				}
			})
		}
		wg.Wait()
		if failed.Load() != 1 {
			t.Fatalf("%d were refused, want one", failed.Load())
		}
	}
}

// TestADepartmentIsNotDeletedUnderItsMembers: nor under departments, whoever comes first.
func TestADepartmentIsNotDeletedUnderItsMembers(t *testing.T) {
	for range 20 {
		st, ids := storetest.NewMemory(), newIDs()
		one, two := open(t, st, ids), open(t, st, ids)
		d := unit(t, one, "D", "")
		var wg sync.WaitGroup
		wg.Go(func() { _ = one.DeleteDepartment(ctx, d) })
		wg.Go(func() { _, _ = two.CreateUser(ctx, org.User{Login: "u", Department: d}) })
		wg.Go(func() { _, _ = two.CreateDepartment(ctx, org.Department{Name: "below", Parent: d}) })
		wg.Wait()
		if err := one.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		dir := one.Directory()
		if dir.Departments[d] == nil && len(dir.Users)+len(dir.Departments) > 0 {
			t.Fatal("somebody is in a department that is gone")
		}
	}
}

// TestOtherProcessesHear: also of users who are changed in place, as one who is locked out.
func TestOtherProcessesHear(t *testing.T) {
	st, ids := storetest.NewMemory(), newIDs()
	here, there := open(t, st, ids), open(t, st, ids)
	u, err := here.CreateUser(ctx, org.User{Login: "u", Active: true})
	if err != nil {
		t.Fatal(err)
	}
	watching, stop := context.WithCancel(ctx)
	ended := make(chan error)
	go func() { ended <- there.Watch(watching) }()
	until := func(what string, ok func(*org.User) bool) {
		t.Helper()
		for start := time.Now(); time.Since(start) < 10*time.Second; {
			if x := there.Directory().Users[u.ID]; x != nil && ok(x) {
				return
			}
		}
		t.Fatalf("the other process never heard that the user %s", what)
	}
	until("is there", func(x *org.User) bool { return x.Active })
	for i := range 3 {
		name := fmt.Sprint("name", i)
		if _, err := here.UpdateUser(ctx, u.ID, 0, func(x *org.User) error { x.Name = name; return nil }); err != nil {
			t.Fatal(err)
		}
		until("is called "+name, func(x *org.User) bool { return x.Name == name })
	}
	if _, err := here.UpdateUser(ctx, u.ID, 0, func(x *org.User) error { x.Active = false; return nil }); err != nil {
		t.Fatal(err)
	}
	until("is locked out", func(x *org.User) bool { return !x.Active })
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestTree(t *testing.T) {
	o := open(t, storetest.NewMemory(), newIDs())
	r, s := unit(t, o, "R", ""), unit(t, o, "S", "") // several roots
	east, west := unit(t, o, "East", r), unit(t, o, "West", s)
	team := unit(t, o, "Team", east)
	u, err := o.CreateUser(ctx, org.User{Login: "u", Active: true, Department: west})
	if err != nil {
		t.Fatal(err)
	}
	v, err := o.CreateUser(ctx, org.User{Login: "v", Active: true, Department: team})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{east, west} { // leads two, belongs to one
		if _, err := o.UpdateDepartment(ctx, id, 0, func(d *org.Department) error { d.Leader = u.ID; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	d := o.Directory()
	if a, b, c := d.AtLevel(team, 1), d.AtLevel(west, 1), d.AtLevel(r, 1); a != east || b != west || c != "" {
		t.Errorf("level 1: %s %s %q", a, b, c)
	}
	if got := d.Colleagues(u.ID, true); len(got) != 2 {
		t.Errorf("below both that they lead: %v", got)
	}
	if got := d.Colleagues(u.ID, false); len(got) != 1 || got[0] != u.ID {
		t.Errorf("in both that they lead: %v", got)
	}
	for _, id := range []string{r, west, team} {
		if err := o.DeleteDepartment(ctx, id); problem.KindOf(err) != problem.Conflict {
			t.Errorf("deleting what is not empty: %v", err)
		}
	}
	if _, err := o.UpdateUser(ctx, v.ID, 0, func(x *org.User) error { x.Department = "gone"; return nil }); problem.KindOf(err) != problem.Invalid {
		t.Errorf("a department that is not there: %v", err)
	}
	if _, err := o.CreateUser(ctx, org.User{Login: "Ｕ"}); problem.KindOf(err) != problem.Duplicate {
		t.Errorf("the same login in another width: %v", err)
	}
	if _, err := o.UpdateDepartment(ctx, east, 0, func(x *org.Department) error { x.Name = "Ost"; return nil }); err != nil {
		t.Error(err)
	}
	if m, _ := o.Directory().Unit(east); m["name"] != "Ost" {
		t.Errorf("renamed: %v", m)
	}
}
