// Package access decides what a user may do with the records of a form: which actions, which rows, which fields.
//
// Floor 1. Deny by default. A Decision is made of the roles a user has and the organisation; rows come out as query
// trees, so that they are part of every query instead of a check behind it. It knows no HTTP and reads no store.
package access

import (
	"slices"

	"formwork/engine/query"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// Role is a role that the user has, and the app that defines it.
type Role struct {
	App string
	Def *definition.Role
}

// Organisation answers who belongs where.
type Organisation interface {
	// Colleagues are the ids of the users in the departments that a user belongs to or leads; with below, also those in
	// departments under them. The user is always among them.
	Colleagues(user string, below bool) []string
}

// Subject is who asks.
type Subject struct {
	User  string
	Admin bool // of the workspace: everything is allowed
	Roles []Role
	// Trusted lifts row scopes and field rights for work of the engine itself (conversion, roll-ups).
	Trusted bool
}

// Target is the form that is asked about.
type Target struct {
	App     string
	Form    string // app.form
	Owner   string // column that tells whose a record is
	Columns query.Columns
	// Qualify turns a form's key as written in an app into app.form.
	Qualify func(app, form string) string
}

// Decision is what a subject may do with a form.
type Decision struct {
	All    bool // everything, everywhere
	rows   map[definition.Action]query.Where
	fields map[string]definition.FieldAccess
	// Owner is the column that tells whose a record is, for this subject.
	Owner string
	roles map[string]bool // role keys of the form's app
}

// Decide compiles a decision. Filters of roles that do not resolve match nothing (publishing checked them; what is left
// depends on the user).
func Decide(s Subject, t Target, org Organisation, env query.Env) *Decision {
	if s.Admin || s.Trusted {
		return &Decision{All: true, Owner: t.Owner}
	}
	d := &Decision{Owner: t.Owner, rows: map[definition.Action]query.Where{}, roles: map[string]bool{}}
	var granted []*definition.FormRight
	for _, r := range s.Roles {
		if r.App == t.App {
			d.roles[r.Def.Key] = true
			if r.Def.Admin {
				d.All = true
			}
		}
		for i := range r.Def.Forms {
			if t.Qualify(r.App, r.Def.Forms[i].Form) == t.Form {
				granted = append(granted, &r.Def.Forms[i])
			}
		}
	}
	if d.All {
		return d
	}
	for _, right := range granted {
		where := rows(right, s.User, t, org, env)
		for _, a := range right.Actions {
			if have, ok := d.rows[a]; ok {
				d.rows[a] = union(have, where)
			} else {
				d.rows[a] = where
			}
		}
	}
	d.fields = fields(granted)
	return d
}

func rows(r *definition.FormRight, user string, t Target, org Organisation, env query.Env) query.Where {
	owner := t.Owner
	if r.OwnerField != "" {
		owner = r.OwnerField
	}
	var w query.Where
	switch r.Rows {
	case "", definition.RowsAll:
	case definition.RowsOwn:
		w = query.Is(owner, user)
	case definition.RowsDepartment:
		w = query.Is(owner, texts(org.Colleagues(user, false))...)
	case definition.RowsSubtree:
		w = query.Is(owner, texts(org.Colleagues(user, true))...)
	default:
		return query.None()
	}
	if len(r.Where) > 0 {
		f, ps := query.ParseFilterJSON(r.Where, "")
		custom, more := query.Resolve(f, t.Columns, env)
		if append(ps, more...).Blocks() {
			return query.None()
		}
		w = query.And(w, custom)
	}
	return w
}

// union is Or, with two lists of owners merged into one.
func union(a, b query.Where) query.Where {
	if a.Leaf != nil && b.Leaf != nil && a.Leaf.Test == query.In && b.Leaf.Test == query.In && a.Leaf.Column == b.Leaf.Column && !a.Leaf.Not && !b.Leaf.Not {
		values := slices.Clone(a.Leaf.Values)
		for _, v := range b.Leaf.Values {
			if !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		return query.Is(a.Leaf.Column, values...)
	}
	return query.Or(a, b)
}

func texts(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

var rank = map[definition.FieldAccess]int{definition.Hidden: 0, definition.Masked: 1, definition.ReadOnly: 2, definition.Writable: 3}

// fields keeps, for every field that some right restricts, the widest access that any right gives. A right that does not
// let its holder read opens no field for reading: it can widen only what a right to read leaves readable.
func fields(granted []*definition.FormRight) map[string]definition.FieldAccess {
	var out map[string]definition.FieldAccess
	for _, r := range granted {
		for _, x := range r.Fields {
			if _, done := out[x.Field]; done {
				continue
			}
			best := widest(granted, x.Field, false)
			if read := widest(granted, x.Field, true); read != "" && rank[read] < rank[definition.ReadOnly] {
				best = read
			}
			if out == nil {
				out = map[string]definition.FieldAccess{}
			}
			out[x.Field] = best
		}
	}
	for name, a := range out {
		if a == definition.Writable {
			delete(out, name)
		}
	}
	return out
}

// widest is the widest access to a field that the rights give, of those to read only if reading; "" when there is none.
func widest(granted []*definition.FormRight, field string, reading bool) definition.FieldAccess {
	var best definition.FieldAccess
	for _, r := range granted {
		if reading && !slices.Contains(r.Actions, definition.Read) {
			continue
		}
		given := definition.Writable
		for _, x := range r.Fields {
			if x.Field == field {
				given = x.Access
			}
		}
		if best == "" || rank[given] > rank[best] {
			best = given
		}
	}
	return best
}

// Can says whether the action is possible at all, on some rows.
func (d *Decision) Can(a definition.Action) bool {
	if d.All {
		return true
	}
	w, ok := d.rows[a]
	return ok && !w.Never
}

// Rows is the filter of the rows that the action covers; it matches nothing where the action is not allowed.
func (d *Decision) Rows(a definition.Action) query.Where {
	if d.All {
		return query.Where{}
	}
	if w, ok := d.rows[a]; ok {
		return w
	}
	return query.None()
}

// Covers says whether the action is allowed on a record as it stands in tree.
func (d *Decision) Covers(a definition.Action, cols query.Columns, tree map[string]any) bool {
	return d.All || query.Eval(d.Rows(a), cols, tree)
}

// Field is how far a field is open.
func (d *Decision) Field(key string) definition.FieldAccess {
	if a, ok := d.fields[key]; ok && !d.All {
		return a
	}
	return definition.Writable
}

// Askable says whether the field may be filtered, sorted, grouped and searched: only what can be read as it is.
func (d *Decision) Askable(key string) bool { return rank[d.Field(key)] >= rank[definition.ReadOnly] }

// Writable says whether the field may be written.
func (d *Decision) Writable(key string) bool { return d.Field(key) == definition.Writable }

// Open says whether every field can be read as it is: records go out as they are stored.
func (d *Decision) Open() bool {
	if d.All {
		return true
	}
	for _, a := range d.fields {
		if rank[a] < rank[definition.ReadOnly] {
			return false
		}
	}
	return true
}

// HasRole says whether the subject has one of the roles of the form's app. Who may do everything has them all.
func (d *Decision) HasRole(keys []string) bool {
	if d.All || len(keys) == 0 {
		return true
	}
	return slices.ContainsFunc(keys, func(k string) bool { return d.roles[k] })
}

// Columns are the columns that the subject may ask of.
func (d *Decision) Columns(cols query.Columns) query.Columns {
	if d.Open() {
		return cols
	}
	out := make(query.Columns, len(cols))
	for k, c := range cols {
		if d.Askable(k) {
			out[k] = c
		}
	}
	return out
}

// Forbid is the failure of an action that the subject may not do.
func Forbid(a definition.Action, form string) error {
	return problem.Fail(problem.Forbidden, "forbidden", "", problem.P{"action": string(a), "form": form})
}

// Any says whether the subject may do anything at all with the form.
func (d *Decision) Any() bool { return d.All || len(d.rows) > 0 }
