package transfer

import (
	"context"
	"slices"

	"formwork/engine/org"
	"formwork/schemas/problem"
)

// people undoes what an entry did to users and departments: users who were changed get their old values, those who were
// made and never got a password are shut out, departments that are empty again go.
func (u *undoing) people(ctx context.Context, e *entry) error {
	for _, x := range e.people.rehoused {
		changed := false
		_, err := u.Org.UpdateUser(ctx, x.id, 0, func(p *org.User) error {
			for k, to := range map[string]*string{"name": &p.Name, "login": &p.Login, "email": &p.Email, "phone": &p.Phone,
				"department": &p.Department, "locale": &p.Locale, "timezone": &p.Timezone} {
				if was, ok := x.old[k].(string); ok && *to == x.new[k] {
					*to, changed = was, true
				}
			}
			return nil
		})
		restored := 0
		if err := u.judge(err, string(Users), x.id, &restored); err != nil {
			return err
		}
		if changed {
			u.done.Restored += restored
		}
	}
	for _, id := range e.people.users {
		if p := u.Org.Directory().Users[id]; p == nil || !p.Active && p.Department == "" {
			continue // in an earlier pass
		}
		_, err := u.Org.UpdateUser(ctx, id, 0, func(p *org.User) error {
			if p.Password != "" {
				return problem.Fail(problem.Conflict, "changed-since", "", nil)
			}
			p.Active, p.Department = false, ""
			return nil
		})
		if err := u.judge(err, string(Users), id, &u.done.Removed); err != nil {
			return err
		}
	}
	for _, id := range slices.Backward(e.people.departments) {
		removed := 0
		if err := u.judge(u.Org.DeleteDepartment(ctx, id), string(Departments), id, &removed); err != nil {
			return err
		}
		u.done.Removed, u.removed = u.done.Removed+removed, u.removed+removed
	}
	return nil
}

// judge counts what came of one user or department; what is gone already is no conflict.
func (u *undoing) judge(err error, what, id string, done *int) error {
	switch problem.KindOf(err) {
	case "":
		if err == nil {
			*done++
		}
		return err
	case problem.NotFound:
		return nil
	}
	u.conflict(what, id, "", problem.Of(err))
	return nil
}
